import { answered, type Call, type Task } from "../traffic/call";
import type { Lane } from "../traffic/lane";
import { helpfulChance } from "../traffic/scores";
import { clear, count, createHistogram, type Histogram, merge } from "./histogram";

/** The totals of a run for one kind of call, and for the tasks that began with it. */
export interface Tally {
  calls: number;
  error: number;
  timeout: number;
  rate_limited: number;
  cancelled: number;
  /** Calls with attempt > 1. */
  retried: number;
  fallbacks: number;
  /** US dollars of the calls. */
  callCost: number;
  tasks: number;
  /** Tasks whose outcome is known. */
  with_outcome: number;
  resolved: number;
  /** Calls and US dollars of the tasks, including all their calls. */
  taskCalls: number;
  taskCost: number;
  /** Tasks answered by more than one model. */
  mixed: number;
  /** Sessions that began with such a task. */
  conversations: number;
  /** Calls with status ok, and of them those refused by a content filter, those cut off, and those with usable JSON. */
  ok: number;
  refused: number;
  truncated: number;
  json: number;
  schema: number;
  /** Answers without refusals, and of them those that resolve the task, and those that make a false claim. */
  answers: number;
  passed: number;
  hallucinated: number;
  /** Answers that were validated, and of them those rejected, and the hallucinations among the others. */
  validated: number;
  flagged: number;
  let_pass: number;
  /** Tasks that end with an answer, and the sum of the chances that their users call it helpful. */
  ended: number;
  helpful: number;
  /** In microseconds, for calls that are ok or timed out, the latter at their limit. */
  duration: Histogram;
  /**
   * In microseconds, for the same calls if streamed; those that timed out before the first token are at their limit.
   */
  timeToFirstToken: Histogram;
  /** How many of those are at the limit. */
  censored: number;
  firstCensored: number;
  /** The limit in microseconds; NaN if calls have different limits. */
  limit: number;
}

const sums = [
  "calls",
  "error",
  "timeout",
  "rate_limited",
  "cancelled",
  "retried",
  "fallbacks",
  "callCost",
  "tasks",
  "with_outcome",
  "resolved",
  "taskCalls",
  "taskCost",
  "mixed",
  "conversations",
  "ok",
  "refused",
  "truncated",
  "json",
  "schema",
  "answers",
  "passed",
  "hallucinated",
  "validated",
  "flagged",
  "let_pass",
  "ended",
  "helpful",
  "censored",
  "firstCensored",
] as const;

export function createTally(limit = -1): Tally {
  const zeros = Object.fromEntries(sums.map((name) => [name, 0])) as Record<(typeof sums)[number], number>;
  return { ...zeros, duration: createHistogram(), timeToFirstToken: createHistogram(), limit };
}

export function clearTally(tally: Tally): void {
  for (const name of sums) tally[name] = 0;
  clear(tally.duration);
  clear(tally.timeToFirstToken);
}

export function mergeTally(into: Tally, from: Tally): void {
  for (const name of sums) into[name] += from[name];
  merge(into.duration, from.duration);
  merge(into.timeToFirstToken, from.timeToFirstToken);
  if (into.limit === -1) into.limit = from.limit;
  else if (from.limit !== into.limit) into.limit = Number.NaN;
}

/**
 * Adds a task and its calls to the tallies of their lanes.
 *
 * @param of returns the tally of a lane's calls in a release and a pipeline
 */
export function tallyTask(of: (lane: Lane, release: number, pipeline: number) => Tally, task: Task): void {
  const { release, pipeline } = task;
  const own = of(task.lane, release, pipeline);
  own.tasks++;
  if (task.turn === 0) own.conversations++;
  if (task.resolved !== null) own.with_outcome++;
  if (task.resolved) own.resolved++;
  own.taskCalls += task.calls.length;
  let mixed = false;
  for (const call of task.calls) {
    const tally = of(call.lane, release, pipeline);
    tally.calls++;
    tally.callCost += call.cost;
    own.taskCost += call.cost;
    if (call.attempt > 1) tally.retried++;
    if (call.fallbackFrom !== "") {
      tally.fallbacks++;
      mixed = true;
    }
    if (call.status !== "ok") tally[call.status]++;
    else tallyAnswer(tally, call);
    if (call.status !== "ok" && call.status !== "timeout") continue;
    count(tally.duration, call.duration);
    if (call.status === "timeout") tally.censored++;
    if (!call.lane.work.stream || call.cacheHit) continue;
    const heard = call.timeToFirstToken >= 0;
    count(tally.timeToFirstToken, heard ? call.timeToFirstToken : call.duration);
    if (!heard) tally.firstCensored++;
  }
  if (mixed) own.mixed++;
  const last = task.calls[task.calls.length - 1];
  if (!answered(last)) return;
  const tally = of(last.lane, release, pipeline);
  tally.ended++;
  tally.helpful += helpfulChance(last, task.resolved);
}

function tallyAnswer(tally: Tally, call: Call): void {
  tally.ok++;
  if (call.finishReason === "length") tally.truncated++;
  if (call.jsonValid) tally.json++;
  if (call.schemaValid) tally.schema++;
  if (!answered(call)) {
    tally.refused++;
    return;
  }
  tally.answers++;
  if (call.passed) tally.passed++;
  if (call.hallucinated) tally.hallucinated++;
  if (call.flagged === null) return;
  tally.validated++;
  if (call.flagged) tally.flagged++;
  else if (call.hallucinated) tally.let_pass++;
}
