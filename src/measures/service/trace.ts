import { join } from "node:path";
import { judgementsView } from "../../facts/judgements";
import { aboutTasksView, outcomesView } from "../../facts/outcomes";
import { placedFacts } from "../../facts/place";
import { grouped } from "../../stats/text";
import { checkStore, type Store } from "../../store/open";
import { quoteText } from "../../store/quote";
import { rowsOf, run } from "../../store/run";
import { statements } from "../../store/statements";
import type { Keyed, Table } from "../table";
import { criticalPath } from "./stages";
import { spansWithTools } from "./toolSpans";

const sql = statements<"named" | "steps" | "placed" | "rows" | "head">(join(__dirname, "trace.sql"));

/** What a trace shows. */
export interface TraceOptions {
  /** True: prompts and outputs as well, if they were kept on ingest. Default false. */
  withText?: boolean;
}

/** One step of a trace: a stage of the system or a call to a model. */
export type TraceRow = Keyed<{
  /** Its name; for a call without a stage name, its model. */
  step: string;
  /** How deeply it is nested: 0 for the outermost. */
  depth: number;
  /** "tool" for the use of a tool. */
  kind: "call" | "stage" | "tool";
  /** Of a call: "answer", "judge" or "other"; null if the log does not say. */
  role: string | null;
  /** Seconds from the start of the first step; null if the log has no time. */
  starts: number | null;
  duration: number | null;
  /** Seconds spent waiting for this step alone; see `stages`. */
  waited: number | null;
  status: string | null;
  /** What else is known about it: its attempt, the model it is a fallback for, how it ended. */
  remarks: string;
  model: string | null;
  input_tokens: number | null;
  output_tokens: number | null;
  cost: number | null;
  scores: string | null;
  call_id: string | null;
  prompt?: string | null;
  output?: string | null;
}>;

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
  const { withText = false } = options;
  const connection = await store.connect();
  try {
    await placedFacts(store, connection);
    await outcomesView(connection);
    await aboutTasksView(connection);
    await judgementsView(connection);
    const found = await idOf(connection, id);
    await spansWithTools(connection);
    await run(
      connection,
      `set variable id = ${quoteText(found.id)}; set variable kind = '${found.kind}'; ${sql.steps}`,
    );
    await run(connection, `${sql.placed}; ${criticalPath}`);
    const steps = await rowsOf<Step>(connection, sql.rows, { texts: withText });
    const [head] = await rowsOf<Head>(connection, sql.head);
    const calls = new Set(steps.filter(({ call_id }) => call_id === id).map((one) => one.id));
    const rows = nested(steps).map(({ step, depth }) => rowOf(step, depth, withText));
    const notes = [
      ...(found.kind === "task" && calls.size > 0 && found.id !== id
        ? [`The call ${id} is part of this task.`]
        : []),
      ...(withText && head.texts === 0
        ? ["The store has no texts: ingest stores them only with --text keep."]
        : []),
    ];
    return {
      measure: `${found.kind} ${found.id}`,
      by: ["step"],
      rows,
      notes: [summaryOf(head), ...notes],
      id: found.id,
      kind: found.kind,
      seconds: head.seconds ?? Number.NaN,
      summary: summaryOf(head),
    };
  } finally {
    connection.closeSync();
  }
}

interface Step {
  id: string;
  parent: string | null;
  name: string;
  call_id: string | null;
  tool: string | null;
  model: string | null;
  role: string | null;
  operation: string | null;
  attempt: number | null;
  fallback_from: string | null;
  finish_reason: string | null;
  error_type: string | null;
  status: string | null;
  starts: number | null;
  duration: number | null;
  waited: number | null;
  input_tokens: number | null;
  output_tokens: number | null;
  cost: number | null;
  unpriced: boolean | null;
  scores: string | null;
  prompt: string | null;
  output: string | null;
}

interface Head {
  calls: number;
  tasks: number;
  cost: number | null;
  unpriced: number | null;
  input_tokens: number | null;
  output_tokens: number | null;
  seconds: number | null;
  begun: Date | null;
  user_id: string | null;
  workload: string | null;
  resolved: boolean | null;
  /** Its outcome is unknown because files disagree. */
  contradicted: boolean;
  scores: string | null;
  texts: number;
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

/** The steps in the order they began, each below the one it ran in. */
function nested(steps: readonly Step[]): { step: Step; depth: number }[] {
  const known = new Set(steps.map(({ id }) => id));
  const inside = new Map<string | null, Step[]>();
  for (const step of steps) {
    const parent =
      step.parent !== null && known.has(step.parent) && step.parent !== step.id ? step.parent : null;
    inside.set(parent, [...(inside.get(parent) ?? []), step]);
  }
  const done = new Set<string>();
  const below = (parent: string | null, depth: number): { step: Step; depth: number }[] =>
    (inside.get(parent) ?? []).flatMap((step) => {
      if (done.has(step.id)) return [];
      done.add(step.id);
      return [{ step, depth }, ...below(step.id, depth + 1)];
    });
  const found = below(null, 0);
  // Steps that name each other as parent have no outermost step.
  return [...found, ...steps.filter(({ id }) => !done.has(id)).map((step) => ({ step, depth: 0 }))];
}

function rowOf(step: Step, depth: number, withText: boolean): TraceRow {
  const { starts, duration, waited, status, model, input_tokens, output_tokens, cost, scores, call_id } =
    step;
  return {
    step: step.name,
    depth,
    kind: step.model !== null || step.call_id !== null ? "call" : step.tool !== null ? "tool" : "stage",
    role: step.role,
    ...{ starts, duration, waited, status, remarks: remarksOf(step) },
    ...{ model, input_tokens, output_tokens, cost, scores, call_id },
    ...(withText ? { prompt: step.prompt, output: step.output } : {}),
  };
}

function remarksOf({
  role,
  operation,
  attempt,
  fallback_from,
  finish_reason,
  error_type,
  unpriced,
}: Step): string {
  return [
    role !== null && role !== "answer" ? role : "",
    operation === "embeddings" ? operation : "",
    attempt !== null && attempt > 1 ? `attempt ${attempt}` : "",
    fallback_from === null ? "" : `in place of ${fallback_from}`,
    finish_reason !== null && finish_reason !== "stop" ? finish_reason : "",
    error_type ?? "",
    unpriced === true ? "cost not known" : "",
  ]
    .filter(Boolean)
    .join(", ");
}

function summaryOf(head: Head): string {
  const { calls, tasks, cost, unpriced, input_tokens, output_tokens, seconds } = head;
  const many = (n: number, one: string) => `${grouped(n)} ${one}${n === 1 ? "" : "s"}`;
  return `${[
    many(calls, "call") + (tasks > 1 ? ` of ${many(tasks, "task")}` : ""),
    head.begun === null ? "" : `from ${head.begun.toISOString().slice(0, 19).replace("T", " ")} UTC`,
    seconds === null ? "" : `${Number(seconds.toPrecision(3))} s`,
    ...[
      ["in", input_tokens],
      ["out", output_tokens],
    ].map(([side, tokens]) => (tokens === null ? "" : `${grouped(Number(tokens))} tokens ${side}`)),
    cost === null ? "" : `${Number(cost.toPrecision(3))} USD`,
    unpriced !== null && unpriced > 0 ? `${many(unpriced, "call")} without a known cost` : "",
    head.workload === null ? "" : `workload ${head.workload}`,
    head.user_id === null ? "" : `user ${head.user_id}`,
    head.resolved === null ? "" : head.resolved ? "resolved" : "not resolved",
    head.contradicted ? "outcome unknown, since files disagree" : "",
    head.scores ?? "",
  ]
    .filter(Boolean)
    .join(", ")}.`;
}
