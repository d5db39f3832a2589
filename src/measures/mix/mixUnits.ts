import type { DuckDBConnection } from "@duckdb/node-api";
import { quoteText } from "../../store/quote";
import { rowsOf } from "../../store/run";
import { atHighest, isRatio, type RatioMetric, waits } from "../metricKinds";
import { namedMetrics } from "../metrics";

/** The ratios that can be brought to one mix, for a kind of unit. */
export const mixRatios = (...over: string[]): RatioMetric[] =>
  namedMetrics()
    .filter(isRatio)
    .filter(({ source }) => over.includes(source.over));

/** The name of a cost with the unknown ones of side a, or of side b, at their most. */
export const raisedName = (name: string, side: "a" | "b"): string => `${name}:${side}`;

/** A cost with the unknown ones of either side at their most. */
export const raisedBoth = (name: string): { name: string }[] =>
  (["a", "b"] as const).map((side) => ({ name: raisedName(name, side) }));

/** The shares of all tasks that are known to be resolved, and known not to be. */
export const toldNames = ["resolve_rate:resolved", "resolve_rate:unresolved"] as const;

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

/** What is read of units: metrics by name, all by default, and shares of calls within a limit, such as "duration within 2". */
export interface Reading {
  /** Whether some calls may lack a known cost. */
  missesPrices?: boolean;
  limits?: readonly string[];
  only?: ReadonlySet<string>;
}

/** The table `call_units`: what the metrics read from the calls of both sides. */
export function callUnits({ missesPrices = false, limits = [], only }: Reading = {}): string {
  const isRead = (name: string) => only?.has(name) ?? true;
  const numerators = ofCalls(missesPrices).flatMap(({ name, source }, at) =>
    isRead(name)
      ? `case when production${source.over === "answers" ? " and answers" : ""} then (${source.numerator})::double end as ratio${at}`
      : [],
  );
  const times = waitsAll.flatMap(([name, { fact, cut }]) =>
    isRead(name) || limits.some((limit) => limit.startsWith(`${name} within `))
      ? `case when answers and production then ${fact} end as "${name}", ${cut} as "${name} cut"`
      : [],
  );
  return `create or replace temp table call_units as
    select
      g, second, false as again, at_row, call_id, task, conversation_id, owner, begun, answers, production, cluster, person, hour, weekday, hour_of_day,
      ${["workload, model, version, length, working, stratum, item_w, x, wait, wait_cut, spent as cost", ...times, ...numerators].join(", ")}
    from call_sides`;
}

/** What a unit counts at one mix: by its prompt where sides share prompts, else by its hour of the week. */
const weight = "coalesce(item_w, w, 0)";

/** A number over units: its numerator and denominator, and the numerator at the standardised mix where it is another. */
export interface UnitMetric {
  name: string;
  c: string;
  r: string;
  s?: string;
}

/** Metrics that are known of the same units of a relation. */
export interface UnitBase {
  from: string;
  weight: string;
  metrics: readonly UnitMetric[];
}

/**
 * What metrics are read from: calls, conversations and tasks, and the scores by name.
 *
 * @param scores the names of scores, as metrics
 */
export function unitRelations(
  { missesPrices = false, limits = [], only }: Reading,
  scores: readonly string[],
): UnitBase[] {
  const isRead = ({ name }: { name: string }) => only?.has(name) ?? true;
  const within = limits.map((name) => {
    const [wait, most] = name.split(" within ");
    return { name, c: `("${wait}" <= ${Number(most)} and not "${wait} cut")::double`, r: "1" };
  });
  const ratio = ({ name, source }: RatioMetric) => ({
    name,
    c: `(${source.numerator})::double`,
    r: source.denominator ?? "1",
  });
  const calls = [
    ...within,
    ...waitsAll.map(([name]) => ({ name, c: `case when "${name}" is not null then 1::double end`, r: "1" })),
    ...ofCalls(missesPrices).map(({ name }, at) => ({ name, c: `ratio${at}`, r: "1" })),
  ];
  const conversations = sidedRatios(missesPrices, "conversations").map(ratio);
  const tasks = [
    ...sidedRatios(missesPrices, "tasks").map(ratio),
    ...toldNames.map((name, at) => ({ name, c: `coalesce(resolved = ${at === 0}, false)::double`, r: "1" })),
  ];
  return [
    { from: "call_units", weight, metrics: calls.filter(isRead) },
    {
      from: "(from conversation_units where production)",
      weight,
      metrics: conversations.filter(isRead),
    },
    { from: "(from task_units where production)", weight, metrics: tasks.filter(isRead) },
    ...scores.map((name) => ({
      from: `(from score_units where metric = ${quoteText(name)})`,
      weight: `case when production then ${weight} else 1 end`,
      metrics: [{ name, c: "value", r: "1" }],
    })),
  ].filter(({ metrics }) => metrics.length > 0);
}

/** The shares of calls below the quantiles of the table `thresholds`, as they are (c) and at the standardised mix (s). */
export function belowThresholds(metrics: readonly { name: string; wait: string }[]): UnitBase {
  const ends = metrics.flatMap(({ name }, at) =>
    ["a", "b", "k", "t"].map((side) => `max(${side}) filter (name = ${quoteText(name)}) as ${side}${at}`),
  );
  const below = (wait: string, a: string, b: string) =>
    `case when "${wait}" is not null then coalesce(("${wait}" <= case when second then ${b} else ${a} end)::double, 0) end`;
  return {
    from: `call_units join (select g, ${ends.join(", ")} from thresholds group by g) using (g)`,
    weight,
    metrics: metrics.map(({ name, wait }, at) => ({
      name,
      c: below(wait, `a${at}`, `b${at}`),
      s: below(wait, `k${at}`, `t${at}`),
      r: "1",
    })),
  };
}

/** Metrics whose pattern one number holds, a power of two for each. */
const IN_A_NUMBER = 50;

/** Divides a relation's metrics into those that are known of the same units. */
export async function basesOf(connection: DuckDBConnection, relation: UnitBase): Promise<UnitBase[]> {
  const { from, metrics } = relation;
  const patterns = Array.from({ length: Math.ceil(metrics.length / IN_A_NUMBER) }, (_, place) =>
    metrics
      .slice(place * IN_A_NUMBER, (place + 1) * IN_A_NUMBER)
      .map(({ c }, at) => `case when (${c}) is not null then ${2 ** at} else 0 end`)
      .join(" + "),
  );
  const columns = patterns.map((sum, place) => `(${sum})::double as pattern${place}`).join(", ");
  const found = await rowsOf<Record<string, number>>(connection, `select distinct ${columns} from ${from}`);
  const isKnown = (row: Record<string, number>, at: number) =>
    Math.floor((row[`pattern${Math.floor(at / IN_A_NUMBER)}`] ?? 0) / 2 ** (at % IN_A_NUMBER)) % 2 === 1;
  const bases = new Map<string, UnitMetric[]>();
  metrics.forEach((metric, at) => {
    const pattern = found.map((row) => (isKnown(row, at) ? "1" : "0")).join("");
    if (pattern.includes("1")) bases.set(pattern, [...(bases.get(pattern) ?? []), metric]);
  });
  return [...bases.values()].map((own) => ({ ...relation, metrics: own }));
}

/** The units of a base: what each counts (w), its length x, and the numbers of its metrics, c0, s0, r0 and so on. */
export function unitRows({ from, weight: counts, metrics }: UnitBase): string {
  const columns = metrics.flatMap(({ c, s, r }, at) => [
    `(${c}) as c${at}`,
    ...(s === undefined ? [] : [`(${s}) as s${at}`]),
    ...(r === "1" ? [] : [`coalesce((${r})::double, 0) as r${at}`]),
  ]);
  return `select g, second, stratum, cluster, hour, ${counts} as w, x, ${columns.join(", ")}
    from ${from} left join week_weights using (second, weekday, hour_of_day)
    where (${metrics[0].c}) is not null`;
}

/** The view `waits`: every wait that has a value, by calendar weight. */
export function waitsView(names: readonly string[]): string {
  const parts = names.map(
    (
      name,
    ) => `select '${name}' as metric, g, second, stratum, ${weight} as w, "${name}" as x, "${name} cut" as censored
      from call_units left join week_weights using (second, weekday, hour_of_day) where "${name}" is not null`,
  );
  return `create or replace temp view waits as ${parts.join(" union all ")}`;
}
