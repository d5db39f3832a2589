import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { rowsOf, run } from "../../store/query";
import { quoteText } from "../../store/quote";
import type { Selection } from "../../store/select";
import { statements } from "../../store/statements";

type Name =
  | "exceptions"
  | "outcomes"
  | "mostly"
  | "parts"
  | "call_costs"
  | "tasks"
  | "kept"
  | "some_split"
  | "detail"
  | "kept_detail";
const sql = statements<Name>(join(__dirname, "tasks.sql"));

/** What tasks are to tell. */
export interface TasksTold {
  /** Which answering call names the row of a task. Default "first". */
  credit?: "first" | "last";
  /** Whether users are to be told, and whether clusters are these. Default "none". */
  users?: "clusters" | "owners" | "none";
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

/** Whether every task is a cluster. */
export const tasksAlone = (clusterBy: string): boolean =>
  clusterBy === "call_id" || clusterBy.startsWith("task_id");

/** Makes the table of tasks.sql that tells every task's group, cluster and costs, `task_costs`. */
export async function taskTables(selection: Selection): Promise<void> {
  await taskViews(selection, {}, true);
  await keepTasks(selection.connection);
}

/** What may be so of every call, and then need not be looked at. */
const plainNames = ["answers_only", "all_priced", "all_in_tasks", "all_chosen", "all_clustered"];

/**
 * Makes the views of calls and tasks of tasks.sql, which leave out whatever the log does not need.
 *
 * @returns `plain`: true where every call answers, has a cost and a cluster and is part of a task
 */
export async function taskViews(
  { connection, clusterBy, hours }: Selection,
  { credit = "first", users = "none" }: TasksTold,
  kept: boolean,
): Promise<{ plain: boolean }> {
  const unit = clusterBy.replace(" and hour", "");
  const alone = tasksAlone(clusterBy);
  const found = await rowsOf<{ name: string }>(connection, sql.exceptions, { unit });
  const exceptions = new Set(found.map(({ name }) => name));
  const plain = Object.fromEntries(plainNames.map((name) => [name, !exceptions.has(name)]));
  const [outcomes] = await rowsOf<{ some_told: boolean; told_once: boolean }>(connection, sql.outcomes);
  const [mostly] =
    plain.all_priced && outcomes.told_once
      ? [{ most_priced: true, ingest: null }]
      : await rowsOf<{ most_priced: boolean; ingest: number | null }>(connection, sql.mostly);
  const log = {
    ...plain,
    // Where tasks are clusters, calls need not tell one.
    paired: plain.all_clustered && plain.answers_only && !alone,
    ...outcomes,
    ...mostly,
    credit: quoteText(credit),
    unit: quoteText(unit),
    own_tasks: alone,
    hours,
    users: users === "owners",
    user_clusters: users === "clusters",
    kept,
  };
  const fields = Object.entries(log).map(([name, value]) => `${name}: ${value}`);
  const known = `set variable log = {${fields.join(", ")}}`;
  await run(connection, [known, sql.parts, sql.tasks].join(";"));
  const { answers_only, all_priced, all_in_tasks, all_clustered } = plain;
  return { plain: answers_only && all_priced && all_in_tasks && all_clustered };
}

/** Makes the view `call_costs`, the chosen calls, each in its own group and cluster. */
export async function callCosts(connection: DuckDBConnection): Promise<void> {
  await run(connection, sql.call_costs);
}

/** Keeps the tasks of the views in the table `kept`; true where some are split, and told by the look in detail. */
export async function keepTasks(connection: DuckDBConnection): Promise<boolean> {
  await run(connection, sql.kept);
  const split = await lookedInDetail(connection);
  if (split) await run(connection, sql.kept_detail);
  return split;
}

/** Makes the table `detail` of the tasks in the table `split`, where there are any. */
export async function lookedInDetail(connection: DuckDBConnection): Promise<boolean> {
  const [{ some_split }] = await rowsOf<{ some_split: boolean }>(connection, sql.some_split);
  if (some_split) await run(connection, sql.detail);
  return some_split;
}
