import { type Claim, type ClaimOptions, isSettled } from "../../stats/claim";
import { defined } from "../../stats/defined";
import { type Estimate, noted } from "../../stats/estimate";
import { firstClaim } from "../../stats/rankClaim";
import { reserve } from "../../stats/reservation";
import { runDegrees } from "../../stats/runSpread";
import { levelText, percent } from "../../stats/text";
import { tiers } from "../../stats/tiers";
import type { Store } from "../../store/open";
import type { Keyed, Table } from "../table";
import { matchNames } from "./benchmarkNames";
import { type PooledScore, shareOf } from "./benchmarkPool";
import { benchmarkOf, benchmarks } from "./benchmarkScores";
import { fromPooled, type TierScore, type Uncertain, uncertain } from "./tierInput";

export type { TierScore } from "./tierInput";

/** How to form tiers. */
export interface TierOptions {
  /** Whether lower is better. Default false. */
  lowerIsBetter?: boolean;
  /**
   * The highest possible score, for the headroom. Default: 1 or 100 if numbers of items show that the scores are
   * shares.
   */
  ceiling?: number;
  /** Confidence, over all pairs at once. Default 0.95. */
  level?: number;
  /** Seed of the draws of the largest difference. Default 1. */
  seed?: number;
}

/** Which leaderboard in a store to look at. */
export interface BenchmarkTierOptions extends TierOptions {
  /** Its name in the table of benchmarks. */
  benchmark: string;
  /** The models to look at. Default: all on it. */
  models?: readonly string[];
}

/** One model of a leaderboard. */
export type TierRow = Keyed<{
  model: string;
  /** The score with its own interval. */
  score: Estimate;
  /** The ranks the model may truly have, 1 the best. */
  rank_low: number;
  rank_high: number;
  /** 1 the best; NaN if no tier can be found. */
  tier: number;
  /** That it is the first of all, or that it is not, and how far that stands. */
  claim: Claim;
}>;

/** A leaderboard, and how well it can tell models apart. */
export interface TierTable extends Table<TierRow> {
  /**
   * The length of the longest chain of models, each significantly above the next; NaN if no standard errors are known.
   */
  tiers: number;
  /** Share of pairs whose own intervals do not overlap. */
  separability: number;
  /** Share of pairs that differ significantly, all pairs at once. */
  distinguishable: number;
  /** The highest possible score minus the best score, in the score's unit; absent if unknown. */
  headroom?: number;
}

/**
 * How many tiers a leaderboard really has, and the ranks that each model may have.
 *
 * In: one score per model with draws, bounds, a standard error or a number of items; several scores of a model are
 * pooled, and their variation from run to run enters the error of all models. Out: rows, best first. Separability is
 * the share of pairs of models whose own intervals do not overlap; ranks hold for all models at once. With several runs
 * models may vary differently from run to run: each is judged by its own runs and by those of all, where how often a model
 * ran may have to do with how much it varies. Those of one run
 * borrow the others' variance, so that what is said of them leads only if theirs is alike. Of 12 equal models a rank set was
 * false in 6 of 100 simulated leaderboards where two varied three times as much as the others, and in 2 where the six that
 * varied most ran twice and the others ten times.
 *
 * @remarks Methods: see `tiers` and `rankSets`; simulated in docs/simulations/ranks.md.
 * @throws RangeError for an invalid level
 * @example
 * tierTable([{ model: "a", score: 90, error: 1 }, { model: "b", score: 80, error: 1 }]).tiers // 2
 */
export function tierTable(scores: readonly TierScore[], options: TierOptions = {}): TierTable {
  return tableOf(uncertain(scores), options);
}

/** The same for scores that are pooled, each with what its runs share and what they do not. */
export function pooledTierTable(scores: readonly PooledScore[], options: TierOptions = {}): TierTable {
  return tableOf(
    fromPooled(
      scores.map((one) => ({ ...one, items: Number.NaN })),
      [],
    ),
    options,
  );
}

function tableOf({ models, input, how, notes }: Uncertain, options: TierOptions): TierTable {
  const { lowerIsBetter = false, level = 0.95, seed = 1 } = options;
  const of = how === "wilson" ? shareOf(models.map(({ score }) => score)) : undefined;
  const scale = of ?? 1;
  const found = tiers(input, { lowerIsBetter, level, seed });
  const known = how !== "none";
  const degrees = input.runs === undefined ? Number.NaN : runDegrees(input.runs);
  const few = degrees < FEW_DEGREES ? degrees : undefined;
  const once = input.runs === undefined ? 0 : models.filter(({ runs }) => runs === 1).length;
  const claiming: ClaimOptions = once > 0 ? { needs: ["runs-alike"] } : {};
  const rows: TierRow[] = models.map((one, at) => ({
    model: one.model,
    score: {
      value: one.score,
      low: known ? found.low[at] * scale : Number.NaN,
      high: known ? found.high[at] * scale : Number.NaN,
      level,
      method: how,
      n: Number.isFinite(one.items) ? one.items : one.runs,
      clusters: Number.isFinite(one.items) ? one.items : one.runs,
      clusterBy: Number.isFinite(one.items) ? "item" : "",
      ...(one.draws === undefined ? {} : { resamples: one.draws.length }),
      ...noted([
        known ? undefined : reserve("none.error"),
        few === undefined ? undefined : reserve("few.runs", { degrees: few }),
      ]),
    },
    rank_low: found.ranks[at].low,
    rank_high: found.ranks[at].high,
    tier: known ? found.tier[at] : Number.NaN,
    claim: known
      ? firstClaim(
          "leaderboard",
          { rank_low: found.ranks[at].low, rank_high: found.ranks[at].high },
          [],
          claiming,
        )
      : firstClaim("leaderboard", { rank_low: Number.NaN, rank_high: Number.NaN }, [reserve("none.error")]),
  }));
  const sign = lowerIsBetter ? 1 : -1;
  rows.sort((a, b) => sign * (a.score.value - b.score.value) || (a.model < b.model ? -1 : 1));
  const ceiling = options.ceiling ?? of;
  const best = rows[0];
  const headroom =
    ceiling === undefined || lowerIsBetter || best === undefined ? undefined : ceiling - best.score.value;
  return defined({
    measure: "benchmark tiers",
    by: ["model"],
    tiers: known ? found.tiers : Number.NaN,
    separability: known ? found.separability : Number.NaN,
    distinguishable: known ? found.distinguishable : Number.NaN,
    headroom,
    rows,
    notes: [
      ...notes,
      ...(few === undefined ? [] : [fewRuns(few)]),
      ...(once === 0 ? [] : [ranOnce(once)]),
      ...unsure(known, rows),
      ...said(known, found, rows, level),
      ...room(headroom, ceiling, best),
    ],
  });
}

/**
 * The same for a benchmark in the store: the newest score of each model, scores from the same date pooled.
 *
 * @throws RangeError for a benchmark that the store does not have, or models none of which is on it
 * @example
 * const store = await openDemo();
 * (await tiersOfBenchmark(store, { benchmark: "general-knowledge" })).tiers // 6
 */
export async function tiersOfBenchmark(
  store: Store,
  { benchmark, models, ...options }: BenchmarkTierOptions,
): Promise<TierTable> {
  const found = benchmarkOf("tiers", await benchmarks(store), benchmark);
  const all = found.scores.map(({ model }) => model);
  const wanted = models && new Set(matchNames(models, all));
  const scores = found.scores.filter(({ model }) => wanted?.has(model) ?? true);
  if (models !== undefined && scores.length === 0)
    throw new RangeError(
      `tiers requires models that ${benchmark} has, got ${models.join(", ") || "none"}; it has ${all.sort().join(", ")}`,
    );
  return pooledTierTable(scores, {
    ...options,
    lowerIsBetter: options.lowerIsBetter ?? !found.higherIsBetter,
    ceiling: options.ceiling ?? (scores.some(({ items }) => items >= 1) ? found.of : undefined),
  });
}

/** Degrees of freedom of the variance from run to run below which these few runs decide what can be told apart. */
const FEW_DEGREES = 5;

const fewRuns = (degrees: number): string =>
  `The few runs decide: how scores vary from run to run rests on ${degrees === 1 ? "1 degree" : `${degrees} degrees`} of freedom, and more runs would tell more models apart.`;

const ranOnce = (models: number): string =>
  `${models === 1 ? "1 model" : `${models} models`} ran once: the ranks hold if their scores vary from run to run as those of the models that ran several times. Two runs of each would show it.`;

/** Notes how many scores have no error although others do. */
function unsure(known: boolean, rows: readonly TierRow[]): string[] {
  const open = rows.filter(({ score }) => !Number.isFinite(score.low) || !Number.isFinite(score.high)).length;
  if (!known || open === 0) return [];
  return [
    `${open} of ${rows.length} models have a score without an error: none of them can be distinguished from another, and any may be first.`,
  ];
}

/** Settled, or but for what a note of its own says. */
const isStated = (claim: Claim): boolean => isSettled(claim) || claim.status === "leads if";

function said(
  known: boolean,
  found: { tiers: number; separability: number },
  rows: readonly TierRow[],
  level: number,
): string[] {
  if (!known || rows.length < 2) return [];
  if (found.tiers === 1)
    return ["One tier: these scores cannot rank these models, since no two of them differ significantly."];
  const top = rows.filter(({ tier }) => tier === 1);
  const first =
    top.length > 1
      ? `${top.length} models share the first tier`
      : isStated(top[0].claim)
        ? `${top[0].model} is in the first tier alone`
        : `${top[0].model} is in the first tier alone, but not shown to be above each of the others`;
  return [
    `${found.tiers} tiers over ${rows.length} models: ${first}. The ranks hold for all models at once with ${levelText(level)}.`,
    `The intervals of ${percent(found.separability, 4)} of the pairs of models do not overlap.`,
  ];
}

function room(
  headroom: number | undefined,
  ceiling: number | undefined,
  best: TierRow | undefined,
): string[] {
  if (headroom === undefined || best === undefined) return [];
  const half = (best.score.high - best.score.low) / 2;
  const against =
    Number.isFinite(half) && half > 0
      ? `, ${(headroom / half).toFixed(1)} times the half-width of its interval`
      : "";
  return [
    `The best score is ${Number(headroom.toPrecision(3))} below the highest possible, ${ceiling}${against}.`,
  ];
}
