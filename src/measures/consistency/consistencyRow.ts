import { type Estimate, noted } from "../../stats/estimate";
import { icc } from "../../stats/icc";
import { meanInterval } from "../../stats/meanInterval";
import { passOverPrompts } from "../../stats/passOverPrompts";
import { promptAverage } from "../../stats/promptAverage";
import { rateFromSums } from "../../stats/rate";
import { type Reservation, reserve } from "../../stats/reservation";
import type { GroupKey } from "../estimate/ratios";
import { withheld } from "../estimate/withheld";
import type { Row } from "../table";

/** One group of runs. */
export interface RunGroup {
  g: GroupKey;
  by: Row;
  runs: number;
  prompts: number;
  repeated_runs: number;
  repeated_prompts: number;
  /** Repeated runs with a score, the minimum and maximum, and whether all runs' scores are 0 or 1. */
  scores: number;
  least: number | null;
  most: number | null;
  plain: boolean;
  /** Repeated runs from an evaluation. */
  evaluation: number;
  /** Prompts asked once whose run has a score, and those whose run passes. */
  once: number;
  once_passed: number;
  /** True if some output of the group's workloads is JSON or was checked against a schema. */
  json: boolean;
}

/** The sums that the engine returns for one prompt that was asked at least twice. */
export interface PromptSums {
  g: GroupKey;
  prompt: string;
  item: string;
  prompt_version: string | null;
  workload: string | null;
  runs: number;
  scores: number;
  mean: number | null;
  squares: number | null;
  least: number | null;
  most: number | null;
  passes: number;
  lengths: number;
  length_sum: number;
  length_squares: number;
  /** Ordered pairs of runs with the same output, runs with a known output, and distinct outputs. */
  same: number | null;
  hashed: number;
  outputs: number | null;
  json_known: number;
  json_valid: number;
  schema_known: number;
  schema_valid: number;
}

/** How to estimate rows. */
export interface RowSettings {
  level: number;
  seed: number;
  interval: "auto" | "bootstrap";
  /** True if lower scores are better. */
  down: boolean;
  /** True if it is known from which score a run passes. */
  passing: boolean;
  k: readonly number[];
}

/** Says that no run of these has a score. */
export const noScore = reserve("none.have", { units: "runs", what: "score" });

/** The maximum number of prompts times resamples for a split of variance. */
const mostWork = 2e7;

/** The estimates of one group from the sums of its prompts. */
export function consistencyOf(group: RunGroup, prompts: readonly PromptSums[], settings: RowSettings) {
  const { level, seed, down } = settings;
  const scored = prompts.filter(({ scores }) => scores > 0);
  const bounded = scored.length > 0 && (group.least as number) >= 0 && (group.most as number) <= 1;
  const about = { level, seed };
  const shares = (of: (prompt: PromptSums) => number, none: Reservation) =>
    share(prompts.map(of), none, about);
  const average = (of: (prompt: PromptSums) => number | null) => {
    const values = scored.map((prompt) => of(prompt) as number);
    if (values.length === 0) return unmeasured(noScore, level);
    // For pass rates, and for scores that are all the same, a t interval would be too narrow.
    if (bounded && (group.plain || values.every((value) => value === values[0])))
      return byPrompt(promptAverage(values, about));
    const plain = mean(values, settings, bounded ? "1" : "");
    if (!bounded || Number.isNaN(plain.low)) return plain;
    return { ...plain, low: Math.max(0, plain.low), high: Math.min(1, plain.high) };
  };
  const split = icc(
    scored
      .filter(({ scores }) => scores > 1)
      .map(({ scores, mean, squares }) => ({
        runs: scores,
        mean: mean as number,
        squares: squares as number,
      })),
    { ...about, resamples: Math.max(99, Math.min(1_999, Math.floor(mostWork / Math.max(1, scored.length)))) },
  );
  const rate = passRate(group, scored, settings);
  // Over prompts that were run as often, how often one run passes is one number, with one interval.
  const oneRun = isEven(group, scored) && !Number.isNaN(rate.low) ? { ...rate, n: scored.length } : undefined;
  return {
    mean: oneRun !== undefined && group.plain && !down ? oneRun : average(({ mean }) => mean),
    variance_between: byPrompt(split.between),
    variance_within: byPrompt(split.within),
    icc: byPrompt(split.icc),
    pass_rate: rate,
    ...passes(scored, settings, oneRun),
    length_cv: mean(
      prompts.map(lengthSpread),
      settings,
      "1",
      reserve("none.has", { unit: "prompt", what: "two outputs of known length" }),
    ),
    same_output: shares(
      ({ same, hashed }) => (same === null ? Number.NaN : same / (hashed * (hashed - 1))),
      reserve("none.counted", { counted: "output is known" }),
    ),
    distinct_outputs: distinct(prompts),
    json_valid:
      group.json || prompts.every(({ json_known }) => json_known === 0)
        ? shares(
            ({ json_valid, json_known }) => json_valid / json_known,
            reserve("none.says", { what: "is valid JSON" }),
          )
        : unmeasured(reserve("none.json"), level),
    schema_valid: shares(
      ({ schema_valid, schema_known }) => schema_valid / schema_known,
      reserve("none.says", { what: "fits a schema" }),
    ),
    best: average(({ least, most }) => (down ? least : most)),
    worst: average(({ least, most }) => (down ? most : least)),
  };
}

/** True where all prompts were run as often: passing once is then as often over runs as over prompts. */
const isEven = ({ once }: RunGroup, [first, ...others]: readonly PromptSums[]): boolean =>
  once === 0 &&
  first !== undefined &&
  first.scores > 1 &&
  others.every(({ scores }) => scores === first.scores);

/**
 * pass@k and pass^k for every k, over the prompts with at least two runs that have a score, and of these at least k.
 *
 * @param one how often one run passes, where all prompts were run as often
 */
function passes(
  scored: readonly PromptSums[],
  { level, seed, k, passing }: RowSettings,
  one: Estimate | undefined,
) {
  const counts = scored
    .filter(({ scores }) => scores > 1)
    .map(({ scores, passes }) => ({ runs: scores, passes }));
  const most = Math.max(0, ...counts.map(({ runs }) => runs));
  const defined = passing ? k.filter((one) => one <= most) : [];
  const estimate = (kind: "at" | "hat", times: number): Estimate =>
    times === 1 && one !== undefined
      ? one
      : byPrompt(passOverPrompts(counts, times, { of: kind, level, seed }));
  const of = (kind: "at" | "hat"): Record<string, Estimate> =>
    Object.fromEntries(defined.map((times) => [String(times), estimate(kind, times)]));
  return { pass_at: of("at"), pass_hat: of("hat") };
}

/** The share of all runs with a score that pass, those of prompts asked once included. */
function passRate(
  { once, once_passed }: RunGroup,
  scored: readonly PromptSums[],
  { level, passing }: RowSettings,
): Estimate {
  if (!passing) return unmeasured(reserve("none.pass"), level);
  const sum = (of: (runs: number, passes: number) => number) =>
    scored.reduce((total, { scores, passes }) => total + of(scores, passes), 0) +
    once_passed * of(1, 1) +
    (once - once_passed) * of(1, 0);
  const sizeSquares = sum((m) => m ** 2);
  const sums = {
    n: sum((m) => m),
    events: sum((_, e) => e),
    clusters: scored.length + once,
    sizeSquares,
    sizeCubes: sum((m) => m ** 3),
    sizeFourths: sum((m) => m ** 4),
    eventSquares: sum((_, e) => e ** 2),
    products: sum((m, e) => e * m),
    eventSquaresSizes: sum((m, e) => e ** 2 * m),
    eventSizeSquares: sum((m, e) => e * m ** 2),
    eventSquaresSizeSquares: sum((m, e) => (e * m) ** 2),
    eventSizeCubes: sum((m, e) => e * m ** 3),
  };
  return withheld(byPrompt(rateFromSums(sums, { level, counted: "runs" })), sums.n, sizeSquares);
}

/** The coefficient of variation of a prompt's output lengths, from their sums. */
function lengthSpread({ lengths: n, length_sum: sum, length_squares: squares }: PromptSums): number {
  if (n < 2 || sum === 0) return Number.NaN;
  const deviations = Math.max(0, squares - (sum * sum) / n);
  return Math.sqrt(deviations / (n - 1)) / (sum / n);
}

/** The average number of distinct outputs per prompt; NaN if none is known. */
function distinct(prompts: readonly PromptSums[]): number {
  const known = prompts.filter(({ hashed }) => hashed > 1);
  return known.reduce((sum, { outputs }) => sum + (outputs as number), 0) / known.length;
}

function share(values: number[], none: Reservation, about: { level: number; seed: number }): Estimate {
  const known = values.filter((value) => !Number.isNaN(value));
  if (known.length === 0) return unmeasured(none, about.level);
  return byPrompt(promptAverage(values, about));
}

function mean(
  values: number[],
  { level, interval, seed }: RowSettings,
  unit: string,
  none = noScore,
): Estimate {
  const known = values.filter((value) => !Number.isNaN(value));
  if (known.length === 0) return unmeasured(none, level);
  const method = interval === "bootstrap" ? ("bootstrap-bca" as const) : ("auto" as const);
  return byPrompt(meanInterval(known, { level, seed, method, unit, counted: "prompts" }));
}

/** An estimate whose clusters are prompts. */
export const byPrompt = (estimate: Estimate): Estimate => ({ ...estimate, clusterBy: "prompt_id" });

/** The estimate, without a value, of something that the runs do not show. */
export function unmeasured(why: Reservation, level: number): Estimate {
  const none = { value: Number.NaN, low: Number.NaN, high: Number.NaN };
  return { ...none, level, method: "none", n: 0, clusters: 0, clusterBy: "prompt_id", ...noted([why]) };
}
