import type { RatioMetric } from "./metricKinds";

/** The sums of each metric over the units of a relation, in a select list: c0 and r0, c1 and r1, ... */
export function metricColumns(metrics: readonly RatioMetric[]): string {
  const columns = metrics.map(({ source }, at) => {
    const c = `(${source.numerator})`;
    const r = `sum((${source.denominator ?? "1"})::double) filter (${c} is not null)`;
    return `sum(${c}::double) as c${at}, ${source.denominator === undefined ? `count(${c})::double` : r} as r${at}`;
  });
  return columns.join(", ");
}

/** The query for g, kind, c and r of each cluster `unit`, from a relation that already holds these sums. */
export function unfolded(metrics: readonly RatioMetric[], from: string): string {
  if (metrics.length === 0)
    return "select null::ubigint as g, null::varchar as kind, null::double as c, null::double as r, null::ubigint as unit where false";
  const kinds = metrics.map(({ name }, at) => `{'kind': '${name}', 'c': c${at}, 'r': r${at}}`);
  return `select g, kind, c, coalesce(r, 0) as r, unit
    from (select g, unit, unnest([${kinds.join(", ")}], recursive := true) from ${from})
    where c is not null`;
}

/**
 * The query for the sums that ratios are estimated from: for every group and metric, the numerator c and the
 * denominator r of each cluster `unit` that has a unit whose numerator is known.
 *
 * @param from the relation with one row per unit, with g and the facts that the metrics read
 * @param cluster the SQL expression for the cluster that counts as independent
 */
export function metricSums(metrics: readonly RatioMetric[], from: string, cluster = "cluster"): string {
  const sums = `select g, ${cluster} as unit, ${metricColumns(metrics)} from ${from} group by g, ${cluster}`;
  return unfolded(metrics, `(${sums})`);
}
