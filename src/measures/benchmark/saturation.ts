import { type Claim, claim, exactly } from "../../stats/claim";
import { defined } from "../../stats/defined";
import type { Estimate } from "../../stats/estimate";
import { counted } from "../../stats/text";
import type { Store } from "../../store/open";
import { defineMeasure, type OptionsOf } from "../define";
import { valueOption } from "../measure";
import { notOfCalls } from "../options";
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
 * const { rows } = await benchmarkTiers(store);
 * `${rows[0].benchmark} ${rows[0].tiers} ${rows[0].verdict}` // "arena-rating 5 ranks"
 */
export const benchmarkTiers = defineMeasure({
  name: "benchmark tiers",
  was: "tiers",
  about: "how many tiers a leaderboard really has, and the ranks that each model may have",
  needs: ["benchmarks"],
  ownCommand: true,
  words: { ...notOfCalls, by: false, where: false, level: "confidence, over all pairs of models at once" },
  options: {
    benchmark: {
      value: "<name>",
      about: "a benchmark of the store, or of the files given (tiers: default all)",
      as: "names",
    },
    models: valueOption<readonly string[]>(
      "only these models, such as those in production (default: all with a score)",
    ),
  },
  async compose({ store, options }): Promise<Table<SaturationRow>> {
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
    const again = boards.flatMap(({ benchmark, several }) =>
      several === 0 ? [] : `${benchmark} (${counted(several, "model")})`,
    );
    const flat = rows.filter(({ verdict }) => verdict === "cannot rank").map((row) => row.benchmark);
    return {
      measure: "benchmark tiers",
      by: ["benchmark"],
      rows,
      notes: [
        ...(flat.length > 0 ? [`Cannot rank these models: ${flat.join(", ")}.`] : []),
        ...(again.length > 0
          ? [
              `Several scores of a model count as their mean, and how they differ is in the error of all models: ${again.join(", ")}. Where they are settings of the model, name them apart.`,
            ]
          : []),
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
  },
});

/** Which benchmarks and models to look at. */
export type SaturationOptions = OptionsOf<typeof benchmarkTiers>;

/** The tiers of every leaderboard with two models or more, and those of `models` that are on none. */
export async function leaderboards(
  store: Store,
  { benchmark, models, level, seed }: SaturationOptions = {},
): Promise<{ boards: { benchmark: string; table: TierTable; several: number }[]; missing: string[] }> {
  const all = benchmarksOf("benchmarkTiers", await benchmarks(store), benchmark);
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
    const several = scores.filter(({ runs }) => runs > 1).length;
    return [{ benchmark: one.benchmark, table, several }];
  });
  return { boards, missing: (models ?? []).filter((_, at) => found[at] === undefined) };
}
