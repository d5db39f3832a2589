import { join } from "node:path";
import { sparing } from "../../store/grain";
import { rowsOf, run } from "../../store/query";
import type { Selection } from "../../store/select";
import { statements } from "../../store/statements";
import { type GroupKey, type Ratios, ratiosOf } from "../estimate/ratios";
import type { MeasureOptions } from "../options";
import type { Row } from "../table";
import {
  callCosts,
  keepTasks,
  lookedInDetail,
  type TasksTold,
  tasksAlone,
  taskUnit,
  taskViews,
} from "./tasks";

type Name =
  | "task_units"
  | "call_units"
  | "summed"
  | "detail_sums"
  | "kept_sums"
  | "calls_of_tasks"
  | "calls_apart"
  | "rows_of_clusters"
  | "calls_alone"
  | "tasks_alone"
  | "calls_of_tasks_alone"
  | "calls_apart_alone"
  | "rows_alone"
  | "kinds"
  | "squares"
  | "power_sums_alone"
  | "rows";
const sql = statements<Name>(join(__dirname, "cost.sql"));

/** What the engine tells of one row. */
export interface CostCounts {
  g: GroupKey;
  by: Row;
  calls: number;
  /** Calls whose cost is known: logged, priced, or failed before a token was read. */
  counted: number;
  unpriced_calls: number;
  /** Of the unpriced calls of tasks, those that may have cost something. */
  unpriced: number;
  settled_unpriced: number;
  /** Calls that failed without a token and without a cost: they count as free. */
  free: number;
  without_task: number;
  /** Of these, those that may have cost something and have no cost. */
  unpriced_without_task: number;
  /** Users with tasks or calls of the row, where clusters are users. */
  users: number;
  tasks: number;
  /** Tasks that are known to be resolved or not. */
  settled: number;
  resolved: number;
  /** Tasks whose answering calls belong to several rows. */
  mixed: number;
  /** Calls of the row's tasks, and those of them that answer. */
  task_calls: number;
  attempts: number;
  /** The most that a call of the row cost, where one has no cost. */
  dearest: number | null;
  cost: number;
  settled_cost: number;
  total_cost: number;
}

/**
 * Makes the tables of clusters and of rows on the selection's connection.
 *
 * @param tasks true where the table of tasks, `task_costs`, is to stand as well
 */
export async function prepare(
  selection: Selection,
  { tasks = false, ...told }: TasksTold & { tasks?: boolean } = {},
): Promise<CostCounts[]> {
  const { connection, clusterBy, hours } = selection;
  const alone = tasksAlone(clusterBy);
  // Tables of sums need the tasks once, unless hours or users are to be told as well.
  const kept = tasks || hours || alone || told.users === "owners";
  const { plain } = await taskViews(selection, told, kept);
  await run(connection, sql.task_units);
  if (!kept) await run(connection, sql.summed);
  const split = kept ? await keepTasks(connection) : await lookedInDetail(connection);
  if (split && !kept) await run(connection, sql.detail_sums);
  // Where nothing but tasks is there, and each whole, what they tell need not be summed up again by calls.
  const same = plain && !split;
  // Hours and pairs of models look at calls in any case.
  if (!same || hours || tasks || clusterBy === "call_id") {
    await callCosts(connection);
    await run(connection, sql.call_units);
  }
  if (alone) {
    if (clusterBy === "call_id") await run(connection, sql.calls_alone);
    const calls = same && clusterBy !== "call_id" ? sql.calls_of_tasks_alone : sql.calls_apart_alone;
    await run(connection, [sql.tasks_alone, calls, sql.rows_alone].join(";"));
  } else {
    const calls = same ? sql.calls_of_tasks : sql.calls_apart;
    await run(connection, [...(kept ? [sql.kept_sums] : []), calls, sql.rows_of_clusters].join(";"));
  }
  return rowsOf<CostCounts>(connection, sql.rows);
}

/** The ratios of the rows that `prepare` has made. */
export async function costRatios(
  selection: Selection,
  options: MeasureOptions,
  counts: readonly CostCounts[],
): Promise<Ratios> {
  const { connection, clusterBy, hours } = selection;
  const tasks = counts.reduce((sum, one) => sum + one.tasks, 0);
  const every = sparing(tasks, counts.length);
  await run(connection, sql.kinds);
  const law = tasksAlone(clusterBy) ? sql.power_sums_alone : undefined;
  const own = { ...options, hours, every, clusterBy: taskUnit(selection) };
  return ratiosOf(connection, own, { law, squares: sql.squares });
}
