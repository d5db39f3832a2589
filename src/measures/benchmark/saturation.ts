import { type Claim, claim, exactly } from "../../stats/claim";
import { defined } from "../../stats/defined";
import type { Estimate } from "../../stats/estimate";
import type { Store } from "../../store/open";
import type { Keyed, Table } from "../table";
import { matchNames } from "./benchmarkNames";
import { benchmarks, benchmarksOf } from "./benchmarkScores";
import { NO_TIERS } from "./tierInput";
import { pooledTierTable, type TierTable } from "./tiers";

/** How well one benchmark can still tell models apart. */
export type SaturationRow = Keyed<{
  benchmark: string;
  /** Models with a score. */
  models: number;
  /** The best score. */
  best: Estimate;
  tiers: number;
  /** Share of pairs of models whose intervals do not overlap. */
  separability: number;
  /** Models in the first tier, which the benchmark cannot tell from its best; NaN without tiers. */
  in_first_tier: number;
  /** The highest possible score minus the best one; only for shares. */
  headroom?: number;
  verdict: "ranks" | "cannot rank" | "cannot tell";
  /** That some two of its models differ, and how far that stands. */
  claim: Claim;
}>;

/** Which benchmarks and models to look at. */
export interface SaturationOptions {
  /** Benchmarks in the store. Default: all. */
  benchmark?: string | readonly string[];
  /** Only these models, such as those in production. Default: all with a score. */
  models?: readonly string[];
  /** Confidence, over all pairs at once. Default 0.95. */
  level?: number;
  /** Random seed. Default 1. */
  seed?: number;
}

/**
 * Which benchmarks can still tell models apart: tiers, separability and headroom of each.
 *
 * The verdict is "cannot rank" if no two models differ significantly, and "cannot tell" without standard errors or a
 * number of items.
 *
 * @returns a row for each benchmark; scores in its own unit
 * @throws RangeError for a benchmark that the store does not have
 * @example
 * const store = await openDemo();
 * const { rows } = await saturation(store);
 * `${rows[0].benchmark} ${rows[0].tiers} ${rows[0].verdict}` // "arena-rating 5 ranks"
 */
export async function saturation(
  store: Store,
  options: SaturationOptions = {},
): Promise<Table<SaturationRow>> {
  const { models, level = 0.95 } = options;
  const { boards, missing } = await leaderboards(store, options);
  const rows = boards.map(({ benchmark, table }): SaturationRow => {
    // How many pairs of models differ: one or more, at all pairs together.
    const apart = exactly(table.distinguishable, level);
    return defined({
      benchmark,
      models: table.rows.length,
      best: table.rows[0].score,
      tiers: table.tiers,
      separability: table.separability,
      in_first_tier: Number.isNaN(table.tiers) ? NaN : table.rows.filter(({ tier }) => tier === 1).length,
      headroom: table.headroom,
      verdict: Number.isNaN(table.tiers) ? "cannot tell" : table.tiers === 1 ? "cannot rank" : "ranks",
      claim: claim("saturation.ranks", "differs", [{ estimate: apart, end: "low", holds: (x) => x > 0 }]),
    });
  });
  const flat = rows.filter(({ verdict }) => verdict === "cannot rank").map((row) => row.benchmark);
  return {
    measure: "saturation",
    by: ["benchmark"],
    rows,
    notes: [
      ...(flat.length > 0 ? [`Cannot rank these models: ${flat.join(", ")}.`] : []),
      ...(rows.length > 0 && rows.every(({ verdict }) => verdict === "cannot tell") ? [NO_TIERS] : []),
      ...(missing.length > 0 ? [`Not on these benchmarks: ${missing.join(", ")}.`] : []),
      ...(rows.length === 0
        ? [
            models === undefined
              ? "No benchmark in the store has two models with a score."
              : "No benchmark in the store has two of these models with a score.",
          ]
        : []),
    ],
  };
}

/** The tiers of every leaderboard with two models or more, and those of `models` that are on none. */
export async function leaderboards(
  store: Store,
  { benchmark, models, level, seed }: SaturationOptions = {},
): Promise<{ boards: { benchmark: string; table: TierTable }[]; missing: string[] }> {
  const all = benchmarksOf("saturation", await benchmarks(store), benchmark);
  const known = [...new Set(all.flatMap(({ scores }) => scores.map(({ model }) => model)))];
  const found = matchNames(models ?? [], known);
  const boards = all.flatMap((one) => {
    const wanted =
      models &&
      new Set(
        matchNames(
          models,
          one.scores.map(({ model }) => model),
        ).filter(Boolean),
      );
    const scores = one.scores.filter(({ model }) => wanted?.has(model) ?? true);
    if (scores.length < 2) return [];
    const isShare = one.of !== undefined && scores.some(({ items }) => items >= 1);
    const table = pooledTierTable(scores, {
      ...{ lowerIsBetter: !one.higherIsBetter, ceiling: isShare ? one.of : undefined, level, seed },
    });
    return [{ benchmark: one.benchmark, table }];
  });
  return { boards, missing: (models ?? []).filter((_, at) => found[at] === undefined) };
}
