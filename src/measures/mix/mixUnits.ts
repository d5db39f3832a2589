import { atHighest, isRatio, namedMetrics, type RatioMetric, waits } from "../metrics";

/** The ratios that can be brought to one mix, for a kind of unit. */
export const mixRatios = (...over: string[]): RatioMetric[] =>
  namedMetrics()
    .filter(isRatio)
    .filter(({ source }) => over.includes(source.over));

/** The name of a cost with the unknown ones of side a, or of side b, at their most. */
export const raisedName = (name: string, side: "a" | "b"): string => `${name}:${side}`;

/** The same, and each cost with the unknown ones of either side at their most if the log lacks prices. */
const sidedRatios = (missesPrices: boolean, ...over: string[]): RatioMetric[] =>
  mixRatios(...over).flatMap((one) => {
    if (!missesPrices || !one.unit.startsWith("USD")) return [one];
    const [low, high] = [one, atHighest(one)].map(({ source }) => source.numerator);
    const raised = (side: "a" | "b") => ({
      ...one,
      name: raisedName(one.name, side),
      source: {
        ...one.source,
        numerator: `case when second then ${side === "b" ? high : low} else ${side === "b" ? low : high} end`,
      },
    });
    return [one, raised("a"), raised("b")];
  });
const ofCalls = (missesPrices: boolean) => sidedRatios(missesPrices, "answers", "calls");
const waitsAll = Object.entries(waits);

/** The table `call_units`: what the metrics read from the calls of both sides. */
export function callUnits(missesPrices = false): string {
  const numerators = ofCalls(missesPrices).map(
    ({ source }, at) =>
      `case when production${source.over === "answers" ? " and answers" : ""} then (${source.numerator})::double end as c${at}`,
  );
  const times = waitsAll.map(
    ([name, { fact, cut }]) =>
      `case when answers and production then ${fact} end as "${name}", ${cut} as "${name} cut"`,
  );
  return `create or replace temp table call_units as
    select
      g, second, false as again, call_id, task, conversation_id, owner, begun, answers, production, cluster, person, hour, weekday, hour_of_day,
      workload, model, version, length, working, stratum, item_w, x, wait, wait_cut, spent as cost, ${[...times, ...numerators].join(", ")}
    from call_sides`;
}

const keys = "g, second, stratum, cluster, hour";
const weeks = "left join week_weights using (second, weekday, hour_of_day)";
/** What a unit counts at one mix: by its prompt where sides share prompts, else by its hour of the week. */
const weight = "coalesce(item_w, w, 0)";

/**
 * The sums over one relation of units: n, c and r of every metric and their products with x, as in the table
 * `terms`.
 */
function unitTerms(metrics: { name: string; c: string; r: string }[], from: string): string {
  const columns = metrics.map(({ c, r }, at) => {
    const known = `filter ((${c}) is not null)`;
    const own = r === "1" ? "1" : `coalesce((${r})::double, 0)`;
    return `count(${c})::double as n${at}, sum(x) ${known} as x${at}, sum(x * x) ${known} as xx${at}, sum(${c}) as c${at},
      sum(x * ${c}) as xc${at}, sum(${own}) ${known}::double as r${at}, sum(x * ${own}) ${known} as xr${at}`;
  });
  const terms = metrics.map(
    ({ name }, at) =>
      `{'metric': '${name}', 'n': n${at}, 'x': x${at}, 'xx': xx${at}, 'c': c${at}, 'xc': xc${at}, 'r': r${at}, 'xr': xr${at}}`,
  );
  return `select one.metric as metric, ${keys}, w, one.n as n, one.x as x, one.xx as xx, one.c as c, one.c as s,
      one.xc as xs, one.r as r, one.xr as xr
    from (
      select ${keys}, w, unnest([${terms.join(", ")}]) as one
      from (select ${keys}, ${weight} as w, ${columns.join(", ")} from ${from} ${weeks} group by all)
    )
    where one.n > 0`;
}

/**
 * The table `terms`: per metric, group, side, stratum, cluster and hour the units n, numerator c, and
 * denominator r, with their products with the length x; s is c at the standardised mix, w the weight of the
 * hour of the week.
 *
 * @param missesPrices whether some calls may lack a known cost
 * @param limits shares of calls to include, such as "duration within 2"
 * @param only the metrics to read; default: all
 */
export function termsTable(
  missesPrices = false,
  limits: readonly string[] = [],
  only?: ReadonlySet<string>,
): string {
  const isRead = ({ name }: { name: string }) => only?.has(name) ?? true;
  const within = limits.map((name) => {
    const [wait, most] = name.split(" within ");
    return { name, c: `("${wait}" <= ${Number(most)} and not "${wait} cut")::double`, r: "1" };
  });
  const calls = [
    ...within,
    ...waitsAll.map(([name]) => ({ name, c: `case when "${name}" is not null then 1::double end`, r: "1" })),
    ...ofCalls(missesPrices).map(({ name }, at) => ({ name, c: `c${at}`, r: "1" })),
  ];
  const tasks = sidedRatios(missesPrices, "tasks").map(({ name, source }) => ({
    name,
    c: `(${source.numerator})::double`,
    r: source.denominator ?? "1",
  }));
  const conversations = mixRatios("conversations").map(({ name, source }) => ({
    name,
    c: `(${source.numerator})::double`,
    r: source.denominator ?? "1",
  }));
  const units = [
    { metrics: calls, from: "call_units" },
    { metrics: conversations, from: "(from conversation_units where production)" },
    { metrics: tasks, from: "(from task_units where production)" },
  ];
  const parts = units
    .map(({ metrics, from }) => ({ metrics: metrics.filter(isRead), from }))
    .filter(({ metrics }) => metrics.length > 0)
    .map(({ metrics, from }) => `${unitTerms(metrics, from)} union all`);
  return `create or replace temp table terms as
    ${parts.join("\n")}
    select metric, ${keys}, case when production then ${weight} else 1 end as w,
      count(*)::double as n, sum(x) as x, sum(x * x) as xx, sum(value) as c, sum(value) as s, sum(x * value) as xs,
      count(*)::double as r, sum(x) as xr
    from score_units ${weeks}
    group by all`;
}

/** The view `waits`: every wait that has a value, by calendar weight. */
export function waitsView(): string {
  const parts = waitsAll.map(
    ([
      name,
    ]) => `select '${name}' as metric, ${keys}, ${weight} as w, x as len, "${name}" as x, "${name} cut" as censored
      from call_units ${weeks} where "${name}" is not null`,
  );
  return `create or replace temp view waits as ${parts.join(" union all ")}`;
}
