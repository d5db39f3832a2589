import type { DuckDBConnection } from "@duckdb/node-api";
import { rowsOf, run } from "../../store/run";
import { statements } from "../../store/statements";
import type { StratumSum } from "./mixCells";
import {
  type Ladder,
  ladderQuantile,
  type Margin,
  meanMargin,
  quantileMargin,
  rateMargin,
} from "./mixMargin";
import { type G, groupBy, type Keyed, keyOf, type MixMetric, steady } from "./mixMetric";
import type { Spread } from "./mixSpread";
import { type Four, type Standard, weightOf } from "./mixStandard";
import { stratumSums } from "./mixSums";
import { basesOf, belowThresholds, type UnitBase, waitsView } from "./mixUnits";

const sql = statements(__dirname, "mix.sql");

const names = ["a", "b", "k", "t"] as const;

/** The waits of a group, as they are and at one mix. */
export type Ladders = Four<Ladder>;

/** The waits of every group as histograms, and the sums of calls below their quantiles. */
export interface BelowQuantiles {
  of: Map<string, Ladders>;
  sums: StratumSum[];
  bases: UnitBase[];
}

/** Reads the histograms of waits, and sums the calls below their quantiles. */
export async function laddersOf(
  connection: DuckDBConnection,
  metrics: readonly MixMetric[],
  groups: readonly G[],
  { standards, copied }: { standards: ReadonlyMap<string, Standard>; copied: boolean },
): Promise<BelowQuantiles> {
  const wanted = metrics.filter((metric) => metric.of !== undefined);
  if (wanted.length === 0) return { of: new Map(), sums: [], bases: [] };
  const bases = new Set(wanted.map(({ of }) => of?.metric as string));
  const pairs = groups.flatMap((g) => [...bases].map((metric) => ({ g, metric, key: keyOf({ g, metric }) })));
  const shares = pairs.flatMap(({ g, metric, key }) => {
    const standard = standards.get(key);
    return [...(standard?.cellOf.keys() ?? [])].flatMap((stratum) => {
      const weight = standard && weightOf(standard, stratum);
      return weight === undefined ? [] : [{ metric, g: String(g), stratum, ...weight }];
    });
  });
  await run(connection, waitsView([...bases]));
  await run(connection, sql.shares, { shares: JSON.stringify(shares) });
  const buckets = groupBy(
    await rowsOf<Keyed & { x: number; censored: boolean } & Four>(connection, sql.histogram),
  );
  const ladders = new Map([...buckets].map(([key, rows]) => [key, ladderOf(rows)]));
  const thresholds = groups.flatMap((g) =>
    wanted.flatMap(({ name, of }) => {
      const { metric, p } = of as NonNullable<MixMetric["of"]>;
      const [ladder, standard] = [ladders.get(keyOf({ g, metric })), standards.get(keyOf({ g, metric }))];
      if (ladder === undefined || standard === undefined) return [];
      const at = names.map((one) => [one, ladderQuantile(ladder[one], standard.units[one], p)] as const);
      return [{ name, metric, g: String(g), ...Object.fromEntries(at) }];
    }),
  );
  await run(connection, sql.thresholds, { thresholds: JSON.stringify(thresholds) });
  const below = wanted.map(({ name, of }) => ({ name, wait: of?.metric as string }));
  const own = await basesOf(connection, belowThresholds(below));
  return { of: ladders, sums: await stratumSums(connection, own, copied), bases: own };
}

function ladderOf(rows: readonly ({ x: number; censored: boolean } & Four)[]): Ladders {
  const one = (name: keyof Four): Ladder => {
    const weights = rising(rows.map((row) => row[name]));
    const own = rows.flatMap(({ x, censored }, at) => ({ x, censored, weight: weights[at] }));
    const some = own.filter(({ weight }) => weight > 0);
    return {
      x: some.map(({ x }) => x),
      weights: some.map(({ weight }) => steady(weight)),
      censored: some.map(({ censored }) => censored),
    };
  };
  return { a: one("a"), b: one("b"), k: one("k"), t: one("t") };
}

/**
 * Turns weights into non-negative ones (some are below 0 if a regression reaches beyond a side's own
 * lengths): sorts their running sums in ascending order, from 0 to the total.
 *
 * Rearrangement: Chernozhukov, Fernandez-Val & Galichon (2010), doi:10.3982/ECTA7880.
 */
function rising(weights: readonly number[]): readonly number[] {
  if (weights.every((weight) => weight >= 0)) return weights;
  let sum = 0;
  const sums = Float64Array.from(weights, (weight) => (sum += weight))
    .map((one) => Math.min(sum, Math.max(0, one)))
    .sort();
  return Array.from(sums, (one, at) => one - (at === 0 ? 0 : sums[at - 1]));
}

/** The margins of a metric's values. */
export function marginsOf(
  { kind, of }: MixMetric,
  { values, units, even }: Standard,
  spread: Spread,
  ladders: Ladders | undefined,
  level: number,
): Four<Margin> {
  const one = (name: keyof Four) => {
    const variance = spread.variance({ [name]: 1 });
    const side = name === "a" || name === "k" ? 0 : 1;
    if (of !== undefined && ladders !== undefined)
      return quantileMargin(ladders[name], units[name], of.p, variance, level);
    return kind === "rate"
      ? rateMargin(values[name], variance, even[name], spread.effective[side])
      : meanMargin(values[name], variance);
  };
  return { a: one("a"), b: one("b"), k: one("k"), t: one("t") };
}
