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
    const shared = rows.map(sharedOf);
    base.metrics.forEach((metric, at) => {
      rows.forEach((row, place) => {
        found.push(sumOf(row, shared[place], metric.name, at, metric.r === "1"));
      });
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

/** What the metrics of a base share. */
function sharedOf({ g, second, stratum, n, apart, matched, weight, ww, x, xx }: WideSums) {
  return {
    g,
    second,
    stratum,
    n: steady(n),
    apart,
    matched,
    weight: steady(weight),
    ww: steady(ww),
    x: steady(x),
    xx: steady(xx),
  };
}

/** The sums of one metric; over 1, its denominator is its units. */
function sumOf(
  row: WideSums,
  shared: ReturnType<typeof sharedOf>,
  metric: string,
  at: number,
  isMean: boolean,
): StratumSum {
  const { g, second, stratum, n, apart, matched, weight, ww, x, xx } = shared;
  return {
    metric,
    g,
    second,
    stratum,
    n,
    apart,
    matched,
    weight,
    ww,
    x,
    xx,
    c: steady(row[`c${at}`]),
    s: steady(row[`s${at}`]),
    xs: steady(row[`xs${at}`]),
    d: isMean ? n : steady(row[`d${at}`]),
    r: isMean ? weight : steady(row[`r${at}`]),
    xr: isMean ? x : steady(row[`xr${at}`]),
  };
}
