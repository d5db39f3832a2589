import { quoteText } from "../../store/quote";
import type { Shape } from "../files/shape";
import { sureScores } from "../records/leaderboardColumns";
import type { Mapping } from "../records/mapping";
import { type Field, fieldsOf, identifier } from "./fields";
import { countsFromZero, fromZero, isOfCalls, suggestedCalls } from "./suggestedCalls";
import { suggestedConversation } from "./suggestedConversation";
import { suggestedPrices } from "./suggestedPrices";
import { suggestedRatings } from "./suggestedRatings";
import { suggestedTasks } from "./suggestedTasks";

/**
 * The mapping to start from for a file that no format reads: of prices, outcomes, scores or calls, whichever it looks
 * like.
 */
export function suggestion(shape: Shape, records: readonly unknown[] = []): Mapping | Mapping[] {
  const prices = suggestedPrices(shape, records);
  if (prices !== undefined) return prices;
  const conversation = suggestedConversation(shape, records);
  if (conversation !== undefined) return conversation.length === 1 ? conversation[0] : conversation;
  const tasks = suggestedTasks(shape, records);
  const calls = suggestedCalls(shape, records);
  const fields = fieldsOf(shape, records);
  const all = (mappings: Mapping[]) => (mappings.length === 1 ? mappings[0] : mappings);
  if (tasks !== undefined && !isOfCalls(calls)) {
    const { task_id, conversation_id } = tasks.columns;
    const ratings =
      task_id === undefined
        ? suggestedRatings(fields, "conversation", conversation_id)
        : suggestedRatings(fields, "task", task_id);
    return all([tasks, ...ratings]);
  }
  const rated = isOfCalls(calls) ? [] : ratingsAlone(fields, calls.columns);
  if (rated.length > 0) return all(rated);
  // A log may have a column whose name is that of a score; a leaderboard has no call that began.
  const isLog = calls.columns.started_at !== undefined && isOfCalls(calls);
  const scores = isLog ? undefined : suggestedScores(shape);
  if (scores !== undefined) return scores;
  if (tasks?.columns.task_id !== undefined) calls.columns.task_id ??= tasks.columns.task_id;
  const { call_id: call, task_id: task } = calls.columns;
  const isOfTask = call === undefined && task !== undefined;
  const ratings = isOfTask ? suggestedRatings(fields, "task", task) : suggestedRatings(fields, "call", call);
  return all([calls, ...(tasks === undefined ? [] : [tasks]), ...ratings]);
}

/** The scores of a table that says of tasks or calls, by their ids, only how people rated them. */
function ratingsAlone(fields: readonly Field[], columns: Record<string, string>): Mapping[] {
  const { call_id: call, task_id: task, model } = columns;
  if (model !== undefined) return [];
  // A bare id beside that of a task is the rating's own.
  const isTask = task !== undefined && (call === undefined || /^id$/i.test(call));
  const id = isTask ? task : call;
  return id === undefined ? [] : suggestedRatings(fields, isTask ? "task" : "call", id);
}

/** True if one of the mappings' expressions reads a field. */
export function isUsed(name: string, mapping: readonly Mapping[]): boolean {
  const used = mapping
    .flatMap(({ columns, messages = "" }) => [...Object.values(columns), messages])
    .join(" ");
  return new RegExp(`(?<![\\w.])${name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}(?![\\w.])`).test(used);
}

/** The fields that a mapping leaves out and, for a clock that counts from 0, how it can be read. */
export function leftOut(
  mapping: readonly Mapping[],
  shape: Shape,
  records: readonly unknown[] = [],
): string[] {
  return fieldsOf(shape, records)
    .filter(({ name }) => !isUsed(name, mapping))
    .map((field) =>
      countsFromZero(field)
        ? `${field.name} (it counts from 0; for arrivals, "started_at": "${fromZero(field, 1000)}" reads milliseconds from 2026-01-01 on)`
        : field.name,
    );
}

/**
 * A mapping of a leaderboard in which no column is known to name the models: the first text column is used;
 * undefined if there are no scores.
 */
function suggestedScores(
  shape: Shape,
): { table: "benchmarks"; columns: Record<string, string> }[] | undefined {
  const texts = [...(shape.fields ?? [])]
    .filter(([, { scalar, numeric }]) => scalar === "VARCHAR" && !numeric)
    .map(([name]) => name);
  const scores = sureScores(shape);
  const model = texts.find((name) => /model|name|llm/i.test(name)) ?? texts[0];
  if (model === undefined || scores.length === 0) return undefined;
  return scores.slice(0, 3).map((name) => ({
    table: "benchmarks",
    columns: {
      model: identifier(model),
      benchmark: quoteText(name),
      score: identifier(name),
    },
  }));
}
