import { quoteText } from "../../store/quote";
import type { Shape } from "../files/shape";
import { type Field, fieldsOf } from "./fields";
import { type Outcome, outcomeOf, saysSolved } from "./outcomeWords";
import { instant, isOfCalls, suggestedCalls } from "./suggestedCalls";

const ofOutcome =
  /^((is|was|got)_)?((ticket|task|case|final)_)?(resolved|solved|outcome|resolution|solution|success|successful|closed|done|fixed|status|state|result)(_(status|state))?$/;
const resolvedWhere =
  /^(resolved|solved|closed|completed|finished|settled)(_(at|time|ts|date|on))$|^resolution_(time|date)$/;
// Nobody says of a task that it timed out, or had a 429.
const howACallWent = /^[1-5]\d\d$|time[ _-]?d?[ _-]?out|rate[ _-]?limit|throttl|too[ _-]?many/;
const tellsHowCallsWent = ({ values }: Field) =>
  values.some((one) => howACallWent.test(String(one).trim().toLowerCase()));

/** A mapping of tasks with their outcomes, or of conversations, if fields identify one and its result; else undefined. */
export function suggestedTasks(
  shape: Shape,
  records: readonly unknown[] = [],
): { table: "tasks"; columns: Record<string, string> } | undefined {
  const all = fieldsOf(shape, records);
  const calls = suggestedCalls(shape, records);
  const { columns: called } = calls;
  const isCalls = isOfCalls(calls);
  const found = all.filter(
    (field) =>
      field.path.length <= 2 && ofOutcome.test(field.said.what) && !(isCalls && tellsHowCallsWent(field)),
  );
  // Beside calls, "status" and "result" belong to the calls, unless their words are those of tasks.
  const outcome =
    found.find(
      (field) => /resolv|solv|outcome|resolution|done|fixed/.test(field.said.what) || saysSolved(field),
    ) ?? (isCalls ? undefined : found[0]);
  // A call that was solved, with no other name for what it was made for, is a task of its own.
  const isOwnTask = !isCalls || (called.conversation_id === undefined && outcome && isSolving(outcome));
  const key = called.task_id ?? (isOwnTask ? called.call_id : undefined);
  if (key === undefined && (isCalls || called.conversation_id === undefined)) return undefined;
  const flag = outcome ?? (isCalls || called.model !== undefined ? undefined : mayBeOutcome(all)[0]);
  if (flag === undefined) return undefined;
  const at = all.find(({ said }) => resolvedWhere.test(said.what));
  // What names no task is the outcome of a conversation.
  const columns: Record<string, string> = {
    ...(key === undefined ? { conversation_id: called.conversation_id } : { task_id: key }),
    resolved: resolvedOf(flag),
  };
  if (at !== undefined && at !== outcome) columns.resolved_at = instant(at);
  for (const name of ["user_id", "workload", "conversation_id"])
    if (called[name] !== undefined && called[name] !== key) columns[name] = called[name];
  return { table: "tasks", columns };
}

const isSolving = (field: Field) =>
  field.isText
    ? isOutcome(field) && (saysSolved(field) || /solv/.test(field.said.what))
    : /solv/.test(field.said.what) && mayBeOutcome([field]).length > 0;

/** The outcome among the fields beside a conversation, as an expression, with when it became known; undefined if none is. */
export function outcomeOfConversation(
  fields: readonly Field[],
): { field: Field; resolved: string; at?: string } | undefined {
  const field = fields.find(
    (one) => one.path.length <= 2 && ofOutcome.test(one.said.what) && (!one.isText || isOutcome(one)),
  );
  const at = fields.find((one) => one !== field && resolvedWhere.test(one.said.what));
  return field && { field, resolved: resolvedOf(field), ...(at === undefined ? {} : { at: instant(at) }) };
}

// "state" may hold the outcome, or any other word.
const isOutcome = (field: Field) => {
  const { words, resolved, unknown } = outcomeWords(field);
  return resolved.length > 0 && 2 * unknown.length <= words.length;
};

const flagWords =
  /^(true|false|yes|no|y|n|0|1|ja|nein|nee|oui|non|s[ií]|sim|n[aã]o|vrai|faux|verdadero|falso|wahr|falsch|vero)$/i;
const ofResolving = /resolv|solv|clos|done|fix|succe|deflect|contain|automat|complet|bot/;

/** The yes/no fields that may say whether a task is resolved, starting with those whose name has a word for it. */
export function mayBeOutcome(fields: readonly Field[]): Field[] {
  const flags = fields.filter(
    ({ values }) => values.length > 0 && values.every((one) => flagWords.test(String(one).trim())),
  );
  const named = (field: Field) => field.said.parts.some((part) => ofResolving.test(part));
  return [...flags.filter(named), ...flags.filter((field) => !named(field))];
}

/** A field's outcome in the form of the tasks' column. */
export const resolvedOf = (field: Field) =>
  field.isText ? resolvedBy(field.name, outcomeWords(field)) : field.name;

/** The words for an outcome, by meaning. */
export interface OutcomeWords {
  words: string[];
  resolved: string[];
  /** Words that leave the outcome open, and words that nobody can interpret. */
  unsettled: string[];
  unknown: string[];
}

/** The meaning of the outcome words in a sample. */
export function outcomeWords({ values }: Field): OutcomeWords {
  const words = [...new Set(values.map((one) => String(one).trim().toLowerCase()))].sort();
  const of = (...meanings: (Outcome | undefined)[]) => words.filter((w) => meanings.includes(outcomeOf(w)));
  return {
    words,
    resolved: of("resolved"),
    unsettled: of("open", undefined),
    unknown: of(undefined),
  };
}

/** The expression that is true if a task is resolved, false if it is not, and null if it is not settled. */
export function resolvedBy(
  name: string,
  { resolved, unsettled }: Pick<OutcomeWords, "resolved" | "unsettled">,
): string {
  const list = (some: string[]) => some.map(quoteText).join(", ");
  const done = `lower(trim(${name})) in (${list(resolved.length > 0 ? resolved : ["resolved"])})`;
  return unsettled.length === 0
    ? done
    : `case when lower(trim(${name})) not in (${list(unsettled)}) then ${done} end`;
}
