import { clusterNames } from "../facts/cluster";
import { checkRule } from "../facts/outcomes";
import type { SelectOptions, SelectRequest } from "../facts/request";
import { checkCount, checkLevel } from "../stats/checks";
import type { MeasureOption, Words } from "./measure";

/** The options of every measure: which calls, how they are grouped, and the confidence of the intervals. */
export interface MeasureOptions extends SelectOptions {
  /** Confidence of the intervals. Default 0.95. */
  level?: number;
  /**
   * "auto" (default): the best kind of interval for each number. "bootstrap": a bootstrap interval for every
   * number.
   */
  interval?: "auto" | "bootstrap";
  /** Random seed, a whole number >= 0. Default 1. */
  seed?: number;
}

/** The options of every measure as they were asked for, checked but for what only the store can tell. */
export type MeasureRequest = SelectRequest<MeasureOptions>;

/** The option that names whose row a task counts for: only tables of tasks show it in their help. */
export const creditOption = {
  value: "<which>",
  about:
    "the answering call that names the row a task counts for; of a conversation's outcome also all rows that answered in it",
  choices: ["first", "last", "all"],
  default: "first",
} as const satisfies MeasureOption;

/** The option that declares what resolves a conversation: only tables of conversations show it in their help. */
export const ruleOption = {
  value: "<rule>",
  about:
    "what resolves a conversation: logged, left-after-failure (unless its last answer failed), left-midway (unless that was cancelled, cut off or waited for a tool), came-back (unless the user begins another of the workload within a day), score:NAME (if its last is above 0.5) or no-score:NAME (unless one is)",
  default: "logged",
  check: checkRule,
} as const satisfies MeasureOption;

/** The options of every measure that a command lists only where it names them itself. */
export const listedByFew: readonly (keyof MeasureOptions)[] = ["credit", "outcomeRule"];

/** The options of every measure, as its command has them. An option that is added here is in every request. */
export const sharedOptions: Readonly<Record<keyof MeasureOptions, MeasureOption>> = {
  by: {
    value: "<columns>",
    about: "columns to group by (default: workload,model, whichever is filled)",
  },
  where: { value: "<predicate>", about: "only calls that meet this SQL predicate" },
  candidate: {
    value: "<columns>",
    about: "columns that define a candidate, such as provider,model (default: model)",
  },
  level: { value: "<share>", about: "confidence of the intervals", as: "number", default: 0.95 },
  seed: { value: "<number>", about: "random seed", as: "whole", default: 1 },
  timezone: { value: "<name>", about: "time zone of dates, days and hours", default: "UTC" },
  cluster: {
    value: "<unit>",
    about: "the unit of independence",
    as: "cluster",
    choices: clusterNames,
    default: "auto",
  },
  interval: {
    value: "<kind>",
    about: "each number's best interval, or a bootstrap interval for all",
    choices: ["auto", "bootstrap"],
    default: "auto",
  },
  credit: creditOption,
  outcomeRule: ruleOption,
};

/** The words of what is not about calls: without them, there is nothing to join, to cluster or to credit. */
export const notOfCalls = {
  candidate: false,
  timezone: false,
  cluster: false,
  interval: false,
  credit: false,
  outcomeRule: false,
  join: false,
} as const satisfies Words;

/** Throws for an option that a function does without. */
export function refuseWithout(caller: string, words: Words = {}, options: MeasureOptions): void {
  for (const name of sharedNames)
    if (words[name] === false && options[name] !== undefined)
      throw new RangeError(`${caller} has no option "${name}": it would change nothing`);
}

/** Throws for what is said of conversations where they are not the grain: it would change nothing. */
export function checkOfConversations(
  caller: string,
  own: { grain?: unknown; score?: unknown },
  { credit, outcomeRule = "logged" }: MeasureOptions,
): void {
  const given = [
    ...(credit === "all" ? ['credit "all"'] : []),
    ...(outcomeRule === "logged" ? [] : [`outcomeRule "${outcomeRule}"`]),
  ];
  if (own.grain === undefined || given.length === 0) return;
  if (own.grain !== "conversation")
    throw new RangeError(
      `${caller} requires grain "conversation" with ${given[0]}, which is about whole conversations`,
    );
  const { score = "resolved" } = own;
  if (score !== "resolved")
    throw new RangeError(`${caller} requires score "resolved" with ${given[0]}, got "${String(score)}"`);
}

export const sharedNames = Object.keys(sharedOptions) as (keyof MeasureOptions)[];

/** The request in a measure's options. */
export function requestOf(measure: string, options: MeasureOptions): MeasureRequest {
  const { level = 0.95, seed = 1, interval = "auto", credit = "first" } = options;
  checkLevel(measure, level);
  checkCount(measure, "seed", seed);
  for (const [name, given] of Object.entries({ interval, credit })) {
    const choices = sharedOptions[name as "interval" | "credit"].choices as readonly string[];
    if (!choices.includes(given)) {
      const rule = choices.map((choice) => `"${choice}"`).join(" or ");
      throw new RangeError(`${measure} requires ${name} ${rule}, got "${String(given)}"`);
    }
  }
  if (options.outcomeRule !== undefined) checkRule(measure, options.outcomeRule);
  const given = sharedNames.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]]));
  return Object.fromEntries(given) as MeasureRequest;
}
