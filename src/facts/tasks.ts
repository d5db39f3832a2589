import { run } from "../store/run";
import { statements } from "../store/statements";
import { callsAlone } from "./cluster";
import { noteContradictions, outcomesView } from "./outcomes";
import type { Selection } from "./select";

const sql = statements(__dirname, "tasks.sql");

const tasksIn = (kind: "table" | "view"): string =>
  `create or replace temp ${kind} turns as ${sql.turns};\n${sql.task_facts}`;

/** The SQL of it that reads `selected`. */
export const tasksRead = tasksIn("table");

/**
 * Makes `turns` and the view `task_facts` of a selection over whole tasks, and notes if files disagree on their outcomes.
 *
 * @param once true where they are read once: `turns` is then a view, and the engine computes only the columns that are read
 */
export async function taskFacts(selection: Selection, once = false): Promise<void> {
  await outcomesView(selection.connection);
  await run(selection.connection, tasksIn(once ? "view" : "table"));
  await noteContradictions(selection, "task");
}

/**
 * Makes `task_facts`, and a table `task_costs` of the chosen tasks, for measures that read them several times.
 *
 * @param alone true where nothing but `task_costs` is read afterwards
 */
export async function taskTables(selection: Selection, alone = false): Promise<void> {
  await taskFacts(selection, alone);
  await run(selection.connection, sql.task_costs);
}

/** What clusters tasks: if every call is its own cluster, so is every task. */
export const taskUnit = ({ clusterBy }: Pick<Selection, "clusterBy">): string =>
  clusterBy.replace(/^call_id/, "task_id");

/** True if every task is a cluster. */
export const tasksAlone = (clusterBy: string): boolean =>
  callsAlone(clusterBy) || clusterBy.startsWith("task_id");
