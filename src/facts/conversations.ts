import type { DuckDBConnection } from "@duckdb/node-api";
import { rowsOf, run } from "../store/run";
import { statements } from "../store/statements";
import { conversationOutcomes, conversationOutcomesRead } from "./outcomes";
import type { Selection } from "./select";
import { tasksAlone } from "./tasks";

const sql = statements(__dirname, "conversations.sql");

/** The SQL of these that reads `selected` or `facts`. */
export const conversationsRead: readonly string[] = [...Object.values(sql), ...conversationOutcomesRead];

/**
 * Makes the table `conversation_facts` of a selection over whole tasks whose `turns` are there: a row for each conversation
 * and group that has a part in it.
 *
 * @param options `parted`: the query of its turns, each with the `side` of a comparison that it is on, which has a part of its
 * own; `ends`: false leaves `ended` and `resolved` empty, for measures that read neither
 */
export async function conversationFacts(
  selection: Selection,
  { parted = "select *, false as side from turns", ends = true }: { parted?: string; ends?: boolean } = {},
): Promise<void> {
  const { connection, clusterBy, credit } = selection;
  await run(connection, `create or replace temp view parted as ${parted}`);
  if (ends) await conversationOutcomes(selection);
  await run(connection, ends ? sql.ends_asked : sql.ends_unasked);
  await run(connection, sql.conversations, {
    last: credit === "last",
    every: credit === "all",
    alone: tasksAlone(clusterBy),
  });
}

/** What clusters conversations: if every call or task is its own cluster, so is every conversation. */
export const conversationUnit = ({ clusterBy }: Pick<Selection, "clusterBy">): string =>
  clusterBy.replace(/^(call|task)_id/, "conversation_id");

/** How many conversations each group of `conversation_facts` has a part in, and what is known of them. */
export interface ConversationCounts {
  g: string;
  /** Those with a part in the group, and those among them that other groups have a part in as well. */
  n: number;
  shared: number;
  /** Those whose outcome counts here, those of them whose outcome is known, and the resolved ones. */
  credited: number;
  with_outcome: number;
  resolved: number;
  calls: number;
  /** The fewest and the most turns that one of them has. */
  fewest_turns: number;
  most_turns: number;
  unpriced: number;
  cost: number;
  calls_with_outcome: number;
  unpriced_with_outcome: number;
  cost_with_outcome: number;
}

/** The counts of every group. */
export const conversationCounts = (connection: DuckDBConnection): Promise<ConversationCounts[]> =>
  rowsOf<ConversationCounts>(connection, sql.counts);

/** How many conversations there are, and how many of them several groups have a part in. */
export async function sharedConversations(
  connection: DuckDBConnection,
): Promise<{ conversations: number; shared: number }> {
  return (await rowsOf<{ conversations: number; shared: number }>(connection, sql.shared))[0];
}

/** Whether calls of the log name their conversation, or there is none to do so; how many are chosen, and those without one. */
export async function callsNaming({
  connection,
}: Selection): Promise<{ there: boolean; calls: number; without: number }> {
  return (await rowsOf<{ there: boolean; calls: number; without: number }>(connection, sql.any))[0];
}

/** Asked of conversations in a log whose calls name none. */
export class NoConversations extends RangeError {
  override readonly name = "RangeError";
}

/** Fails if no call of the log names its conversation; else how many of the chosen calls do not. */
export async function callsOutside(
  caller: string,
  selection: Selection,
): Promise<{ calls: number; without: number }> {
  const { there, ...counts } = await callsNaming(selection);
  if (there) return counts;
  throw new NoConversations(
    `${caller} requires calls with a conversation_id for grain "conversation", and none has one; map the column of the session or thread to conversation_id at ingest, or use grain "task"`,
  );
}
