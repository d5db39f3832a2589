import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import type { Selection } from "../../facts/select";
import { taskFacts } from "../../facts/tasks";
import { ratersInOrder } from "../../measures/quality/quality";
import type { Row } from "../../measures/table";
import type { Estimate } from "../../stats/estimate";
import { rowsOf, run } from "../../store/query";
import { statements } from "../../store/statements";
import { type Ladder, ladderQuantile, meanMargin, quantileMargin, rateMargin } from "./compareMargin";
import type { ComparedMetric } from "./compareMetrics";
import { compareRow, type UnjudgedRow } from "./compareRow";
import { type Covariance, type SideSize, type Spread, spreadOf } from "./compareSpread";
import { callUnits, termsTable, waitsView } from "./compareTerms";
import { type WeekCell, weekWeights } from "./matched";
import { type Four, mixLevels, type Standard, type Stratum, type StratumSum, standardise } from "./mix";

export const sql = statements<
  | "before_and_after"
  | "call_sides"
  | "task_units"
  | "score_units"
  | "raters"
  | "one_rater"
  | "weeks"
  | "week_weights"
  | "strata"
  | "stratum_sums"
  | "zero_one"
  | "shares"
  | "histogram"
  | "thresholds"
  | "below"
  | "coefficients"
  | "pulls"
  | "sizes"
  | "covariances"
  | "sides"
>(join(__dirname, "compare.sql"));

type G = string | number;
type Keyed = { metric: string; g: G };
const keyOf = ({ metric, g }: Keyed) => `${g} ${metric}`;
const names = ["a", "b", "k", "t"] as const;

/** What the engine summed up of the two sides before any metric is looked at. */
export interface Prepared {
  strata: Stratum[];
  sums: StratumSum[];
  /** Scores that are 0 or 1. */
  rates: Set<string>;
  /** The kind of rater that a score is compared by: that which judged most. */
  raters: Map<string, string>;
  notes: string[];
}

/** Places the calls of both sides in the week and in the mix, and sums them up. */
export async function prepareSides(selection: Selection): Promise<Prepared> {
  const { connection } = selection;
  await taskFacts(selection);
  for (const one of [sql.call_sides, callUnits(), sql.task_units, sql.score_units])
    await run(connection, one);
  const judges = await rowsOf<{ metric: string; rater: string; n: number }>(connection, sql.raters);
  const raters = new Map<string, string>();
  for (const { metric, rater } of ratersInOrder(judges)) if (!raters.has(metric)) raters.set(metric, rater);
  const kept = JSON.stringify([...raters].map(([metric, rater]) => `${metric} ${rater}`));
  await run(connection, sql.one_rater, { kept });
  const { weights, notes } = weekWeights(await rowsOf<WeekCell>(connection, sql.weeks));
  await run(connection, sql.week_weights, { weights: JSON.stringify(weights) });
  const strata = await rowsOf<Stratum>(connection, sql.strata);
  await run(connection, termsTable());
  const sums = await stratumSums(connection);
  const rates = await rowsOf<{ metric: string }>(connection, sql.zero_one);
  return { strata, sums, rates: new Set(rates.map(({ metric }) => metric)), raters, notes };
}

// The engine adds up in an order of its own; the last digits say nothing.
const steady = (x: number) => (Number.isFinite(x) ? Number(x.toPrecision(12)) : x);

async function stratumSums(connection: DuckDBConnection): Promise<StratumSum[]> {
  const rows = await rowsOf<StratumSum>(connection, sql.stratum_sums);
  return rows.map((row) => ({
    ...row,
    c: steady(row.c),
    d: steady(row.d),
    weight: steady(row.weight),
    s: steady(row.s),
    r: steady(row.r),
  }));
}

/** What the measures say of both sides, for a group and metric. */
export type Stated = (by: Row, metric: string) => Record<"a" | "b", Estimate> | undefined;

/** The rows of every group and metric that both sides have, in the order of the metrics. */
export async function compareRows(
  { connection, clusterBy, by }: Selection,
  { strata, sums }: Prepared,
  metrics: readonly ComparedMetric[],
  groups: readonly { g: G; by: Row }[],
  { level, byHour, stated }: { level: number; byHour: boolean; stated: Stated },
): Promise<UnjudgedRow[]> {
  const known = new Map(strata.map((one) => [String(one.stratum), one]));
  const levels = mixLevels(strata);
  const standards = standardsOf(sums, known, levels);
  const ladders = await laddersOf(connection, metrics, groups, standards);
  const quantiles = standardsOf(await stratumSums(connection), known, levels);
  const wanted = groups.flatMap(({ g }) =>
    metrics.flatMap(({ name }) => {
      const standard = quantiles.get(keyOf({ metric: name, g }));
      return standard === undefined ? [] : [{ g, metric: name, standard }];
    }),
  );
  const coefficients = wanted.flatMap(({ g, metric, standard }) =>
    standard.coefficients.map((one) => ({ metric, g: String(g), ...one })),
  );
  await run(connection, sql.coefficients, { coefficients: JSON.stringify(coefficients) });
  await run(connection, sql.pulls);
  const sizes = groupBy(await rowsOf<SideSize & Keyed>(connection, sql.sizes));
  const covariances = groupBy(await rowsOf<Covariance & Keyed>(connection, sql.covariances));
  const rows: UnjudgedRow[] = [];
  for (const { g, by: own } of groups)
    for (const metric of metrics) {
      const key = keyOf({ metric: metric.name, g });
      const standard = quantiles.get(key);
      if (standard === undefined || standard.units.a === 0 || standard.units.b === 0) continue;
      const spread = spreadOf(covariances.get(key) ?? [], sizes.get(key) ?? [], clusterBy, byHour);
      const found = stated(own, metric.name);
      if (found === undefined) continue;
      const margins = marginsOf(metric, standard, spread, ladders.get(`${g} ${metric.of?.metric}`), level);
      const one = compareRow(metric, found, margins, standard, spread, level);
      rows.push({ ...one, row: { ...(by.length === 0 ? {} : own), ...one.row } });
    }
  return rows;
}

function standardsOf(
  sums: readonly StratumSum[],
  strata: Map<string, Stratum>,
  levels: ReturnType<typeof mixLevels>,
): Map<string, Standard> {
  return new Map([...groupBy(sums)].map(([key, own]) => [key, standardise(own, strata, levels)]));
}

function groupBy<T extends Keyed>(rows: readonly T[]): Map<string, T[]> {
  const found = new Map<string, T[]>();
  for (const row of rows) {
    const own = found.get(keyOf(row));
    if (own === undefined) found.set(keyOf(row), [row]);
    else own.push(row);
  }
  return found;
}

type Ladders = Four<Ladder>;

/** The waits of every group as histograms, and the sums of calls below their quantiles, which join `terms`. */
async function laddersOf(
  connection: DuckDBConnection,
  metrics: readonly ComparedMetric[],
  groups: readonly { g: G }[],
  standards: Map<string, Standard>,
): Promise<Map<string, Ladders>> {
  const wanted = metrics.filter((metric) => metric.of !== undefined);
  const bases = new Set(wanted.map(({ of }) => of?.metric as string));
  const pairs = groups.flatMap(({ g }) =>
    [...bases].map((metric) => ({ g, metric, key: keyOf({ g, metric }) })),
  );
  const shares = pairs.flatMap(({ g, metric, key }) =>
    [...(standards.get(key)?.weights ?? [])].map(([stratum, v]) => ({ metric, g: String(g), stratum, v })),
  );
  await run(connection, waitsView());
  await run(connection, sql.shares, { shares: JSON.stringify(shares) });
  const buckets = groupBy(
    await rowsOf<Keyed & { x: number; censored: boolean } & Four>(connection, sql.histogram),
  );
  const ladders = new Map([...buckets].map(([key, rows]) => [key, ladderOf(rows)]));
  const thresholds = groups.flatMap(({ g }) =>
    wanted.flatMap(({ name, of }) => {
      const { metric, p } = of as NonNullable<ComparedMetric["of"]>;
      const [ladder, standard] = [ladders.get(keyOf({ g, metric })), standards.get(keyOf({ g, metric }))];
      if (ladder === undefined || standard === undefined) return [];
      const at = names.map((one) => [one, ladderQuantile(ladder[one], standard.units[one], p)] as const);
      return [{ name, metric, g: String(g), ...Object.fromEntries(at) }];
    }),
  );
  await run(connection, sql.thresholds, { thresholds: JSON.stringify(thresholds) });
  await run(connection, sql.below);
  return ladders;
}

function ladderOf(rows: readonly ({ x: number; censored: boolean } & Four)[]): Ladders {
  const one = (name: keyof Four): Ladder => {
    const own = rows.filter((row) => row[name] > 0);
    return {
      x: own.map(({ x }) => x),
      weights: own.map((row) => steady(row[name])),
      censored: own.map(({ censored }) => censored),
    };
  };
  return { a: one("a"), b: one("b"), k: one("k"), t: one("t") };
}

function marginsOf(
  { kind, of }: ComparedMetric,
  { values, units }: Standard,
  spread: Spread,
  ladders: Ladders | undefined,
  level: number,
): Four<ReturnType<typeof meanMargin>> {
  const one = (name: keyof Four) => {
    const variance = spread.variance({ [name]: 1 });
    const side = name === "a" || name === "k" ? 0 : 1;
    if (of !== undefined && ladders !== undefined)
      return quantileMargin(ladders[name], units[name], of.p, variance, level);
    return kind === "rate"
      ? rateMargin(values[name], variance, units[name], spread.effective[side])
      : meanMargin(values[name], variance);
  };
  return { a: one("a"), b: one("b"), k: one("k"), t: one("t") };
}
