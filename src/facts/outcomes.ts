import type { DuckDBConnection } from "@duckdb/node-api";
import { counted, grouped } from "../stats/text";
import { rowsOnce } from "../store/once";
import { quoteText } from "../store/quote";
import { rowsOf, run } from "../store/run";
import { statements } from "../store/statements";

const sql = statements(__dirname, "outcomes.sql");

/**
 * Makes the view `outcomes`: task_id with its hash `task`, or conversation_id where the outcome is that of a whole
 * conversation; `resolved` (empty if unknown); `disputed`, true if files disagree, and `contradicted`, true if it is unknown
 * for that. What no file says anything of has no row.
 */
export async function outcomesView(connection: DuckDBConnection): Promise<void> {
  const [{ twice }] = await rowsOnce<{ twice: boolean }>(connection, sql.any_twice);
  if (!twice) return void (await run(connection, sql.outcomes_once));
  await run(connection, `${(await isOrdered(connection)) ? sql.trusted : sql.all_alike}; ${sql.outcomes}`);
}

/** What resolves a conversation by each declared rule; two more read a score. */
const rules: Record<string, { sql: string; is: string }> = {
  "left-after-failure": {
    sql: sql.by_failure,
    is: "its last answer did not fail, nor did its task as far as the log says",
  },
  "left-midway": {
    sql: sql.by_leaving,
    is: "its last answer was not cancelled, cut off or left waiting for a tool",
  },
  "came-back": { sql: sql.by_return, is: "its user begins no other of the same workload within a day" },
};
const ofScore = /^(no-)?score:(.+)$/;

/** The score that a rule reads; undefined for one that reads none. */
export const scoreOfRule = (rule: string | undefined): string | undefined => ofScore.exec(rule ?? "")?.[2];

/** Throws for what is no rule. */
export function checkRule(caller: string, rule: string): void {
  if (rule === "logged" || Object.hasOwn(rules, rule) || ofScore.test(rule)) return;
  throw new RangeError(
    `${caller} requires outcomeRule to be logged, ${Object.keys(rules).join(", ")}, score:NAME or no-score:NAME, got ${JSON.stringify(rule)}`,
  );
}

/** The SQL of conversations' outcomes that reads `facts`. */
export const conversationOutcomesRead: readonly string[] = [
  sql.of_conversations,
  ...[...Object.values(rules).map((rule) => rule.sql), sql.by_score],
];

/**
 * Makes the view `conversation_outcomes`, once `outcomes` is there: how each conversation ended, of those where that is told, or
 * as a declared rule says, which the notes then tell.
 */
export async function conversationOutcomes({ connection, notes, outcomeRule: rule }: Noted): Promise<void> {
  if (rule === undefined) return void (await run(connection, sql.of_conversations));
  const [, lacks, name] = ofScore.exec(rule) ?? [];
  if (name === undefined) await run(connection, rules[rule].sql);
  else
    await run(
      connection,
      `set variable rule_score = ${quoteText(name)}; set variable rule_lacks = ${lacks !== undefined}; ${sql.by_score}`,
    );
  const ofName = lacks === undefined ? `its last score ${name} is` : `no score ${name} of it is`;
  const said = `Declared: a conversation is resolved if ${name === undefined ? rules[rule].is : `${ofName} above 0.5`} (outcome-rule ${rule}); what the log says of whole conversations is not used.`;
  if (!notes.includes(said)) notes.push(said);
}

/** Whether the user gave an order of sources; a store of an earlier version, and other engines, have none. */
const isOrdered = async (connection: DuckDBConnection): Promise<boolean> =>
  (await rowsOnce(connection, "select source from outcome_order limit 1").catch(() => [])).length > 0;

/** Makes the view `about_tasks`: prompt, user and conversation of each task that the log has a row of. */
export const aboutTasksView = (connection: DuckDBConnection): Promise<number> => run(connection, sql.about);

/** How many tasks a store has, and of how many tasks and whole conversations the outcome is known. */
export type TaskCounts = Record<"tasks" | "with_outcome" | "conversation_outcomes", number>;

/** Counts tasks and outcomes. */
export async function taskCounts(connection: DuckDBConnection): Promise<TaskCounts> {
  await outcomesView(connection);
  return (await rowsOf<TaskCounts>(connection, sql.counts))[0];
}

/** Tasks and conversations whose files disagree on the outcome, and those of them whose outcome stays unknown. */
type Contradictions = Record<"tasks" | "conversations" | "unknown_tasks" | "unknown_conversations", number>;

/**
 * What a reader has to know of outcomes on which the files of a store disagree, in a sentence; empty if none do.
 *
 * @param of whose outcomes; by default those of tasks and of whole conversations
 */
export async function contradictionNotes(
  connection: DuckDBConnection,
  of?: "task" | "conversation",
): Promise<string[]> {
  const [{ twice }] = await rowsOnce<{ twice: boolean }>(connection, sql.any_twice);
  if (!twice) return [];
  await outcomesView(connection);
  const [found] = await rowsOnce<Contradictions>(connection, sql.contradictions);
  const tasks = of === "conversation" ? 0 : found.tasks;
  const conversations = of === "task" ? 0 : found.conversations;
  const disputed = tasks + conversations;
  if (disputed === 0) return [];
  const contradicted =
    (of === "conversation" ? 0 : found.unknown_tasks) + (of === "task" ? 0 : found.unknown_conversations);
  const whose = [
    ...(tasks === 0 ? [] : [counted(tasks, "task")]),
    ...(conversations === 0 ? [] : [counted(conversations, "conversation")]),
  ];
  const what = `Files disagree on the outcome of ${whose.join(" and ")}`;
  const order = "fieldnotes ingest --outcomes-from says which file to believe";
  if (disputed === contradicted)
    return [`${what}: ${disputed === 1 ? "it counts" : "they count"} as unknown (${order}).`];
  const rest =
    contradicted === 0
      ? ""
      : `, and ${grouped(contradicted)} ${contradicted === 1 ? "stays" : "stay"} unknown (${order})`;
  return [`${what}: the newest counts, then the file named first${rest}.`];
}

/** A connection with the notes of what is measured on it. */
export interface Noted {
  connection: DuckDBConnection;
  notes: string[];
  /** The declared rule by which conversations are resolved; absent where the log says it. */
  outcomeRule?: string | undefined;
}

/** Notes once that files disagree on the outcomes of what is measured, if they do. */
export async function noteContradictions(
  { connection, notes }: Noted,
  of: "task" | "conversation",
): Promise<void> {
  for (const note of await contradictionNotes(connection, of)) if (!notes.includes(note)) notes.push(note);
}
