import {
  callsOutside,
  conversationsRead,
  conversationUnit,
  sharedConversations,
} from "../../facts/conversations";
import { givenRead, likeOutcome } from "../../facts/judgements";
import { type Selection, select } from "../../facts/select";
import type { Estimate } from "../../stats/estimate";
import { grouped, percent } from "../../stats/text";
import { rateAtWorst } from "../../stats/worstCase";
import type { Store } from "../../store/open";
import { sumOf, withCalls } from "../behind";
import { columnDoubts, rowsDoubted } from "../columnDoubts";
import { type MeasureOptions, requestOf } from "../options";
import { correctedCell, ruleCorrections } from "../quality/corrections";
import type { Keyed, Table } from "../table";
import { noCallSelected } from "../whyEmpty";
import { type ConversationRatios, conversationRatios } from "./conversationRatios";
import { noOutcome } from "./costNotes";
import { type CostCounts, costCounts, costRead, costsUnknown, totalCost } from "./costRatios";
import { unpricedNote } from "./costUnpriced";

/** One line of a cost table of conversations. */
export type ConversationCostRow = Keyed<{
  /** Calls made to the row's own model. */
  calls: number;
  /** Conversations that the row has a part in: a task of its own, or a call without a task. */
  conversations: number;
  /** Those among them that are known to be resolved and whose outcome is credited to the row. */
  resolved: number;
  /** As in the table of tasks: the sum over rows is the bill. */
  total_cost: number;
  unpriced_calls: number;
  /** What was spent in the row, over the conversations that it has a part in. */
  cost_per_conversation: Estimate;
  /** The same of conversations whose outcome is known, over the resolved ones. */
  cost_per_resolved_conversation: Estimate;
  /** Tasks, and calls without a task, that the row answered. */
  turns_per_conversation: Estimate;
  /** Seconds waited for them, added up. */
  time_per_conversation: Estimate;
  conversation_resolve_rate: Estimate;
  /** By a declared rule, if people labelled some of these conversations: that rate corrected for the rule's errors (see `quality`). */
  corrected?: Estimate;
}>;

/** The cost table at the grain of conversations. */
export async function conversationCosts(
  store: Store,
  options: MeasureOptions,
  wanted?: ReadonlySet<string>,
): Promise<Table<ConversationCostRow>> {
  const request = requestOf("cost", options);
  const reads = [...costRead, ...conversationsRead, ...givenRead, "spent"];
  const selection = await select(store, request, { population: "tasks", hours: true, reads });
  try {
    const outside = await callsOutside("cost", selection);
    const counts = await costCounts(selection);
    const ratios = await conversationRatios(selection, options, { wanted });
    const correction = await ruleCorrections(selection, {
      ...options,
      clusterBy: conversationUnit(selection),
    });
    const known = counts.map((sums) => ({
      ...rowOf(sums, selection.by, ratios),
      ...atWorst(correctedCell(correction?.corrected, String(sums.g)), ratios.counts.get(sums.g)),
    }));
    const rows = rowsDoubted(known, await columnDoubts(store, request, selection.by));
    const notes = await notesOf(selection, counts, { ratios, outside });
    if (correction !== undefined) notes.push(...correction.notes, costByRule);
    return withCalls(
      { measure: "cost", by: selection.by, rows, notes },
      (again) => conversationCosts(again, options, wanted),
      {
        from: "select g, at_row, cost as amount, conversation as unit from conversation_facts",
        amount: { name: "cost", sum: "the cost", first: "dearest" },
        counted: "conversations",
        n: ({ conversations }) => conversations,
        total: ({ cost_per_conversation }) => sumOf(cost_per_conversation),
      },
    );
  } finally {
    selection.close();
  }
}

/** A corrected rate with what the conversations may make of it of which the rule says nothing. */
const atWorst = (
  { corrected }: { corrected?: Estimate },
  own: { with_outcome: number; credited: number } | undefined,
): { corrected?: Estimate } =>
  corrected === undefined || own === undefined
    ? {}
    : { corrected: rateAtWorst(corrected, { known: own.with_outcome, all: own.credited }) };

const costByRule = "The cost per resolved conversation is by the rule alone.";

function rowOf(sums: CostCounts, by: readonly string[], ratios: ConversationRatios): ConversationCostRow {
  const unknown = costsUnknown(sums);
  return {
    ...(by.length === 0 ? {} : sums.by),
    calls: sums.calls,
    conversations: ratios.counts.get(sums.g)?.n ?? 0,
    resolved: ratios.counts.get(sums.g)?.resolved ?? 0,
    total_cost: totalCost(sums),
    unpriced_calls: sums.calls - sums.priced,
    ...ratios.of(sums.g, unknown),
  } as ConversationCostRow;
}

/** How a conversation's outcome is known, in a sentence. */
const endRule =
  "A conversation is resolved if the log says so of the whole, or where it says nothing of the whole, if its last task is.";

/** What the table leaves out, assumes or chooses, in whole sentences. */
async function notesOf(
  { connection, notes, credit, outcomeRule }: Selection,
  counts: readonly CostCounts[],
  { ratios, outside }: { ratios: ConversationRatios; outside: { calls: number; without: number } },
): Promise<string[]> {
  const total = (name: "calls" | "priced" | "unbilled") => counts.reduce((sum, row) => sum + row[name], 0);
  const calls = total("calls");
  if (calls === 0) return [noCallSelected];
  const said = [...notes];
  if (total("priced") === total("unbilled")) said.push("No call has a cost: ingest prices, or map cost.");
  else if (calls > total("priced")) said.push(unpricedNote(calls - total("priced"), calls));
  if (outside.without > 0)
    said.push(
      `${of(outside.without, outside.calls)} calls name no conversation: they count in the total cost alone.`,
    );
  const { conversations, shared } = await sharedConversations(connection);
  if (shared > 0)
    said.push(
      `${of(shared, conversations)} conversations (${percent(shared / conversations, 2)}) have calls in several rows: money and time count where they were spent, the outcome ${credit === "all" ? 'for every row that answered (credit "first" counts each once)' : `for the row of the ${credit} answering call (credit "${credit === "first" ? "last" : "first"}" gives the other reading)`}.`,
    );
  return [...said, ...(await endNotes(connection, ratios, outcomeRule))];
}

/** How many of the conversations have a known outcome, and how it is known. */
async function endNotes(
  connection: Selection["connection"],
  { counts }: ConversationRatios,
  rule: string | undefined,
): Promise<string[]> {
  const sum = (name: "credited" | "with_outcome") =>
    [...counts.values()].reduce((all, one) => all + one[name], 0);
  const [all, known] = [sum("credited"), sum("with_outcome")];
  if (all === 0)
    return ["No conversation belongs to these calls: costs per conversation cannot be measured."];
  if (known === 0)
    return [
      noOutcome(
        "No conversation is known to be resolved or not: ingest outcomes of conversations, or of their tasks",
        await likeOutcome(connection),
      ),
    ];
  // A declared rule has been told.
  const how = rule === undefined ? [endRule] : [];
  if (known === all) return how;
  return [
    ...how,
    `${of(all - known, all)} conversations have no known outcome and are left out of the cost per resolved conversation.`,
  ];
}

const of = (some: number, all: number) => `${grouped(some)} of ${grouped(all)}`;
