import type { Axis } from "./axis";
import { label } from "./label";
import { nameOf } from "./rows";

/** What identifies a line of a figure. */
export interface Line {
  /** The heading it is under; empty if there is none. */
  group: string;
  name: string;
  /** The short name, for narrow figures. */
  short?: string;
}

/** Maximum characters of a name beside a figure; a longer one is cut in the middle. */
export const LONGEST_NAME = 34;

/** Lines placed one below the other, under their groups' headings. */
export interface Lines {
  /** The height of each line, in the order given. */
  y: number[];
  axis: Axis;
  /** The same labels cut for a narrow screen. */
  short: string[];
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
  const labels: { y: number; text: string; short: string; at: number }[] = [];
  let next = 0;
  lines.forEach(({ group, name, short = name }, at) => {
    if (group !== "" && group !== lines[at - 1]?.group) {
      if (at > 0) next -= 0.4;
      labels.push({
        y: next,
        text: `<b>${label(group, 34)}</b>`,
        short: `<b>${label(group, 18)}</b>`,
        at: -1,
      });
      next -= 1;
    }
    labels.push({ y: next, text: label(name, LONGEST_NAME), short: label(short, 20), at });
    y.push(next);
    next -= 1;
  });
  const axis: Axis = {
    type: "linear",
    range: [Math.min(next, -1) + 0.3, 0.7],
    tickvals: labels.map((tick) => tick.y),
    ticktext: labels.map(({ text }) => text),
    showgrid: false,
    zeroline: false,
    automargin: true,
    ticks: "",
    ticklabelstandoff: 6,
  };
  return { y, axis, short: labels.map(({ short }) => short), at: labels.map(({ at }) => at) };
}
