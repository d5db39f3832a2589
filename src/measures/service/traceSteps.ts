import { grouped } from "../../stats/text";
import type { Keyed } from "../table";

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
  /** Seconds spent waiting for this step alone; see `latencyStages`. */
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

export interface Step {
  id: string;
  /** "call c7" or "span s3": by what the log knows it; empty if by nothing. */
  known_as: string;
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

export interface Head {
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

/** The steps in the order they began, each below the one it ran in. */
export function nested(steps: readonly Step[]): { step: Step; depth: number }[] {
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

export function rowOf(step: Step, depth: number, withText: boolean): TraceRow {
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

export function summaryOf(head: Head): string {
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
