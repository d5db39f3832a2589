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
  latency: "slow slowest speed ttft streaming percentile slowness",
  "latency --attainment": "sla slo ttft streaming",
  "latency --between": "hardware infrastructure deployment hosting",
  "latency --by-outcome": "churn conversion satisfaction abandoned",
  "latency --exposure": "wait longest waiting heavy power hit",
  "reliability --fallbacks": "retry retries pay worth down second attempt",
  reliability: "hit limits failing down outage downtime incident availability 429 5xx",
  throughput: "traffic capacity concurrency queue",
  "throughput --load": "at once busy peak concurrency queue saturation",
  trend: "when since slow over time worse drift regression degradation anomaly spike seasonality",
  "trajectories --turns": "people leave quit drop dropout",
  cost: "usage",
  "cost --growth": "expensive dearer rising over time anomaly spike increase",
  "cost --monthly": "budget spending forecast volume active",
  "cost --repriced": "sticker price list savings",
  "cost --tiers": "same quality pareto trade-off cheaper",
  quality: "hallucination accuracy correctness grounding citations satisfaction thumbs feedback",
  "latency --stages": "where time goes spent slow step",
  preferences: "people like prefer arena votes",
  "quality --beside": "middle document needle messy prompts domain",
  "quality --by-length": "long context tokens",
  "quality --controlled": "verbosity long longer answers rated",
  "quality --floor": "effectiveContext long context",
  "quality --pairs": "equally good better than",
  "quality --pipeline": "new prompt version template engineering",
  "quality --raters": "trust human labels people kappa krippendorff interrater annotator",
  "quality --refusals": "policy",
  "quality --slope": "long context",
  "quality --structured": "function calling",
  "quality --validator": "verification guardrail",
  causes: "wrong root reason mistakes",
  consistency: "same answer twice again determinism deterministic flaky reproducible temperature",
  agreement:
    "trust believe lying leaderboard rank correlation spearman kendall weighted_tau regret coin flip",
  "benchmark contamination": "leak train trained test memorised",
  "benchmark tiers": "full saturated saturation",
  choose: "pareto trade-off scorecard weights",
  compare: "new prompt version release upgrade worse better a/b test significance",
  plan: "long test run experiment sample size how many days a/b test significance",
  route: "router tier cascade first escalate cheaper",
  check: "regression gate budget slo sla ci",
  report: "html pdf share stakeholders",
  ingest: "csv parquet langfuse openai otel import redact pii privacy mask",
  formats: "csv parquet langfuse openai otel",
  "evalset build": "redact pii privacy mask sample",
  "evalset review": "human labels annotate",
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
          [otherWords[commandOf(one)] ?? ""],
          [one.about, ...(one.columns ?? [])],
          options.map(([name]) => flagOf(name)),
          [...options.map(([, { about }]) => about), ...one.needs, ...Object.keys(one.parts ?? {})],
        ],
      };
    }),
    ...byHand.map(([name, command]): Entry => {
      const own = command.options.filter(isOwn);
      const texts = [
        [name],
        [otherWords[name] ?? ""],
        [command.description()],
        own.map(({ flags }) => flags),
      ];
      return {
        command: name,
        about: command.description(),
        texts: [...texts, own.map(({ description }) => description)],
      };
    }),
  ];
}

/** Endings that do not change what a word means: "truncated", "truncation". */
const stemOf = (word: string) =>
  word.length <= 4
    ? word
    : word
        .replace(/(y|ies|ied|ying)$/, "[yi]")
        .replace(/(ations?|ions?|ings?|ed|es|s|e)$/, (end) => (word.length - end.length < 3 ? end : ""));

/** Where a word may begin; one of at most three letters is a whole one, so that "slo" is not "slow". */
const startOf = (word: string) =>
  new RegExp(`(^|[^a-z])${stemOf(word)}${word.length > 3 ? "" : "s?(?![a-z])"}`, "i");

/** Where an entry has each of the words: in the first of its texts, the second, ...; -1 if in none. */
const placesIn = ({ texts }: Entry, words: readonly string[]): number[] =>
  words.map((word) => texts.findIndex((some) => some.some((text) => startOf(word).test(text))));

/** Words of a question that say nothing of what is looked for. */
const plain = new Set(
  (
    "a an and any are as at be been by can could did do does for from get gets give gives go goes had happens has have how i if in is it its " +
    "make makes many me much my of often on or our should so than that the their them there they this to us was we were what when where which " +
    "who whose with would you your"
  ).split(" "),
);

/** Most that a search lists. */
const listed = 10;

/** The words of a question, and the commands and views in whose definition most of them occur, best first. */
function ranked(program: Command, asked: string) {
  const said = asked.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  const some = said.filter((word) => !plain.has(word));
  const words = some.length === 0 ? said : some;
  const entries = entriesOf(program).map((entry) => ({ entry, places: placesIn(entry, words) }));
  // A word that few have tells more.
  const telling = words.map((_, at) => {
    const having = entries.filter(({ places }) => places[at] >= 0).length;
    return Math.log((entries.length + 1) / Math.max(1, having));
  });
  const fits = entries.map(({ entry, places }) => ({
    entry,
    words: places.filter((place) => place >= 0).length,
    fit: places.reduce(
      (sum, place, at) => sum + (place < 0 ? 0 : telling[at] * (entry.texts.length - place)),
      0,
    ),
  }));
  const best = Math.max(...fits.map((one) => one.fit));
  // Of an option in full, only those that have it.
  const having = asked.startsWith("--")
    ? fits.filter(({ entry }) => entry.texts[3].some((flags) => flags.split(" ").includes(asked)))
    : [];
  const found = (having.length > 0 ? having : fits)
    .filter((one) => one.fit > 0 && (words.length === 1 || one.fit >= best / 2))
    .sort((a, b) => b.fit - a.fit);
  return { words, isWhole: found[0]?.words === words.length, found };
}

/** The commands that another word is known to stand for, of one group if it is given: `one" or "other`. */
export function namedAlso(program: Command, word: string, group = ""): string | undefined {
  const known = entriesOf(program).filter(({ command }) => command.startsWith(group));
  const found = known.filter(({ texts }) => texts[1].some((some) => some.split(" ").includes(word)));
  return found.length === 0 ? undefined : found.map(({ command }) => command).join('" or "');
}

/** The commands and views in whose definition most of the words occur, best first; undefined if none has any. */
export function foundIn(program: Command, asked: string): string | undefined {
  const { words, isWhole, found } = ranked(program, asked);
  if (found.length === 0) return undefined;
  const lead = isWhole ? [] : [`None has all of "${words.join(" ")}"; nearest first:`];
  const rest =
    found.length > listed ? [`  and ${found.length - listed} more; another word narrows this down`] : [];
  const items = found.slice(0, listed).map(({ entry }): Item => {
    const columns = entry.texts[2].slice(1).filter((one) => words.some((word) => startOf(word).test(one)));
    const where = columns.length === 0 ? "" : ` (column ${columns.slice(0, 2).join(", ")})`;
    return [`fieldnotes ${entry.command}`, `${entry.about}${where}`];
  });
  return [...lead, ...itemLines(items, 36), ...rest].join("\n");
}

/** Words of the definitions that are nearest to one that is in none. */
export function nearestWords(program: Command, asked: string): string[] {
  const words = entriesOf(program).flatMap(({ texts }) =>
    texts.slice(0, 4).flatMap(
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
