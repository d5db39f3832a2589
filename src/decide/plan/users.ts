import { conversationFacts } from "../../facts/conversations";
import { select } from "../../facts/select";
import { taskFacts } from "../../facts/tasks";
import { type Metric, waits } from "../../measures/metricKinds";
import type { MeasureRequest } from "../../measures/options";
import { rowKey } from "../../measures/rowKey";
import type { Row } from "../../measures/table";
import type { Store } from "../../store/open";
import { rowsOf, run } from "../../store/run";
import { statements } from "../../store/statements";

const sql = statements(__dirname, "plan.sql");

/** Parts into which plan.sql cuts the days of a log: days, if it has two weeks of them. */
const SLOTS = 14;

/** What each cluster of a group brought in each slot of the log's days, as running totals. */
export interface ClusterSlots {
  days: number;
  slots: number;
  /** Clusters of the group, of which at most 20,000 are listed. */
  clusters: number;
  /** The metric's numerator over its denominator. */
  ratio: number;
  /** For each listed cluster, `slots` + 1 running totals of the denominator and of the numerator. */
  sizes: Float64Array;
  totals: Float64Array;
}

const answers = { population: "answers", from: "selected" } as const;
// A task's cluster by its name: an engine's hash of it would sort differently from one engine to another.
const tasks =
  "(select task_facts.* replace (named as cluster), begun from task_facts join (select hash(task_id) as task, begun, cluster as named from selected where owner) using (task) where chosen)";
const conversations =
  "(select conversation_facts.* replace (named as cluster), begun from conversation_facts join (select at_row, begun, cluster as named from selected) using (at_row))";
const units = {
  answers,
  calls: { population: "tasks", from: "(from selected where chosen)" },
  tasks: { population: "tasks", from: tasks },
  conversations: { population: "tasks", from: conversations },
} as const;

/** Where the units of a metric are, and their c and r as SQL; undefined if it is no ratio of sums over them. */
function readingOf({ source }: Metric) {
  if ("over" in source) {
    if (!(source.over in units)) return undefined;
    const { numerator, denominator = "1" } = source;
    return { ...units[source.over as keyof typeof units], c: `(${numerator})`, r: `(${denominator})` };
  }
  if (source.measure !== "latency") return undefined;
  const { fact } = waits[source.metric];
  if (source.quantile === "mean") return { ...answers, c: fact, r: "1" };
  // Of each group, whether a wait is longer than its quantile.
  const bounds = `(select g, quantile_disc(${fact}, ${source.quantile}) as bound from selected group by g)`;
  return { ...answers, from: `selected join ${bounds} using (g)`, c: `(${fact} > bound)`, r: "1" };
}

/** The calls themselves, for metrics that are no ratios of sums. */
export const calls = { ...answers, c: "1", r: "1" } as const;

/** True if a metric is planned from sums over its own units. */
export const hasOwnUnits = (metric: Metric) => readingOf(metric) !== undefined;

/** What the clusters of each group brought to a metric, or where it is no ratio of sums, how many calls they made. */
export async function clusterSlots(
  store: Store,
  metric: Metric | undefined,
  request: MeasureRequest,
): Promise<{ found: Map<string, ClusterSlots>; clusterBy: string; notes: string[] }> {
  const { population, from, c, r } = (metric === undefined ? undefined : readingOf(metric)) ?? calls;
  const selection = await select(store, request, { population });
  try {
    const { connection, clusterBy, notes } = selection;
    if (from === tasks || from === conversations) await taskFacts(selection);
    if (from === conversations) await conversationFacts(selection);
    await run(
      connection,
      `create or replace temp view plan_units as select g, cluster, begun, ${c} as c, ${r} as r from ${from}`,
    );
    const rows = await rowsOf<Found>(connection, sql.users);
    const found = new Map(rows.map((row) => [rowKey(selection.by, row.by), slotsOf(row)]));
    return { found, clusterBy, notes };
  } finally {
    selection.close();
  }
}

interface Found {
  by: Row;
  days: number;
  clusters: number;
  total: number;
  size: number;
  /** For each listed cluster what it brought in a slot: c0 to c13, r0 to r13. */
  [list: string]: unknown;
}

function slotsOf(found: Found): ClusterSlots {
  const row = SLOTS + 1;
  const running = (name: "c" | "r") => {
    const lists = Array.from({ length: SLOTS }, (_, slot) => found[`${name}${slot}`] as number[]);
    const sums = new Float64Array(lists[0]!.length * row);
    for (let at = 0; at < sums.length; at++)
      if (at % row > 0) sums[at] = sums[at - 1]! + lists[(at % row) - 1]![Math.floor(at / row)]!;
    return sums;
  };
  const { days, clusters, total, size } = found;
  return { days, slots: SLOTS, clusters, ratio: total / size, sizes: running("r"), totals: running("c") };
}
