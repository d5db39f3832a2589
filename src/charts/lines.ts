import type { Axis } from "./axis";
import { label } from "./label";
import { namedAxis } from "./namedAxis";
import { nameOf } from "./rows";
import { fittedApart } from "./text";

/** What identifies a line of a figure. */
export interface Line {
  /** The heading it is under; empty if there is none. */
  group: string;
  name: string;
  /** A shorter name where a figure has little room beside it, and one for narrow screens. */
  beside?: string;
  short?: string;
}

/** Maximum characters of a name beside a figure; a longer one is cut in the middle. */
export const LONGEST_NAME = 34;
/** The same on a narrow screen, and on paper. */
const [NARROW_NAME, NARROW_GROUP, LONGEST_WHOLE] = [20, 18, 60];

/** Lines placed one below the other, under their groups' headings. */
export interface Lines {
  /** The height of each line, in the order given. */
  y: number[];
  axis: Axis;
  /** The same labels cut for a narrow screen, and whole for paper, where nothing can be pointed at. */
  short: string[];
  whole: string[];
  /** For each label of the axis, the number of its line, or -1 for a heading. */
  at: number[];
}

/** The first of several columns makes the groups; the others make the name within a group. */
export function lineOf(row: Record<string, unknown>, columns: readonly string[]): Line {
  const [first, ...others] = columns.map((column) => nameOf(row[column]));
  return others.length === 0
    ? { group: "", name: first ?? "all" }
    : { group: first!, name: others.join(" · ") };
}

export function fullName({ group, name }: Line): string {
  return group === "" ? name : `${group} · ${name}`;
}

export function linesOf(lines: readonly Line[]): Lines {
  const y: number[] = [];
  const labels: { y: number; text: string; short: string; whole: string; at: number }[] = [];
  // Names that differ stay different.
  const [texts, shorts] = [LONGEST_NAME, NARROW_NAME].map((longest, at) =>
    fittedApart(
      lines.map(({ name, beside = name, short = name }) => (at === 0 ? beside : short)),
      longest,
    ),
  );
  let next = 0;
  lines.forEach(({ group, name }, at) => {
    if (group !== "" && group !== lines[at - 1]?.group) {
      if (at > 0) next -= 0.4;
      labels.push({
        y: next,
        text: `<b>${label(group, 34)}</b>`,
        short: `<b>${wrapped(group, NARROW_GROUP)}</b>`,
        whole: `<b>${label(group, LONGEST_WHOLE)}</b>`,
        at: -1,
      });
      next -= 1;
    }
    const [text, short] = [texts, shorts].map((some) => label(some[at]));
    labels.push({ y: next, text, short, whole: label(name, LONGEST_WHOLE), at });
    y.push(next);
    next -= 1;
  });
  const [places, ticks] = [labels.map((tick) => tick.y), labels.map(({ text }) => text)];
  const axis = {
    ...namedAxis([Math.min(next, -1) + 0.3, 0.7], places, ticks),
    ticklabelstandoff: 6,
  };
  return {
    ...{ y, axis, at: labels.map(({ at }) => at) },
    short: labels.map(({ short }) => short),
    whole: labels.map(({ whole }) => whole),
  };
}

/**
 * A label over as many lines as it takes, of at most so many letters where its words allow that.
 *
 * @example
 * wrapped("not shown to meet them", 18) // "not shown to meet<br>them"
 */
export function wrapped(text: string, longest: number): string {
  const lines = [""];
  for (const word of text.split(" ")) {
    const last = lines[lines.length - 1];
    if (last !== "" && last.length + 1 + word.length > longest) lines.push(word);
    else lines[lines.length - 1] = last === "" ? word : `${last} ${word}`;
  }
  return lines.map((line) => label(line, LONGEST_WHOLE)).join("<br>");
}
