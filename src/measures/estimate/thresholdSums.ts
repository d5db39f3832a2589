import type { Grain } from "../../facts/grain";

/** Some thresholds of each group: how many, and how many of them are looked for among all values and not those near alone. */
export interface Looked {
  thresholds: number;
  mids: number;
  grain: Grain | "own";
}

/** The same column for each threshold, numbered from 1. */
const each = (thresholds: number, column: (k: number) => string, from = 1): string[] =>
  Array.from({ length: Math.max(0, thresholds - from + 1) }, (_, place) => column(place + from));
/** Their list; engines have no list of nothing whose type is known. */
const listed = (columns: readonly string[]) => `[${columns.join(", ") || "0::double"}]`;

/** Makes the table `thresholds`: a group's mean, its thresholds t1, t2, ..., and the shares p1, p2, ... below them. */
export const thresholdsTable = (thresholds: number): string =>
  `create or replace temp table thresholds as
select ${["one.g", "one.mean", ...each(thresholds, (k) => `one.t[${k}] as t${k}, one.p[${k}] as p${k}`)].join(", ")}
from (select unnest(from_json(
  $thresholds::json, '[{"g": "UBIGINT", "mean": "DOUBLE", "t": ["DOUBLE"], "p": ["DOUBLE"]}]'
)) as one)`;

/**
 * The relations up to `sizes`: per group and cluster of the grain, its size m, its total s, and how many values lie below
 * each threshold, those equal counting half: c1, c2, ... All values above a threshold past the first `mids` are near: to
 * count them needs no look at the others.
 */
function sizes({ thresholds, mids, grain }: Looked): string {
  const sums = (from: string, columns: readonly string[]) =>
    `select ${["g", "unit", ...columns].join(", ")}
  from (select *, ${grain === "hour" ? "greatest(hour, 0)::ubigint" : "cluster"} as unit from ${from}) join thresholds using (g)
  where not failed
  group by g, unit`;
  const middle = each(mids, (k) => `sum(sign(x - t${k})::double) as above${k}`);
  const tail = each(thresholds, (k) => `sum((1 + sign(x - t${k}))::double) as above${k}`, mids + 1);
  const below = [
    ...each(mids, (k) => `(m - above${k}) / 2 as c${k}`),
    ...each(thresholds, (k) => `m - coalesce(above${k}, 0) / 2 as c${k}`, mids + 1),
  ];
  return `with middle as (
  ${sums("bucketed", ["count(x)::double as m", "sum(x) as s", ...middle])}
  having count(x) > 0
),${tail.length === 0 ? "" : `\ntail as (\n  ${sums("near", tail)}\n),`}
sizes as (
  select ${["g", "unit", "m", "s", ...below].join(", ")}
  from middle${tail.length === 0 ? "" : " left join tail using (g, unit)"}
)`;
}

const logOdds = (below: string, n: string) =>
  `ln(greatest(${below}, 0.5) / greatest(${n} - (${below}), 0.5))`;

/**
 * Per group, the sums over clusters that the intervals of the mean and of quantiles are made from; d1, d2, ... are the
 * shifts of the log odds of lying below a threshold where a cluster is left out.
 */
export function clusterSums(looked: Looked): string {
  const ofEach = (column: (k: number) => string) => each(looked.thresholds, column);
  const shifts = ofEach(
    (k) =>
      `${logOdds(`every.c${k} - one.c${k}`, "(every.m - one.m)")} - ${logOdds(`every.c${k}`, "every.m")} as d${k}`,
  );
  return `${sizes(looked)},
clusters as materialized (from sizes),
totals as (select ${["g", "sum(m) as m", ...ofEach((k) => `sum(c${k}) as c${k}`)].join(", ")} from clusters group by g),
odds as (
  select ${["g", "one.m", "one.s - mean * one.m as residual", ...ofEach((k) => `one.c${k}`), ...shifts].join(", ")}
  from clusters as one join totals as every using (g) join thresholds using (g)
)
select
  g::varchar as g, count(*)::double as clusters, sum(m) as n, sum(m * m) as "sizeSquares",
  sum(m * m * m) as "sizeCubes", sum(m * m * m * m) as "sizeFourths",
  sum(residual * residual) as "residualSquares", sum(residual * residual * m) as "residualSizes",
  sum(residual * residual * m * m) as "residualSizeSquares",
  sum(residual * residual * residual) as "residualCubes", ${listed(ofEach((k) => `sum(c${k})`))} as below,
  ${listed(ofEach((k) => `sum(d${k} * d${k})`))} as "leaveOneOut",
  ${listed(ofEach((k) => `sum(d${k} * d${k} * d${k})`))} as "leaveOneOutCubes"
from odds
group by g`;
}

/** Per group and hour, what it comes to. */
export const hourSums = (looked: Looked): string =>
  `${sizes(looked)}
select ${["g::varchar as g", "unit::double as hour", "m", "s", ...each(looked.thresholds, (k) => `c${k}`)].join(", ")}
from sizes order by sizes.g, unit`;

/**
 * Per group, squared deviations by whatever is a cluster at the grain: of the mean, and of the shares of values that lie below
 * each threshold. (A product takes a fraction of the time of a power.)
 */
export function partSquares(looked: Looked): string {
  const ofEach = (column: (k: number) => string) => each(looked.thresholds, column);
  return `${sizes(looked)},
deviations as (
  select ${["g", "s - mean * m as d", ...ofEach((k) => `c${k} - p${k} * m as d${k}`)].join(", ")}
  from sizes join thresholds using (g)
)
select g::varchar as g, sum(d * d) as "residualSquares", ${listed(ofEach((k) => `sum(d${k} * d${k})`))} as "belowSquares"
from deviations
group by g`;
}
