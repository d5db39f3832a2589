import { judgementsView } from "../../facts/judgements";
import { aboutTasksView, outcomesView } from "../../facts/outcomes";
import { placedFacts } from "../../facts/place";
import { checkStore, type Store } from "../../store/open";
import { quoteText } from "../../store/quote";
import { rowsOf, run } from "../../store/run";
import { statements } from "../../store/statements";
import type { Table } from "../table";
import { criticalPath } from "./stages";
import { spansWithTools } from "./toolSpans";
import { type Head, nested, rowOf, type Step, summaryOf, type TraceRow } from "./traceSteps";

const sql = statements(__dirname, "trace.sql");

/** What a trace shows. */
export interface TraceOptions {
  /** True: prompts and outputs as well, if they were kept on ingest. Default false. */
  withText?: boolean;
}

/** One task, conversation or call as it went. */
export interface Trace extends Table<TraceRow> {
  id: string;
  kind: "task" | "conversation" | "call";
  /** Seconds from the first known start to the last known end; NaN if none is known. */
  seconds: number;
  /** A summary in one sentence: its calls, time, cost, outcome and scores. */
  summary: string;
}

/**
 * Returns one task or conversation step by step: stages, calls, attempts and fallbacks in the order they
 * began, each nested in the step it ran in, with times, tokens, cost, scores and the time waited for it.
 *
 * @param id of a task, a conversation or a call; a call stands for its task
 * @returns a table with a row for each step; times in seconds, costs in US dollars
 * @throws RangeError for an id that the log does not have
 * @example
 * const store = await openDemo({ log: "cascade" });
 * const [{ call_id }] = (await calls(store, { where: "attempt = 2", limit: 1 })).rows;
 * (await trace(store, call_id)).rows.map((row) => `${row.step} ${row.waited.toFixed(1)} s`) // ["sorrel-mini 1.8 s", "sorrel-large 12.5 s"]
 */
export async function trace(store: Store, id: string, options: TraceOptions = {}): Promise<Trace> {
  checkStore("trace", store);
  if (typeof id !== "string" || id === "")
    throw new TypeError(
      `trace requires the id of a task, a conversation or a call, got ${JSON.stringify(id)}`,
    );
  return (await traces(store, [id], options))[0].trace;
}

/** What several traces show: to someone who judges them, not whose they are, and not the scores that he is to give. */
interface TracesOptions extends TraceOptions {
  withUser?: boolean;
  withoutScores?: readonly string[];
}

/** A trace, with what the log knows each of its rows by: "call c7", "span s3" or nothing. */
export interface KnownTrace {
  trace: Trace;
  known: string[];
}

/** Several at once: what the store has is read once for all. */
export async function traces(
  store: Store,
  ids: readonly string[],
  { withText = false, withUser = true, withoutScores = [] }: TracesOptions = {},
): Promise<KnownTrace[]> {
  const connection = await store.connect();
  try {
    await placedFacts(store, connection);
    await outcomesView(connection);
    await aboutTasksView(connection);
    const hidden = withoutScores.map(quoteText).join(", ");
    await judgementsView(connection, hidden === "" ? undefined : `name not in (${hidden})`);
    await spansWithTools(connection);
    const found: KnownTrace[] = [];
    for (const id of ids) found.push(await traceOn(connection, id, { withText, withUser }));
    return found;
  } finally {
    connection.closeSync();
  }
}

async function traceOn(
  connection: Parameters<typeof rowsOf>[0],
  id: string,
  { withText, withUser }: { withText: boolean; withUser: boolean },
): Promise<KnownTrace> {
  const found = await idOf(connection, id);
  await run(
    connection,
    `set variable id = ${quoteText(found.id)}; set variable kind = '${found.kind}'; ${sql.steps}`,
  );
  await run(connection, `${sql.placed}; ${criticalPath}`);
  const steps = await rowsOf<Step>(connection, sql.rows, { texts: withText });
  const [all] = await rowsOf<Head>(connection, sql.head);
  const head = withUser ? all : { ...all, user_id: null };
  const calls = new Set(steps.filter(({ call_id }) => call_id === id).map((one) => one.id));
  const inOrder = nested(steps);
  const rows = inOrder.map(({ step, depth }) => rowOf(step, depth, withText));
  const notes = [
    ...(found.kind === "task" && calls.size > 0 && found.id !== id
      ? [`The call ${id} is part of this task.`]
      : []),
    ...(withText && head.texts === 0
      ? ["The store has no texts: ingest stores them only with --text keep."]
      : []),
  ];
  const trace: Trace = {
    measure: `${found.kind} ${found.id}`,
    by: ["step"],
    rows,
    notes: [summaryOf(head), ...notes],
    id: found.id,
    kind: found.kind,
    seconds: head.seconds ?? Number.NaN,
    summary: summaryOf(head),
  };
  return { trace, known: inOrder.map(({ step }) => step.known_as) };
}

async function idOf(
  connection: Parameters<typeof rowsOf>[0],
  id: string,
): Promise<{ id: string; kind: Trace["kind"] }> {
  type Named = { of_call: string | null; task: boolean; conversation: boolean };
  await run(connection, `set variable id = ${quoteText(id)}`);
  const [{ of_call, task, conversation }] = await rowsOf<Named>(connection, sql.named);
  if (task) return { id, kind: "task" };
  if (conversation) return { id, kind: "conversation" };
  if (of_call !== null) return { id: of_call, kind: of_call === id ? "call" : "task" };
  throw new RangeError(
    `trace requires the id of a task, a conversation or a call of the log, got "${id}"; fieldnotes calls lists some`,
  );
}
