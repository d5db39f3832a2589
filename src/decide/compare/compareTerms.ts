import type { RatioMetric } from "../../measures/metrics";
import { waits } from "../../measures/metrics";
import { comparedRatios } from "./compareMetrics";

const ofCalls = () => comparedRatios("answers", "calls");
const waitsAll = Object.entries(waits);

/** The table `call_units`: of the calls of both sides, what the metrics read. */
export function callUnits(): string {
  const numerators = ofCalls().map(
    ({ source }, at) =>
      `case when production${source.over === "answers" ? " and answers" : ""} then (${source.numerator})::double end as c${at}`,
  );
  const times = waitsAll.map(
    ([name, { fact, cut }]) =>
      `case when answers and production then ${fact} end as "${name}", ${cut} as "${name} cut"`,
  );
  return `create or replace temp table call_units as
    select
      g, second, call_id, task, owner, answers, production, cluster, hour, weekday, hour_of_day, workload, model, third,
      working, stratum, wait, wait_cut, ${[...times, ...numerators].join(", ")}
    from call_sides`;
}

const keys = "g, second, stratum, cluster, hour";
const weeks = "left join week_weights using (second, weekday, hour_of_day)";

/** The sums of one relation of units: n, c and r of every metric, by group, side, stratum, cluster and hour. */
function unitTerms(metrics: { name: string; c: string; r: string }[], from: string): string {
  const columns = metrics.map(
    ({ c, r }, at) =>
      `count(${c})::double as n${at}, sum(${c}) as c${at}, ${r === "1" ? `count(${c})` : `sum((${r})::double) filter ((${c}) is not null)`}::double as r${at}`,
  );
  const terms = metrics.map(({ name }, at) => `{'metric': '${name}', 'n': n${at}, 'c': c${at}, 'r': r${at}}`);
  return `select one.metric as metric, ${keys}, w, one.n as n, one.c as c, one.c as s, coalesce(one.r, 0) as r
    from (
      select ${keys}, w, unnest([${terms.join(", ")}]) as one
      from (select ${keys}, coalesce(w, 0) as w, ${columns.join(", ")} from ${from} ${weeks} group by all)
    )
    where one.n > 0`;
}

/**
 * The table `terms`: per metric, group, side, stratum, cluster and hour the units n, numerator c, and denominator r; s is
 * c where the mix is standardised, w the weight of the hour of the week.
 */
export function termsTable(): string {
  const calls = [
    ...waitsAll.map(([name]) => ({ name, c: `case when "${name}" is not null then 1::double end`, r: "1" })),
    ...ofCalls().map(({ name }, at) => ({ name, c: `c${at}`, r: "1" })),
  ];
  const tasks = comparedRatios("tasks").map(({ name, source }: RatioMetric) => ({
    name,
    c: `(${source.numerator})::double`,
    r: source.denominator ?? "1",
  }));
  return `create or replace temp table terms as
    ${unitTerms(calls, "call_units")}
    union all
    ${unitTerms(tasks, "(from task_units where production)")}
    union all
    select metric, ${keys}, case when production then coalesce(w, 0) else 1 end as w,
      count(*)::double as n, sum(value) as c, sum(value) as s, count(*)::double as r
    from score_units ${weeks}
    group by all`;
}

/** The view `waits`: every wait that has a value, by calendar weight. */
export function waitsView(): string {
  const parts = waitsAll.map(
    ([
      name,
    ]) => `select '${name}' as metric, ${keys}, coalesce(w, 0) as w, "${name}" as x, "${name} cut" as censored
      from call_units ${weeks} where "${name}" is not null`,
  );
  return `create or replace temp view waits as ${parts.join(" union all ")}`;
}
