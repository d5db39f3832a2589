import type { DuckDBConnection } from "@duckdb/node-api";
import { rowsOf } from "../../store/run";
import type { StratumSum } from "./mixCells";
import { steady } from "./mixMetric";
import { type UnitBase, unitRows } from "./mixUnits";

/** Sums that all metrics of a base share, and those of each by its place: c0, s0, xs0, and d0, r0, xr0 of a ratio. */
type WideSums = { g: string | number; second: boolean; stratum: string | number } & Record<string, number>;

/**
 * Side by side and by stratum: sums as they are, n, c and d, and those compared at one mix, by calendar weight.
 *
 * @param copied true if a cluster is a call with its copies
 */
export async function stratumSums(
  connection: DuckDBConnection,
  bases: readonly UnitBase[],
  copied: boolean,
): Promise<StratumSum[]> {
  const found: StratumSum[] = [];
  for (const base of bases) {
    const rows = await rowsOf<WideSums>(connection, sumsOf(base, copied));
    base.metrics.forEach((metric, at) => {
      for (const row of rows) found.push(sumOf(row, metric.name, at, metric.r === "1"));
    });
  }
  return found;
}

function sumsOf(base: UnitBase, copied: boolean): string {
  const sums = base.metrics.flatMap(({ s, r }, at) => {
    const own = s === undefined ? `c${at}` : `s${at}`;
    return [
      `sum(c${at}) as c${at}, sum(w * ${own}) as s${at}, sum(w * x * ${own}) as xs${at}`,
      ...(r === "1"
        ? []
        : [`sum(r${at}) as d${at}, sum(w * r${at}) as r${at}, sum(w * x * r${at}) as xr${at}`]),
    ];
  });
  const units = copied ? "count(distinct cluster)" : "count(*)";
  return `select
      g, second, stratum, count(*)::double as n, (${units} filter (w > 0))::double as matched, sum(w) as weight,
      ${units}::double as apart, sum(w * w) as ww, sum(w * x) as x, sum(w * x * x) as xx, ${sums.join(", ")}
    from (${unitRows(base)})
    group by g, second, stratum
    order by g, second, stratum`;
}

/** The sums of one metric; over 1, its denominator is its units. */
function sumOf(row: WideSums, metric: string, at: number, isMean: boolean): StratumSum {
  const { g, second, stratum } = row;
  const n = steady(row.n);
  const [weight, x] = [steady(row.weight), steady(row.x)];
  const denominator = isMean
    ? { d: n, r: weight, xr: x }
    : { d: steady(row[`d${at}`]), r: steady(row[`r${at}`]), xr: steady(row[`xr${at}`]) };
  return {
    ...{ metric, g, second, stratum, n, matched: row.matched, apart: row.apart, weight, x },
    ...{ ww: steady(row.ww), xx: steady(row.xx), c: steady(row[`c${at}`]) },
    ...{ s: steady(row[`s${at}`]), xs: steady(row[`xs${at}`]) },
    ...denominator,
  };
}
