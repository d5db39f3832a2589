import { callsAlone } from "../../facts/cluster";
import { clusterSampleRate } from "../../facts/grain";
import type { Selection } from "../../facts/select";
import { taskFacts, tasksAlone, tasksRead, taskTables, taskUnit } from "../../facts/tasks";
import { rowsOf, run } from "../../store/run";
import { statements } from "../../store/statements";
import { ratioSums, regroupedBy } from "../estimate/duckdbRatios";
import { type GroupKey, type Ratios, ratiosOf } from "../estimate/ratios";
import { atHighest, type RatioMetric } from "../metricKinds";
import { metricColumns, metricSums, unfolded } from "../metricSums";
import { money, ratiosIn } from "../metrics";
import type { MeasureOptions } from "../options";
import type { Row } from "../table";

const sql = statements(__dirname, "cost.sql");

/** The engine's counts for one row. */
export interface CostCounts {
  g: GroupKey;
  by: Row;
  /** True if some of the row's own calls lack a known cost, and none of those that were billed has one. */
  none_known: boolean;
  /**
   * The row's own calls, those whose cost is known, and among these the ones that failed before a token and are free, and all
   * that failed and cost nothing.
   */
  calls: number;
  priced: number;
  free: number;
  unbilled: number;
  without_task: number;
  unpriced_without_task: number;
  cost_without_task: number;
  tasks: number;
  with_outcome: number;
  resolved: number;
  /** Tasks whose answering calls belong to several rows. */
  mixed: number;
  /**
   * Calls of the row's tasks, the answering ones, and those that may have cost something but have no cost.
   */
  task_calls: number;
  attempts: number;
  unpriced: number;
  unpriced_with_outcome: number;
  cost: number;
  cost_with_outcome: number;
}

/** True if calls may have cost something, and those of the row itself that were billed have no known cost, or no call has. */
export function costsUnknown(counts: CostCounts): boolean {
  const { calls, priced, unpriced, cost, cost_without_task, none_known } = counts;
  if (unpriced + calls - priced === 0) return false;
  return cost + cost_without_task === 0 || none_known;
}

/** US dollars known to be spent on a row's tasks, with all their calls, and on its calls without one; NaN if nothing is known. */
export const totalCost = (counts: CostCounts): number =>
  costsUnknown(counts) ? Number.NaN : counts.cost + counts.cost_without_task;

const over = (unit: string) => ratiosIn("cost").filter(({ source }) => source.over === unit);
const [perCall] = over("calls");
const triedAgain = {
  ...perCall,
  name: "tried_again",
  unit: "1",
  source: { ...perCall.source, numerator: "attempts > 1" },
};
const perTask: RatioMetric[] = [...over("tasks"), triedAgain];
/** What a metric's estimate reads of another one. */
const readWith: Readonly<Record<string, string>> = {
  resolve_rate: "cost_per_resolved",
  tried_again: "attempts_per_task",
};

/** The metrics of tasks that are wanted, with what their estimates read of others; by default all. */
const perTaskOf = (wanted?: ReadonlySet<string>): RatioMetric[] =>
  perTask.filter(({ name }) => wanted === undefined || wanted.has(name) || wanted.has(readWith[name]));

/** The counts for a cluster of tasks, besides the sums of the metrics. */
const taskCounts = `any_value("user") as "user", count(*)::double as tasks, count(resolved)::double as with_outcome,
  count(*) filter (resolved)::double as resolved, count(*) filter (mixed)::double as mixed, sum(calls) as task_calls,
  sum(attempts) as attempts, sum(unpriced) as unpriced,
  sum(unpriced) filter (resolved is not null) as unpriced_with_outcome,
  sum(cost) as cost, sum(cost) filter (resolved is not null) as cost_with_outcome`;
/** The counts for a cluster of a row's own calls. */
const callCounts = `count(*)::double as calls, count(spent)::double as priced, count(*) filter (free)::double as free,
  count(*) filter (getvariable('without_cost') and failed and spent = 0)::double as unbilled,
  count(*) filter (place is null)::double as without_task,
  count(*) filter (place is null and unpriced)::double as unpriced_without_task,
  sum(spent) filter (place is null) as cost_without_task`;

/** These metrics, and those of money at their highest if some calls may lack a known cost. */
export const bounded = (metrics: readonly RatioMetric[], missesPrices: boolean): RatioMetric[] => [
  ...metrics,
  ...metrics.filter(({ unit }) => missesPrices && unit.startsWith("USD")).map(atHighest),
];

/** The SQL of a cost table that reads `selected`. */
export const costRead: readonly string[] = [
  tasksRead,
  ...Object.values(sql),
  callCounts,
  metricColumns(bounded([perCall], true)),
];

/**
 * The tables `task_sums` and `call_sums`: one row per group and cluster, or per group if every task is a
 * cluster.
 */
export function sumTables(alone: boolean, missesPrices = false, wanted?: ReadonlySet<string>): string {
  const sums = (metrics: RatioMetric[], counts: string, from: string, cluster: string) => {
    const unit = alone ? "0::ubigint" : cluster;
    const columns = [counts, metricColumns(metrics)].filter((text) => text !== "").join(", ");
    return `select g, ${unit} as unit, ${columns} from ${from} group by g, ${unit}`;
  };
  const highest = `, ${missesPrices ? "sum(cost_high)" : "null::double"} as cost_high`;
  const ofTasks = sums(
    bounded(perTaskOf(wanted), missesPrices),
    taskCounts + highest,
    "chosen_tasks",
    "cluster",
  );
  const ofCalls = sums(
    bounded([perCall], missesPrices),
    callCounts,
    "(from selected where chosen)",
    "hash(cluster)",
  );
  return `create or replace temp table task_sums as ${ofTasks}; create or replace temp table call_sums as ${ofCalls}`;
}

/**
 * Makes these tables on the selection's connection, and counts every row.
 *
 * @param wanted the metrics that are estimated from them. Default: all
 */
export async function costCounts(selection: Selection, wanted?: ReadonlySet<string>): Promise<CostCounts[]> {
  const { connection, clusterBy, hours, missesPrices } = selection;
  const alone = tasksAlone(clusterBy);
  // Clusters are summed up as tasks come in, unless hours or power sums need the tasks again.
  const again = hours || alone;
  // Conversations read the turns themselves.
  const onlyTasks = wanted !== undefined && !wanted.has("cost_per_conversation");
  await (again ? taskTables(selection, onlyTasks) : taskFacts(selection));
  await run(
    connection,
    `${again ? sql.read_again : sql.read_once}; ${sumTables(alone, missesPrices, wanted)}; ${sql.unpriced_groups}`,
  );
  return rowsOf<CostCounts>(connection, sql.rows);
}

/**
 * Makes the view `unpriced_groups` for a measure of tasks that counts no calls of its own: none of the costs of their calls
 * is known, whatever else their tasks cost.
 */
export async function unpricedGroups({ connection, missesPrices }: Selection): Promise<void> {
  const counted = `from selected where chosen and ${missesPrices} group by g`;
  await run(
    connection,
    `create or replace temp table call_sums as select g, ${callCounts} ${counted}; ${sql.unpriced_groups}`,
  );
}

/** The power sums where every task is a cluster; those of a call where every call is one, too. */
function shortLaw({ plain, byCall }: Record<"plain" | "byCall", boolean>): string {
  const ofTasks = `select * from (${sql.strata_law})${plain ? "" : " where kind not like 'cost_per_call%'"}`;
  return byCall ? `${ofTasks} union all by name (${sql.calls_law})` : ofTasks;
}

/** The ratios of the rows that `costCounts` has counted, for the same metrics. */
export async function costRatios(
  selection: Selection,
  options: MeasureOptions,
  counts: readonly CostCounts[],
  wanted?: ReadonlySet<string>,
): Promise<Ratios> {
  const { connection, clusterBy, hours, missesPrices } = selection;
  const alone = tasksAlone(clusterBy);
  // If every call is an answer within a task of its own row, sums over tasks are sums over calls: one pass is
  // saved.
  const plain =
    clusterBy === "task_id" &&
    counts.every((one) => one.calls === one.task_calls && one.attempts === one.task_calls && one.mixed === 0);
  const ofTasks = { ...money("cost"), denominator: "calls" };
  const calls = plain ? { ...perCall, source: { ...perCall.source, ...ofTasks } } : perCall;
  const [tasksAll, callsAll] = [bounded(perTaskOf(wanted), missesPrices), bounded([calls], missesPrices)];
  const ofCalls = metricSums(callsAll, "(from selected where chosen)", "hash(cluster)");
  const all = (task: string, there = "true") =>
    [
      metricSums(plain ? [...tasksAll, ...callsAll] : tasksAll, `(from chosen_tasks where ${there})`, task),
      ...(plain ? [] : [ofCalls]),
    ].join(" union all ");
  const summed = () => `${unfolded(tasksAll, "task_sums")} union all ${unfolded(callsAll, "call_sums")}`;
  if (alone) await run(connection, `${sql.priced}; ${sql.strata}`);
  const law = alone ? shortLaw({ plain, byCall: callsAlone(clusterBy) }) : undefined;
  const rest = plain || callsAlone(clusterBy) ? metricSums([], "") : ofCalls;
  const tasks = counts.reduce((sum, one) => sum + one.tasks, 0);
  const regrouped = regroupedBy(selection, (unit, there) => ratioSums(connection, all(unit, there)));
  return ratiosOf({ connection, regrouped }, alone ? all("cluster") : summed(), {
    ...options,
    hours,
    every: clusterSampleRate(tasks, counts.length),
    clusterBy: taskUnit(selection),
    ...(law === undefined ? {} : { law: { statement: law, rest } }),
  });
}
