import { join } from "node:path";
import { sparing } from "../../store/grain";
import { rowsOf, run } from "../../store/query";
import type { Selection } from "../../store/select";
import { statements } from "../../store/statements";
import { type GroupKey, type Ratios, ratiosOf } from "../estimate/ratios";
import type { MeasureOptions } from "../options";
import type { Row } from "../table";

type Name =
  | "plain"
  | "parts"
  | "pieces"
  | "tasks"
  | "kept"
  | "seen"
  | "clusters"
  | "rows_of_clusters"
  | "by_grain"
  | "kinds"
  | "alone"
  | "calls_by_task"
  | "calls_alone"
  | "rows_alone"
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

/** Fails for a credit that is none. */
export function checkCredit(credit: string = "first"): void {
  if (credit !== "first" && credit !== "last") {
    throw new RangeError(`cost requires credit "first" or "last", got "${String(credit)}"`);
  }
}

/** What a cluster of tasks is: where every call is its own, every task is. */
export function taskUnit({ clusterBy }: Selection): string {
  return clusterBy === "call_id" ? "task_id" : clusterBy;
}

/**
 * Makes the tables of tasks and of rows and the view `kinds` on the selection's connection; returns the rows.
 *
 * @param users whether a task is to have its user, where clusters do not tell it
 */
export async function prepare(
  selection: Selection,
  credit: "first" | "last" = "first",
  users = false,
): Promise<CostCounts[]> {
  const { connection, clusterBy, hours } = selection;
  // Tables of sums need the tasks once, unless hours or users are to be told as well.
  const once = !hours && !users && !tasksAlone(clusterBy);
  await taskTables(selection, { credit, users, hours, once });
  if (tasksAlone(clusterBy)) {
    await run(connection, sql.alone);
    await run(connection, clusterBy === "task_id" ? sql.calls_by_task : sql.calls_alone);
    await run(connection, sql.rows_alone);
  } else {
    await run(connection, sql.clusters);
    await run(connection, sql.rows_of_clusters);
  }
  await run(connection, sql.kinds);
  return rowsOf<CostCounts>(connection, sql.rows);
}

/** What the table of tasks is to tell. */
interface TaskTables {
  credit?: "first" | "last";
  /** The user and the hour of each task. */
  users?: boolean;
  hours?: boolean;
  /** True where it is read once: it then is a view. */
  once?: boolean;
}

/** Makes the table of cost.sql that tells every task's group, cluster and costs, `task_costs`. */
export async function taskTables(
  { connection, clusterBy }: Selection,
  { credit = "first", users = false, hours = false, once = false }: TaskTables = {},
): Promise<void> {
  const unit = clusterBy.replace(" and hour", "");
  await run(connection, `set variable credit = '${credit}'; set variable unit = '${unit}'`);
  const [plain] = await rowsOf<Record<string, boolean>>(connection, sql.plain);
  const known = { ...plain, users, hours, own_tasks: clusterBy === "call_id" };
  const set = Object.entries(known).map(([name, value]) => `set variable ${name} = ${value}`);
  await run(connection, set.join(";"));
  const tasks = [sql.parts, sql.pieces, sql.tasks, once ? sql.seen : sql.kept];
  await run(connection, tasks.join(";"));
}

const tasksAlone = (clusterBy: string) => clusterBy === "call_id" || clusterBy === "task_id";

/** The ratios of the rows that `prepare` has made. */
export function costRatios(
  selection: Selection,
  options: MeasureOptions,
  counts: readonly CostCounts[],
): Promise<Ratios> {
  const law = tasksAlone(selection.clusterBy) ? sql.power_sums_alone : undefined;
  const { connection, hours } = selection;
  const tasks = counts.reduce((sum, one) => sum + one.tasks, 0);
  const every = sparing(tasks, counts.length);
  const regroup = () => run(connection, sql.by_grain);
  return ratiosOf(connection, { ...options, hours, every, regroup, clusterBy: taskUnit(selection) }, law);
}
