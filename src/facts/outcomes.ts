import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { grouped } from "../stats/text";
import { rowsOnce } from "../store/once";
import { rowsOf, run } from "../store/run";
import { statements } from "../store/statements";

type Name =
  | "any_twice"
  | "outcomes_once"
  | "outcomes"
  | "trusted"
  | "all_alike"
  | "contradictions"
  | "about"
  | "conversations"
  | "counts";
const sql = statements<Name>(join(__dirname, "outcomes.sql"));

/**
 * Makes the view `outcomes`: task_id, its hash `task`, `resolved` (empty if unknown), and `contradicted`, true if it is
 * unknown because files disagree. A task of which no file says anything has no row.
 */
export async function outcomesView(connection: DuckDBConnection): Promise<void> {
  const [{ twice }] = await rowsOnce<{ twice: boolean }>(connection, sql.any_twice);
  if (!twice) return void (await run(connection, sql.outcomes_once));
  await run(connection, `${(await isOrdered(connection)) ? sql.trusted : sql.all_alike}; ${sql.outcomes}`);
}

/** Whether the user gave an order of sources; a store of an earlier version, and other engines, have none. */
const isOrdered = async (connection: DuckDBConnection): Promise<boolean> =>
  (await rowsOnce(connection, "select source from outcome_order limit 1").catch(() => [])).length > 0;

/** Makes the view `about_tasks`: prompt, user and conversation of each task that the log has a row of. */
export const aboutTasksView = (connection: DuckDBConnection): Promise<number> => run(connection, sql.about);

/** Makes the view `conversation_outcomes`: what became of conversations that have an outcome of their own. */
export const conversationOutcomesView = (connection: DuckDBConnection): Promise<number> =>
  run(connection, sql.conversations);

/** How many tasks a store has, and of how many tasks and whole conversations the outcome is known. */
export type TaskCounts = Record<"tasks" | "with_outcome" | "conversation_outcomes", number>;

/** Counts tasks and outcomes. */
export async function taskCounts(connection: DuckDBConnection): Promise<TaskCounts> {
  await outcomesView(connection);
  await conversationOutcomesView(connection);
  return (await rowsOf<TaskCounts>(connection, sql.counts))[0];
}

interface Contradictions {
  /** Tasks whose files disagree on the outcome, and those of them whose outcome stays unknown. */
  disputed: number;
  contradicted: number;
}

/** What a reader has to know of outcomes on which the files of a store disagree, in a sentence; empty if none do. */
export async function contradictionNotes(connection: DuckDBConnection): Promise<string[]> {
  const [{ twice }] = await rowsOnce<{ twice: boolean }>(connection, sql.any_twice);
  if (!twice) return [];
  await outcomesView(connection);
  const [{ disputed, contradicted }] = await rowsOnce<Contradictions>(connection, sql.contradictions);
  if (disputed === 0) return [];
  const what = `Files disagree on the outcome of ${grouped(disputed)} ${disputed === 1 ? "task" : "tasks"}`;
  const order = "fieldnotes ingest --outcomes-from says which file to believe";
  if (disputed === contradicted)
    return [`${what}: ${disputed === 1 ? "it counts" : "they count"} as unknown (${order}).`];
  const rest =
    contradicted === 0
      ? ""
      : `, and ${grouped(contradicted)} ${contradicted === 1 ? "stays" : "stay"} unknown (${order})`;
  return [`${what}: the newest counts, then the file named first${rest}.`];
}
