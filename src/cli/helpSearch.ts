import type { Command } from "commander";
import { commandOf, flagOf, functionOf } from "../measures/measure";
import { measures } from "../measures/measures";
import { edits, nearest } from "../store/nearest";
import { spelled } from "./commandWords";
import { commandsOf, isOwn } from "./help";
import { type Item, itemLines } from "./helpText";

/** What can be asked for, and the texts in which a word of it may be, the telling ones first. */
interface Entry {
  command: string;
  about: string;
  texts: readonly (readonly string[])[];
}

/** Words for what a command answers that its definition has not, by command. */
const otherWords: Readonly<Record<string, string>> = {
  quality: "hallucination accuracy correctness grounding",
  trend: "drift regression degradation",
  check: "regression gate budget slo",
  reliability: "outage downtime incident availability",
  "cost --monthly": "budget spending forecast",
  "quality --floor": "effectiveContext",
  agreement: "correlation spearman kendall weighted_tau",
};

/** Every command and view, with its texts from the definitions. */
function entriesOf(program: Command): Entry[] {
  const known = new Set(measures.map(commandOf));
  const byHand = commandsOf(program)
    .filter((command) => command.parent !== program || command.name() !== "help")
    .map((command) => [spelled(command), command] as const)
    .filter(([name]) => !known.has(name));
  return [
    ...measures.map((one): Entry => {
      const options = Object.entries(one.options ?? {});
      return {
        command: commandOf(one),
        about: one.about,
        texts: [
          [commandOf(one), functionOf(one)],
          [one.about, ...(one.columns ?? [])],
          options.map(([name]) => flagOf(name)),
          [...options.map(([, { about }]) => about), ...one.needs, ...Object.keys(one.parts ?? {})],
          [otherWords[commandOf(one)] ?? ""],
        ],
      };
    }),
    ...byHand.map(([name, command]): Entry => {
      const own = command.options.filter(isOwn);
      const texts = [[name], [command.description()], own.map(({ flags }) => flags)];
      return {
        command: name,
        about: command.description(),
        texts: [...texts, own.map(({ description }) => description), [otherWords[name] ?? ""]],
      };
    }),
  ];
}

/** Endings that do not change what a word means: "truncated", "truncation". */
const stemOf = (word: string) =>
  word.length <= 4
    ? word
    : word.replace(/(ations?|ions?|ings?|ed|es|s|e)$/, (end) => (word.length - end.length < 3 ? end : ""));

/** How well an entry fits all words that were asked; 0 if one is missing. */
function fit({ texts }: Entry, words: readonly string[]): number {
  const ofWords = words.map((word) => {
    const start = new RegExp(`(^|[^a-z])${stemOf(word)}`, "i");
    const place = texts.findIndex((some) => some.some((text) => start.test(text)));
    return place < 0 ? 0 : texts.length - place;
  });
  return ofWords.includes(0) ? 0 : ofWords.reduce((sum, one) => sum + one, 0);
}

/** Most that a search lists. */
const listed = 10;

/** The commands and views in whose definition words occur, best first; undefined if there is none. */
export function foundIn(program: Command, asked: string): string | undefined {
  const words = asked.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  const found = entriesOf(program)
    .map((entry) => ({ entry, fit: fit(entry, words) }))
    .filter((one) => one.fit > 0)
    .sort((a, b) => b.fit - a.fit);
  if (words.length === 0 || found.length === 0) return undefined;
  const rest =
    found.length > listed ? [`  and ${found.length - listed} more; another word narrows this down`] : [];
  const items = found.slice(0, listed).map(({ entry }): Item => {
    const columns = entry.texts[1].slice(1).filter((one) => fit({ ...entry, texts: [[one]] }, words) > 0);
    const where = columns.length === 0 ? "" : ` (column ${columns.slice(0, 2).join(", ")})`;
    return [`fieldnotes ${entry.command}`, `${entry.about}${where}`];
  });
  return [...itemLines(items, 36), ...rest].join("\n");
}

/** Words of the definitions that are nearest to one that is in none. */
export function nearestWords(program: Command, asked: string): string[] {
  const words = entriesOf(program).flatMap(({ texts }) =>
    texts.slice(0, 3).flatMap(
      (some) =>
        some
          .join(" ")
          .toLowerCase()
          .match(/[a-z]{3,}/g) ?? [],
    ),
  );
  // Of a short word, most others are a few letters away.
  const most = asked.length <= 3 ? 0 : asked.length <= 5 ? 1 : 2;
  return nearest(asked, [...new Set(words)], 3).filter((word) => edits(asked.toLowerCase(), word) <= most);
}
