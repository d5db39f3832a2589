import { join } from "node:path";
import { rowsOnce } from "../store/once";
import { run } from "../store/run";
import { statements } from "../store/statements";
import type { Selection } from "./select";

type Name = "outcomes" | "outcomes_once" | "outcome_once" | "tasks" | "task_costs";
const sql = statements<Name>(join(__dirname, "tasks.sql"));

/** The SQL of it that reads `selected`. */
export const tasksRead = sql.tasks;

/** Makes the view `task_facts` of a selection over whole tasks. */
export async function taskFacts({ connection }: Selection): Promise<void> {
  const [{ once }] = await rowsOnce<{ once: boolean }>(connection, sql.outcome_once);
  await run(connection, `${once ? sql.outcomes_once : sql.outcomes}; ${sql.tasks}`);
}

/** Makes `task_facts`, and a table `task_costs` of the chosen tasks, for measures that read them several times. */
export async function taskTables(selection: Selection): Promise<void> {
  await taskFacts(selection);
  await run(selection.connection, sql.task_costs);
}

/** What clusters tasks: if every call is its own cluster, so is every task. */
export const taskUnit = ({ clusterBy }: Selection): string =>
  clusterBy === "call_id" ? "task_id" : clusterBy;

/** True if every task is a cluster. */
export const tasksAlone = (clusterBy: string): boolean =>
  clusterBy === "call_id" || clusterBy.startsWith("task_id");
