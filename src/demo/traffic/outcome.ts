import type { Random } from "../../stats/random";
import { saysSo } from "../world/labels";
import type { Size } from "../world/size";
import type { Pipeline } from "../world/variant";
import { answered, type Call, type Task } from "./call";
import type { Hours } from "./hours";
import { type Lanes, place } from "./lane";
import { type Request, serve } from "./service";

/** Places the hours of a run in time. */
export interface Window {
  /** Microseconds since the epoch. */
  from: number;
  to: number;
}

const hourLength = 3_600_000_000;
const second = 1_000_000;

/** Logarithm of the length of a prompt over the model's effective context; 0 within it. */
function excessOf({ inputTokens, lane }: Call): number {
  const { effective_context } = lane.spec;
  return inputTokens > effective_context ? Math.log(inputTokens / effective_context) : 0;
}

/** Chance that an answer resolves a task: logistic in difficulty, its odds falling with length past the effective context. */
export function resolveChance(logit: number, difficulty: number, excess: number): number {
  return 1 / (1 + Math.exp(difficulty + excess - logit));
}

/** Draws an answer's quality: whether it resolves the task, and whether it makes a false claim. */
function weigh(call: Call, pipeline: Pipeline, difficulty: number, random: Random): void {
  if (!answered(call)) return;
  const { logit, hallucination, work } = call.lane;
  const excess = excessOf(call);
  // A cut-off answer, or one that isn't JSON when JSON was requested, is useless.
  const usable = call.finishReason !== "length" && (!work.json || call.jsonValid);
  call.passed = random.uniform() < resolveChance(logit + pipeline.resolve, difficulty, excess) && usable;
  if (hallucination === Number.NEGATIVE_INFINITY) return;
  const odds = hallucination + work.hallucination_slope * difficulty + excess;
  call.hallucinated = random.uniform() < pipeline.hallucination / (1 + Math.exp(-odds));
  if (pipeline.validator !== null)
    call.flagged = random.uniform() < saysSo(pipeline.validator, call.hallucinated);
}

function addStage(
  task: Task,
  name: string,
  { median, spread }: Size,
  at: number,
  random: Random,
  failed = false,
): number {
  const duration = Math.max(1, Math.round(second * median * Math.exp(spread * random.normal())));
  task.stages.push({ name, startedAt: at, duration, failed });
  return at + duration;
}

/**
 * Makes the calls of a task, one after the other: failed calls are retried after a doubling pause, then handed to the
 * fallback; an answer that does not pass is requested again with the failure added to the prompt.
 */
export function runTask(
  task: Task,
  request: Request,
  difficulty: number,
  lanes: Lanes,
  hours: Hours,
  window: Window,
  random: Random,
): void {
  const { work, stream, variants } = task.lane;
  const { pipeline } = variants.pipelines.items[task.pipeline];
  const { retrieval, ...others } = work.stages;
  const after = Object.entries({ ...others, ...pipeline.stages });
  let lane = task.lane;
  let fallbackFrom = "";
  let failures = 0;
  let answers = 0;
  let at = task.startedAt;
  if (retrieval !== undefined) at = addStage(task, "retrieval", retrieval, at, random);
  for (;;) {
    if (at >= window.to) return;
    const hour = Math.floor((at - window.from) / hourLength);
    const call: Call = serve(lane, request, hours, hour, at, random);
    call.attempt = task.calls.push(call);
    call.fallbackFrom = fallbackFrom;
    at += call.duration;
    task.endedAt = at;
    if (call.status === "ok") {
      weigh(call, pipeline, difficulty, random);
      for (const [name, size] of after)
        at = addStage(task, name, size, at, random, name === "validation" && call.flagged === true);
      task.endedAt = at;
      answers++;
      task.resolved = call.passed;
      if (task.resolved || answers >= work.tries) return;
      task.resolved = null;
      failures = 0;
      request.prefix = request.input;
      request.input += call.outputTokens + Math.round(0.1 * work.input_tokens.median);
      continue;
    }
    task.resolved = false;
    if (call.status === "cancelled") return;
    failures++;
    if (failures < work.attempts && random.uniform() < work.retry_rate) {
      at += Math.round(second * work.backoff * 2 ** (failures - 1) * (0.5 + random.uniform()));
    } else if (
      work.fallback !== null &&
      fallbackFrom === "" &&
      lane.model !== work.fallback &&
      random.uniform() < work.fallback_rate
    ) {
      fallbackFrom = lane.model;
      const others = lanes.lanes.get(stream)!.get(work.fallback)!;
      lane = others.items[place(others.cumulative, random.uniform())];
      failures = 0;
    } else return;
    task.resolved = null;
  }
}
