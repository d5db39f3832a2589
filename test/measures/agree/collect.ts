import { choose } from "../../../src/decide/choose/choose";
import type { CompareOptions } from "../../../src/decide/compare/compare";
import { compare } from "../../../src/decide/compare/compare";
import { plan } from "../../../src/decide/plan/plan";
import { route } from "../../../src/decide/route/route";
import { cost } from "../../../src/measures/cost/cost";
import { costPairs } from "../../../src/measures/cost/costPairs";
import { latency } from "../../../src/measures/latency/latency";
import { metric } from "../../../src/measures/metric";
import type { LatencyMetric } from "../../../src/measures/metricKinds";
import type { MetricTableOptions } from "../../../src/measures/metricReaders";
import { metricTable } from "../../../src/measures/metricTable";
import { oneMix } from "../../../src/measures/mix/oneMix";
import { type MeasureOptions, requestOf } from "../../../src/measures/options";
import { quality } from "../../../src/measures/quality/quality";
import { reliability } from "../../../src/measures/service/reliability";
import { isEstimate, type Table } from "../../../src/measures/table";
import type { Store } from "../../../src/store/open";
import { keyOf } from "../reference";
import { type Parts, type Said, Saying } from "./said";

/** The options given to every measure alike. */
export interface AgreeOptions extends MeasureOptions {
  by: string[];
}

export const families = {
  waits: [
    "duration_mean",
    "duration_p50",
    "duration_p95",
    "time_to_first_token_p50",
    "time_per_output_token_p50",
    "output_tokens_per_second_p50",
  ],
  costs: ["cost_per_call", "cost_per_task", "cost_per_resolved", "attempts_per_task", "resolve_rate"],
  failures: ["error_rate", "timeout_rate", "rate_limited_rate", "retry_rate", "fallback_rate"],
  scores: ["score:good", "score:grade"],
} as const;

/** Joins predicates with "and". */
export const both = (...predicates: (string | undefined)[]): string | undefined =>
  predicates.flatMap((one) => (one === undefined ? [] : [`(${one})`])).join(" and ") || undefined;

/** Undefined for a cluster column without values, a score that nobody gave, or conversations without ids: there are no numbers then. */
export async function orNothing<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    const nobody =
      /cluster .+ requires|requires the name of a score|requires a score of|requires logs with|requires a rater|requires calls with a conv/;
    if (error instanceof RangeError && nobody.test(error.message)) return undefined;
    throw error;
  }
}

/** The estimates in columns of a table that are named after a metric. */
function columns(measure: string, table: Table | undefined, names: readonly string[], by: string[]): Saying {
  const said = new Saying(measure);
  for (const row of table?.rows ?? [])
    for (const name of names) {
      const cell = row[name];
      if (isEstimate(cell)) said.say(keyOf(by, row), name, cell);
    }
  return said;
}

/** The numbers from metricTable. */
export async function tableSays(
  store: Store,
  names: readonly string[],
  settings: AgreeOptions & Pick<MetricTableOptions, "corrections">,
): Promise<Saying | undefined> {
  const table = await orNothing(metricTable(store, { ...settings, metrics: names }));
  return table === undefined ? undefined : columns("metricTable", table, names, settings.by);
}

/** The numbers from metricTable of a side alone: without corrections by people's labels for the scores named in `asJudged`. */
export async function sideSays(
  store: Store,
  names: readonly string[],
  asJudged: ReadonlySet<string>,
  settings: AgreeOptions,
): Promise<Saying | undefined> {
  const corrected = names.filter((name) => !asJudged.has(name));
  const table =
    corrected.length > 0 ? await tableSays(store, corrected, settings) : new Saying("metricTable");
  if (table === undefined || asJudged.size === 0) return table;
  const uncorrected = await tableSays(store, [...asJudged], { ...settings, corrections: "none" });
  for (const [group, own] of uncorrected?.groups ?? [])
    for (const [name, parts] of own) table.say(group, name, parts);
  return table;
}

/** The numbers from the measure that metricTable takes each metric from. */
export async function measuresSay(
  store: Store,
  family: keyof typeof families,
  settings: AgreeOptions,
): Promise<Saying> {
  const names = families[family];
  if (family === "costs") return columns("cost", await orNothing(cost(store, settings)), names, settings.by);
  if (family === "failures")
    return columns("reliability", await orNothing(reliability(store, settings)), names, settings.by);
  if (family === "scores") {
    const said = new Saying("quality");
    for (const name of names) {
      const score = name.replace("score:", "");
      const table = await orNothing(quality(store, { ...settings, score, alike: true }));
      for (const row of table?.rows ?? []) {
        const { corrected, mean } = row;
        const known = corrected !== undefined && Number.isFinite(corrected.value);
        said.say(keyOf(settings.by, row), name, known ? corrected : mean);
      }
    }
    return said;
  }
  const said = new Saying("latency");
  const wanted = names.map((name) => ({ name, source: metric(name).source as LatencySource }));
  for (const of of new Set(wanted.map(({ source }) => source.metric))) {
    const table = await orNothing(latency(store, { ...settings, metric: of, q: [0.5, 0.95] }));
    for (const row of table?.rows ?? [])
      for (const { name, source } of wanted) {
        if (source.metric !== of) continue;
        const found = source.quantile === "mean" ? row.mean : row.quantiles[String(source.quantile)];
        said.say(keyOf(settings.by, row), name, found);
      }
  }
  return said;
}
type LatencySource = { metric: LatencyMetric; quantile: number | "mean" };

/** Two sides, and the options with which metricTable measures each of them. */
export interface Sides {
  options: Pick<CompareOptions, "a" | "b" | "switch">;
  a: string;
  b: string;
}

/**
 * What compare says about its two sides, where its difference or ratio doesn't follow from its own two numbers, and which
 * scores it says that it leaves uncorrected.
 */
export async function compareSays(
  store: Store,
  names: readonly string[],
  { options }: Sides,
  settings: AgreeOptions,
): Promise<
  { a: Saying; b: Saying; calls: [number, number]; own: string[]; asJudged: Set<string> } | undefined
> {
  const { by, where, cluster, timezone, level, seed } = settings;
  const found = await orNothing(
    compare(store, { ...options, by, where, cluster, timezone, level, seed, metrics: names }),
  );
  if (found === undefined) return undefined;
  const [a, b] = [new Saying("compare, side a"), new Saying("compare, side b")];
  const own: string[] = [];
  for (const row of found.rows) {
    const group = keyOf(by, row);
    a.say(group, row.metric, row.a);
    b.say(group, row.metric, row.b);
    const [x, y] = [row.a.value, row.b.value];
    const size = Math.max(Math.abs(x), Math.abs(y));
    const near = (p: number, q: number, scale: number) =>
      Object.is(p, q) || Math.abs(p - q) <= 1e-9 * scale || !Number.isFinite(q);
    const message = `${row.metric} of ${group}: compare has a ${x} and b ${y}`;
    if (!near(row.difference.value, y - x, size))
      own.push(`${message}, and the difference ${row.difference.value}`);
    // A ratio is on the log scale, and has a note if it isn't defined.
    if (x > 0 && y > 0 && !near(row.ratio.value, y / x, Math.abs(y / x)))
      own.push(`${message}, and the ratio ${row.ratio.value}`);
  }
  const judged = found.notes.find((note) => note.includes("compared as judged")) ?? "";
  const asJudged = new Set(judged.match(/score:\w+/g));
  return { a, b, calls: [found.a.calls, found.b.calls], own, asJudged };
}

/** The criteria of a choice, and the number of calls that it says it is based on. */
export async function chooseSays(
  store: Store,
  names: readonly string[],
  settings: AgreeOptions,
): Promise<{ criteria: Saying | undefined; calls: number | undefined }> {
  const criteria = names.map((name) => {
    const higher = metric(name).better === "higher";
    return {
      ...{ metric: name, weight: 1 / names.length, optional: true },
      ...{ good: higher ? 1 : 0, bad: higher ? 0 : 1 },
    };
  });
  const found = await orNothing(
    choose(store, { ...settings, draws: 99, profile: { name: "agree", criteria } }),
  );
  const calls = found?.traffic.calls;
  // Numbers of uneven work are those at one mix, and no longer the table's.
  const { uneven } = await oneMix(store, names, requestOf("choose", settings));
  if (uneven) return { criteria: undefined, calls };
  const said = new Saying("choose");
  for (const row of found?.rows ?? [])
    for (const name of names) said.say(keyOf(settings.by, row), name, row.criteria[name] ?? {});
  return { criteria: said, calls };
}

/** What plan takes as the current numbers. */
export async function planSays(
  store: Store,
  names: readonly string[],
  settings: AgreeOptions,
): Promise<Saying | undefined> {
  const found = await orNothing(plan(store, { ...settings, metrics: names }));
  if (found === undefined) return undefined;
  const said = new Saying("plan");
  for (const row of found.rows) said.say(keyOf(settings.by, row), row.metric, row.now);
  return said;
}

/** What route says about each model's own tasks, and about all tasks; its request types are separated by `by`. */
export async function routeSays(
  store: Store,
  settings: AgreeOptions,
): Promise<{ said: Saying; tasks: number; flagship: Parts } | undefined> {
  const by = [...settings.by, "model"];
  const found = await orNothing(route(store, settings));
  if (found === undefined) return undefined;
  const said = new Saying("route");
  for (const row of found.candidates) {
    // A model without a name is called "not given" there.
    const group = keyOf(by, { ...row, model: row.model === "not given" ? null : row.model });
    said.say(group, "tasks", { n: row.tasks });
    said.say(group, "resolve_rate", { value: row.resolve_rate.value });
    // Means are given from 30 tasks on.
    if (Number.isFinite(row.cost_per_task.value))
      said.say(group, "cost_per_task", { value: row.cost_per_task.value });
  }
  return { said, tasks: found.total.tasks, flagship: found.total.cost_flagship };
}

/** The cost per resolved task of every compared model, and where a ratio doesn't follow from its two numbers. */
export async function pairsSay(
  store: Store,
  settings: AgreeOptions,
): Promise<{ said: Saying; ratios: string[] }> {
  const [pairs, costs] = [
    await orNothing(costPairs(store, settings)),
    await measuresSay(store, "costs", settings),
  ];
  const said = new Saying("costPairs");
  const ratios: string[] = [];
  for (const row of pairs?.rows ?? []) {
    const group = (model: string) =>
      keyOf(settings.by, { ...row, model: model === "not given" ? null : model });
    const [model, against] = [group(row.model), group(row.against)];
    said.say(model, "cost_per_resolved", row.from);
    said.say(against, "cost_per_resolved", row.to);
    for (const name of ["cost_per_call", "cost_per_resolved", "resolve_rate"] as const) {
      const [x, y] = [costs.get(model, name)?.value, costs.get(against, name)?.value];
      const [own, wanted] = [row[name].value, (y ?? Number.NaN) / (x ?? Number.NaN)];
      if (Number.isFinite(wanted) && !(Math.abs(own - wanted) <= 1e-9 * wanted))
        ratios.push(`${name} of ${against} over ${model}: costPairs says ${own}; cost says ${wanted}`);
    }
  }
  return { said, ratios };
}

/** The part of one measure's numbers whose metrics and groups another has as well. */
export function only(said: Said, keep: (group: string, metric: string) => boolean): Saying {
  const kept = new Saying(said.measure);
  for (const [group, own] of said.groups)
    for (const [name, parts] of own) if (keep(group, name)) kept.say(group, name, parts);
  return kept;
}
