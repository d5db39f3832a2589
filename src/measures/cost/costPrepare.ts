import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { sparing } from "../../store/grain";
import { rowsOf, run } from "../../store/query";
import type { Selection } from "../../store/select";
import { statements } from "../../store/statements";
import { type GroupKey, type Ratios, ratiosOf } from "../estimate/ratios";
import type { MeasureOptions } from "../options";
import type { Row } from "../table";

type Name =
  | "plain"
  | "tasks"
  | "task_table"
  | "clusters"
  | "rows_of_clusters"
  | "by_grain"
  | "kinds"
  | "alone"
  | "calls_by_task"
  | "calls_of_tasks"
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
  /** The most that a call of the row cost. */
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
  { connection, clusterBy, hours }: Selection,
  credit: "first" | "last" = "first",
  users = false,
): Promise<CostCounts[]> {
  const byTask = clusterBy === "task_id";
  await run(
    connection,
    `set variable hours = ${hours}; set variable users = ${users}; set variable by_task = ${byTask}`,
  );
  const { answers_only, all_priced, all_in_tasks, all_chosen } = await taskViews(connection, credit);
  await run(connection, sql.task_table);
  if (tasksAlone(clusterBy)) {
    await run(connection, sql.alone);
    const plain = answers_only && all_priced && all_in_tasks && all_chosen;
    await run(connection, byTask ? (plain ? sql.calls_of_tasks : sql.calls_by_task) : sql.calls_alone);
    await run(connection, sql.rows_alone);
  } else {
    await run(connection, sql.clusters);
    await run(connection, sql.rows_of_clusters);
  }
  await run(connection, sql.kinds);
  return rowsOf<CostCounts>(connection, sql.rows);
}

/** What holds for all calls of a selection, so that it need not be looked at for each. */
type Plain = Record<"answers_only" | "all_priced" | "all_in_tasks" | "all_chosen" | "told_once", boolean>;

/** Makes the views of cost.sql that tell every task's group, cluster and costs. */
export async function taskViews(connection: DuckDBConnection, credit: "first" | "last"): Promise<Plain> {
  const [plain] = await rowsOf<Plain>(connection, sql.plain);
  const known = Object.entries(plain).map(([name, value]) => `set variable ${name} = ${value}`);
  await run(connection, [`set variable credit = '${credit}'`, ...known].join(";"));
  await run(connection, sql.tasks);
  return plain;
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
