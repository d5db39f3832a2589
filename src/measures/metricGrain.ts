import type { MeasureOption, OptionTable } from "./measure";
import { metric } from "./metric";
import { creditOption, ruleOption } from "./options";

const grainOption = {
  value: "<kind>",
  about:
    "what metrics count: tasks and calls (default), or conversations in their place: resolve_rate is then the share of conversations resolved",
  choices: ["task", "conversation"],
} as const satisfies MeasureOption;

/** The options of what is asked of metrics by name: what these count, and how a conversation ends and for whom. */
export const grainOptions = {
  grain: grainOption,
  credit: creditOption,
  outcomeRule: ruleOption,
} as const satisfies OptionTable;

/** What was asked of them. */
export interface AskedGrain {
  grain?: "task" | "conversation" | undefined;
  credit?: string | undefined;
  outcomeRule?: string | undefined;
}

/** The metric of conversations in the place of one of calls or tasks; metrics that are not here have none. */
const standIns: Readonly<Record<string, string>> = {
  cost_per_call: "cost_per_conversation",
  cost_per_task: "cost_per_conversation",
  cost_per_resolved: "cost_per_resolved_conversation",
  attempts_per_task: "turns_per_conversation",
  resolve_rate: "conversation_resolve_rate",
  error_rate: "conversation_error_rate",
  time_waited: "time_per_conversation",
  duration_mean: "time_per_conversation",
};

/** The metric by which conversations are measured where one of calls or tasks is named; itself if there is none. */
export function ofConversations(name: string): string {
  const { name: known } = metric(name);
  return known.startsWith("score:") ? `conversation_${known}` : (standIns[known] ?? known);
}

/** True of a metric whose n counts conversations. */
export function countsConversations(name: string): boolean {
  const { source } = metric(name);
  return source.measure === "quality"
    ? source.grain === "conversation"
    : "over" in source && source.over === "conversations";
}

/**
 * The metrics that a caller reads at the grain that was asked for, each once.
 *
 * @param usual true of metrics that nobody named: those that only calls or tasks have are then left out
 * @throws RangeError if how conversations end was declared, and no metric is of conversations
 */
export function atGrain(
  caller: string,
  names: readonly string[],
  { grain, credit, outcomeRule = "logged" }: AskedGrain,
  { usual = false }: { usual?: boolean } = {},
): string[] {
  const own = grain === "conversation" ? names.map(ofConversations) : names;
  const some = usual && grain === "conversation" ? own.filter(countsConversations) : own;
  const given = credit === "all" ? "credit all" : outcomeRule === "logged" ? undefined : "outcomeRule";
  if (given !== undefined && !some.some(countsConversations))
    throw new RangeError(
      `${caller} requires grain "conversation", or a metric of conversations, with ${given}, got ${some.join(", ") || "none"}`,
    );
  return [...new Set(some)];
}

/** Says which of some metrics are still of calls or tasks where conversations were asked for. */
export function leftAtCalls(names: readonly string[], { grain }: AskedGrain): string[] {
  const left = grain === "conversation" ? names.filter((name) => !countsConversations(name)) : [];
  return left.length === 0 ? [] : [`Of calls and tasks, since conversations have none: ${left.join(", ")}.`];
}

/** A limit, floor or criterion on the metric of conversations, where these were asked for; a share within seconds is of calls. */
export const limitAtGrain = <L extends { metric: string; within?: number }>(
  limit: L,
  { grain }: AskedGrain,
): L =>
  grain === "conversation" && limit.within === undefined
    ? { ...limit, metric: ofConversations(limit.metric) }
    : limit;
