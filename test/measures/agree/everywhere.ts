import { check } from "../../../src/decide/check/check";
import type { Limit } from "../../../src/decide/check/limits";
import { route } from "../../../src/decide/route/route";
import { consistency } from "../../../src/measures/consistency/consistency";
import { costColumns } from "../../../src/measures/cost/cost";
import { latencyDistribution } from "../../../src/measures/latency/distribution";
import { latency } from "../../../src/measures/latency/latency";
import { unitNumbers } from "../../../src/measures/latency/number";
import { metric } from "../../../src/measures/metric";
import { type LatencyMetric, waits } from "../../../src/measures/metricKinds";
import { namedMetrics } from "../../../src/measures/metrics";
import { metricTable } from "../../../src/measures/metricTable";
import { hasMix } from "../../../src/measures/mix/mixShift";
import { qualityJudge } from "../../../src/measures/quality/judged";
import { quality } from "../../../src/measures/quality/quality";
import { qualityBeside } from "../../../src/measures/quality/qualityBeside";
import { qualityRefusals } from "../../../src/measures/quality/refusals";
import { qualityByLength } from "../../../src/measures/service/contextLength";
import { binsCorrected, heldContext } from "../../../src/measures/service/effectiveContext";
import { reliability } from "../../../src/measures/service/reliability";
import { isEstimate, type Table } from "../../../src/measures/table";
import { trend } from "../../../src/measures/trend/trend";
import { reportOf } from "../../../src/page/report";
import type { Estimate } from "../../../src/stats/estimate";
import type { Store } from "../../../src/store/open";
import { run } from "../../../src/store/run";
import { fc } from "../../property";
import { keyOf } from "../reference";
import { type AgreeOptions, both, chooseSays, compareSays, only, orNothing, planSays } from "./collect";
import { crowd, crowds } from "./crowd";
import { settings } from "./hold";
import type { Log } from "./hostile";
import { disagreements, Saying } from "./said";

/** A log whose calls repeat prompts, so that there is something of which to measure the consistency. */
export const withPrompts = ({ calls, ...log }: Log): Log => ({
  ...log,
  calls: calls.map((call, at) => (at % 4 === 3 ? call : { ...call, prompt_id: `p${at % 5}` })),
});

/** Every metric that needs no comparisons of answers, and some of each family. */
export const everyMetric: readonly string[] = [
  ...new Set([
    ...namedMetrics().flatMap(({ name, source }) => (source.measure === "preferences" ? [] : [name])),
    ...Object.keys(waits).flatMap((name) => ["mean", "p50", "p90", "p999"].map((part) => `${name}_${part}`)),
    ...["score:good", "score:grade", "score:resolved", "score:json_valid"],
    ...["consistency:worst:good", "consistency:pass_hat_2:good", "consistency:json_valid"],
    "effective_context:0.5",
  ]),
];

/** What to ask of each place. */
export interface Asked extends AgreeOptions {
  metrics: readonly string[];
}

const families = ["latency", "cost", "reliability", "ratio", "quality", "consistency", "qualityByLength"];

/** One metric at random of each measure, and how to ask for them. */
export const asked = fc
  .tuple(
    settings,
    ...families.map((measure) =>
      fc.constantFrom(...everyMetric.filter((name) => metric(name).source.measure === measure)),
    ),
  )
  .map(([own, ...metrics]): Asked => ({ ...own, metrics }));

/** Logs of enough calls for intervals, and small enough to try several. */
export const someTasks = crowds.map((one) => withPrompts(crowd({ ...one, tasks: 60 + (one.tasks % 60) })));

/** The estimates of a table whose columns are named after metrics. */
function columnsOf(measure: string, table: Table | undefined, by: readonly string[]): Saying {
  const said = new Saying(measure);
  for (const row of table?.rows ?? [])
    for (const name of everyMetric) {
      const cell = row[name];
      if (isEstimate(cell)) said.say(keyOf([...by], row), name, cell);
    }
  return said;
}

function latencySays(table: Table, of: LatencyMetric, by: string[], measure = "latency"): Saying {
  const said = new Saying(measure);
  for (const row of table.rows) {
    said.say(keyOf(by, row), `${of}_mean`, row.mean as Estimate);
    for (const [q, estimate] of Object.entries(row.quantiles as Record<string, Estimate>))
      said.say(keyOf(by, row), `${of}_p${q.replace("0.", "").padEnd(2, "0")}`, estimate);
  }
  return said;
}

/** What the measures say that have the metrics in their own tables. */
async function measuresSay(store: Store, { metrics, ...own }: Asked): Promise<Saying[]> {
  const { by } = own;
  const sources = metrics.map((name) => metric(name).source);
  const said: Saying[] = [];
  for (const of of new Set(sources.flatMap((one) => (one.measure === "latency" ? [one.metric] : [])))) {
    const table = await orNothing(latency(store, { ...own, metric: of, q: [0.5, 0.9, 0.95, 0.99, 0.999] }));
    if (table !== undefined) said.push(latencySays(table, of, by));
  }
  const has = (measure: string) => sources.some((one) => one.measure === measure);
  if (has("cost"))
    said.push(columnsOf("cost", await orNothing(costColumns(store, own, new Set(metrics))), by));
  if (has("reliability")) said.push(columnsOf("reliability", await orNothing(reliability(store, own)), by));
  for (const score of new Set(sources.flatMap((one) => (one.measure === "quality" ? [one.score] : []))))
    said.push(await qualitySays(store, score, own));
  if (has("consistency")) said.push(await consistencySays(store, own));
  if (has("qualityByLength")) said.push(await contextSays(store, own));
  return said;
}

/** Where people labelled what a judge judged, the metric is the corrected rate. */
async function qualitySays(store: Store, score: string, own: AgreeOptions): Promise<Saying> {
  const said = new Saying("quality");
  for (const row of (await orNothing(quality(store, { ...own, score, alike: true })))?.rows ?? []) {
    const { mean, corrected } = row;
    const known = corrected !== undefined && Number.isFinite(corrected.value);
    said.say(keyOf(own.by, row), `score:${score}`, known ? corrected : mean);
  }
  return said;
}

async function consistencySays(store: Store, own: AgreeOptions): Promise<Saying> {
  const said = new Saying("consistency");
  for (const row of (await orNothing(consistency(store, { ...own, score: "good", k: [2] })))?.rows ?? []) {
    if (isEstimate(row.worst)) said.say(keyOf(own.by, row), "consistency:worst:good", row.worst);
    if (isEstimate(row.json_valid)) said.say(keyOf(own.by, row), "consistency:json_valid", row.json_valid);
    said.say(keyOf(own.by, row), "consistency:pass_hat_2:good", row.pass_hat?.["2"]);
  }
  return said;
}

async function contextSays(store: Store, own: AgreeOptions): Promise<Saying> {
  const said = new Saying("context-length");
  const bins = (await orNothing(qualityByLength(store, own)))?.rows ?? [];
  for (const group of new Set(bins.map((row) => keyOf(own.by, row)))) {
    const ofGroup = bins.filter((row) => keyOf(own.by, row) === group);
    said.say(group, "effective_context:0.5", heldContext(ofGroup, 0.5, binsCorrected(bins)));
  }
  return said;
}

/** Holds two sayings against each other in what both have. */
function differences(said: Saying, wanted: Saying): string[] {
  const both = (one: Saying, other: Saying) =>
    only(one, (group, name) => other.get(group, name) !== undefined);
  return disagreements(both(said, wanted), both(wanted, said));
}

type Place = (store: Store, asked: Asked, wanted: Saying) => Promise<string[]>;

const tableSays = async (store: Store, asked: Asked): Promise<Saying> =>
  columnsOf("metricTable", await orNothing(metricTable(store, asked)), asked.by);

/** The places that show a metric, and where each differs from the table of metrics of the same selection. */
export const places: Record<string, Place> = {
  measures: async (store, asked, wanted) =>
    (await measuresSay(store, asked)).flatMap((said) => differences(said, wanted)),

  "the outcome as a score": async (store, asked) => {
    const table = await tableSays(store, { ...asked, metrics: ["resolve_rate", "score:resolved"] });
    const outcomes = new Saying("metricTable, resolve_rate");
    for (const [group, numbers] of table.groups)
      outcomes.say(group, "score:resolved", numbers.get("resolve_rate"));
    return differences(outcomes, table);
  },

  distribution: async (store, { metrics: _, ...own }, __) => {
    const found: string[] = [];
    for (const { name, mean = `${name}_mean` } of unitNumbers) {
      const table = await orNothing(latencyDistribution(store, { ...own, metric: name, q: [0.5, 0.9] }));
      const said = new Saying("distribution");
      for (const row of table?.rows ?? []) {
        said.say(keyOf(own.by, row), mean, row.mean);
        for (const [q, estimate] of Object.entries(row.quantiles))
          if (Object.hasOwn(waits, name))
            said.say(keyOf(own.by, row), `${name}_p${10 * Number(q)}0`, estimate);
      }
      const wanted = [mean, ...(Object.hasOwn(waits, name) ? [`${name}_p50`, `${name}_p90`] : [])];
      const inTable = await orNothing(tableSays(store, { ...own, metrics: wanted }));
      if (inTable !== undefined) found.push(...differences(said, inTable));
    }
    return found;
  },

  route: async (store, asked) => {
    const table = await orNothing(route(store, asked));
    const said = new Saying("route");
    const by = [...asked.by.filter((name) => name !== "model"), "model"];
    const wanted = await tableSays(store, { ...asked, by, metrics: ["cost_per_task", "resolve_rate"] });
    for (const row of table?.candidates ?? []) {
      const group = keyOf(by, { ...row, model: row.model === "not given" ? null : row.model });
      // Calls without a task count as tasks there, and few tasks with a cost have no mean.
      const isOwn = row.tasks === wanted.get(group, "cost_per_task")?.n;
      if (isOwn && Number.isFinite(row.cost_per_task.value))
        said.say(group, "cost_per_task", row.cost_per_task);
      if (row.resolve_rate.n > 0) said.say(group, "resolve_rate", row.resolve_rate);
    }
    return differences(said, wanted);
  },

  "refused answers": async (store, { metrics: _, ...own }) => {
    const ended = await orNothing(qualityRefusals(store, { ...own, score: "good", rater: "judge" }));
    const said = new Saying("refusals");
    for (const row of ended?.rows ?? []) said.say(keyOf(own.by, row), "right", row.right);
    const wanted = new Saying("quality");
    for (const row of (await orNothing(quality(store, { ...own, score: "good", rater: "judge" })))?.rows ??
      []) {
      const group = keyOf(own.by, row);
      // Refused answers are not right or wrong there, nor are tasks in themselves.
      if (row.n === said.get(group, "right")?.n) wanted.say(group, "right", row.mean);
    }
    return differences(said, wanted);
  },

  "a score beside another, and by its judge": async (store, { metrics: _, ...own }) => {
    const wanted = new Saying("quality");
    const found = [new Saying("quality --beside"), new Saying("quality --judge")];
    const asked = { ...own, score: "good", rater: "judge" };
    await run(
      store.connection,
      `insert into scores (subject, subject_id, name, value, rater)
       select distinct subject, subject_id, 'whole', 0.5, 'rule' from scores where name = 'good'`,
    );
    for (const row of (await orNothing(quality(store, asked)))?.rows ?? [])
      for (const name of ["mean", "corrected"] as const)
        wanted.say(keyOf(own.by, row), name, row[name] ?? {});
    for (const row of (await orNothing(qualityBeside(store, { ...asked, beside: "whole", bins: 1 })))?.rows ??
      [])
      if (row.n === wanted.get(keyOf(own.by, row), "mean")?.n)
        for (const name of ["mean", "corrected"] as const)
          found[0].say(keyOf(own.by, row), name, row[name] ?? {});
    for (const row of (await orNothing(qualityJudge(store, { ...own, score: "good" })))?.rows ?? []) {
      found[1].say(keyOf(own.by, row), "mean", row.raw);
      if (row.labelled > 0) found[1].say(keyOf(own.by, row), "corrected", row.corrected);
    }
    return found.flatMap((said) => differences(said, wanted));
  },

  trend: async (store, { metrics, ...given }) => {
    // A single week is at the mix of its row by itself; several are brought to one, which changes each.
    const own = { ...given, where: both(given.where, "started_at < timestamp '2026-03-09'") };
    const found: string[] = [];
    for (const metric of metrics.filter(hasMix)) {
      const course = await orNothing(trend(store, { ...own, metric, per: "week" }));
      const said = new Saying("trend");
      for (const { by, points } of course?.series ?? [])
        if (points.length === 1) said.say(keyOf(own.by, by), metric, points[0].value);
      found.push(...differences(said, await tableSays(store, { ...own, metrics: [metric] })));
    }
    return found;
  },

  compare: async (store, asked) => {
    const sides = { a: "model = 'm0'", b: "model = 'm1'" };
    const metrics = asked.metrics.filter(isCompared);
    if (metrics.length === 0) return [];
    const said = await compareSays(store, metrics, { options: sides, ...sides }, asked);
    const found: string[] = [];
    for (const side of ["a", "b"] as const) {
      const wanted = await tableSays(store, { ...asked, where: both(asked.where, sides[side]) });
      if (said !== undefined) found.push(...differences(said[side], wanted));
    }
    return found;
  },

  choose: async (store, given) => {
    const asked = { ...given, by: ["model"] };
    const { criteria } = await chooseSays(store, asked.metrics, asked);
    return criteria === undefined ? [] : differences(criteria, await tableSays(store, asked));
  },

  plan: async (store, asked, wanted) => {
    const said = await planSays(store, asked.metrics, asked);
    return said === undefined ? [] : differences(said, wanted);
  },

  check: async (store, asked) => {
    const limits = asked.metrics.map(
      (name): Limit => ({ metric: name, at_most: metric(name).unit === "1" ? 1 : 1e9 }),
    );
    const checked = await orNothing(check(store, { ...asked, limits: { name: "all", limits } }));
    const byLevel = new Map<number, Saying>();
    for (const row of checked?.rows ?? []) {
      // Limits share one error rate, so their bounds are at levels of their own.
      const said = byLevel.get(row.value.level) ?? new Saying("check");
      said.say(keyOf(asked.by, row), row.metric, row.value);
      byLevel.set(row.value.level, said);
    }
    const found: string[] = [];
    for (const [level, said] of byLevel)
      found.push(...differences(said, await tableSays(store, { ...asked, level })));
    return found;
  },

  report: async (store, { where, level, metrics }) => {
    const asked: Asked = { by: ["model"], where, level, metrics };
    const report = await reportOf(store, { ...asked, profiles: [] });
    const tables = JSON.parse(JSON.stringify(report.tables, numberAsText), textAsNumber);
    const said = ["metrics", "cost", "reliability"].map((name) =>
      columnsOf(`the report's table ${name}`, tables[name], asked.by),
    );
    if (tables.latency !== undefined)
      said.push(latencySays(tables.latency, "duration", asked.by, "the report's table latency"));
    const wanted = await tableSays(store, asked);
    return said.flatMap((one) => differences(one, wanted));
  },
};

/**
 * Means of waits and numbers of users or conversations are no metrics to compare, and a score has one kind of rater on
 * both sides together, by definition.
 */
function isCompared(name: string): boolean {
  const { source } = metric(name);
  return source.measure === "latency"
    ? source.quantile !== "mean"
    : "over" in source && ["answers", "calls", "tasks"].includes(source.over);
}

const numberAsText = (_: string, value: unknown) =>
  typeof value === "number" && !Number.isFinite(value) ? `number ${value}` : value;
const textAsNumber = (_: string, value: unknown) =>
  typeof value === "string" && /^number (NaN|-?Infinity)$/.test(value) ? Number(value.slice(7)) : value;

/**
 * Where a metric's value, n or interval differs between the table of metrics and the other places that show it, for
 * one log, one selection, one level, one seed and one clustering.
 */
export async function everywhere(store: Store, asked: Asked, names = Object.keys(places)): Promise<string[]> {
  const wanted = await tableSays(store, asked);
  return (await Promise.all(names.map((name) => places[name](store, asked, wanted)))).flat();
}
