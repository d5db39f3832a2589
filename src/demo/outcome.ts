import type { Random } from "../stats/random";
import type { Call, Task } from "./call";
import type { Hours } from "./hours";
import { type Lanes, place } from "./lane";
import { type Request, serve } from "./service";

/** Where the hours of a run lie. */
export interface Window {
  /** Microseconds since the epoch. */
  from: number;
  to: number;
}

const hourLength = 3_600_000_000;
const second = 1_000_000;

/** Chance that an answer resolves a task: logistic in difficulty, its odds falling with length past the effective context. */
export function resolveChance(logit: number, difficulty: number, input: number, effective: number): number {
  const excess = input > effective ? Math.log(input / effective) : 0;
  return 1 / (1 + Math.exp(difficulty + excess - logit));
}

function addStage(task: Task, name: string, at: number, random: Random): number {
  const { median, spread } = task.lane.work.stages[name];
  const duration = Math.max(1, Math.round(second * median * Math.exp(spread * random.normal())));
  task.stages.push({ name, startedAt: at, duration });
  return at + duration;
}

/**
 * Makes the calls of a task, one after the other: failed calls are tried again after a doubling pause, then handed
 * to the fallback; an answer that does not pass is asked for again with the failure added to the prompt.
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
  const { work, workload } = task.lane;
  const after = Object.keys(work.stages).filter((name) => name !== "retrieval");
  let lane = task.lane;
  let fallbackFrom = "";
  let failures = 0;
  let answers = 0;
  let at = task.startedAt;
  if (Object.hasOwn(work.stages, "retrieval")) at = addStage(task, "retrieval", at, random);
  for (;;) {
    if (at >= window.to) return;
    const hour = Math.floor((at - window.from) / hourLength);
    const call: Call = serve(lane, request, hours, hour, at, random);
    call.attempt = task.calls.push(call);
    call.fallbackFrom = fallbackFrom;
    at += call.duration;
    task.endedAt = at;
    if (call.status === "ok") {
      for (const name of after) at = addStage(task, name, at, random);
      task.endedAt = at;
      answers++;
      const chance = resolveChance(lane.logit, difficulty, call.inputTokens, lane.spec.effective_context);
      task.resolved = random.uniform() < chance;
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
      const others = lanes.lanes.get(workload)!.get(work.fallback)!;
      lane = others.items[place(others.cumulative, random.uniform())];
      failures = 0;
    } else return;
    task.resolved = null;
  }
}
