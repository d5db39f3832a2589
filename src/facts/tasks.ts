import { run } from "../store/run";
import { statements } from "../store/statements";
import { callsAlone } from "./cluster";
import { noteContradictions, outcomesView } from "./outcomes";
import type { Selection } from "./select";

const sql = statements(__dirname, "tasks.sql");

/** The SQL of it that reads `selected`. */
export const tasksRead = sql.tasks;

/** Makes the views `turns` and `task_facts` of a selection over whole tasks, and notes if files disagree on their outcomes. */
export async function taskFacts(selection: Selection): Promise<void> {
  await outcomesView(selection.connection);
  await run(selection.connection, sql.tasks);
  await noteContradictions(selection, "task");
}

/** Makes `task_facts`, and a table `task_costs` of the chosen tasks, for measures that read them several times. */
export async function taskTables(selection: Selection): Promise<void> {
  await taskFacts(selection);
  await run(selection.connection, sql.task_costs);
}

/** What clusters tasks: if every call is its own cluster, so is every task. */
export const taskUnit = ({ clusterBy }: Pick<Selection, "clusterBy">): string =>
  clusterBy.replace(/^call_id/, "task_id");

/** True if every task is a cluster. */
export const tasksAlone = (clusterBy: string): boolean =>
  callsAlone(clusterBy) || clusterBy.startsWith("task_id");
