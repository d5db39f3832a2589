import { type Random, random } from "../../../src/stats/random";
import { fc } from "../../property";
import type { Call } from "../calls";
import type { Judgement, Log, Outcome } from "./hostile";

/** How to make a larger log. */
export interface Crowd {
  seed: number;
  tasks: number;
  /** Also include calls without a task, and calls with unknown cost. */
  withoutTask: boolean;
  unpriced: boolean;
}

/** Larger logs, with enough data for comparisons, choices and routes: shrunk to the fewest tasks that still fail. */
export const crowds = fc.record({
  seed: fc.noShrink(fc.integer({ min: 1, max: 1e6 })),
  tasks: fc.integer({ min: 60, max: 600 }),
  withoutTask: fc.boolean(),
  unpriced: fc.boolean(),
});

const models = ["m0", "m1", "m2", "m3", "m4"];

/**
 * Two weeks of tasks by 40 users and five models. A third has two successful calls of two models in one second, ordered
 * only by attempt or line; others have a judge or an embedding before the first answer, a failure first, a fallback,
 * timeouts, or clocks that run backwards.
 */
export function crowd({ seed, tasks, withoutTask, unpriced }: Crowd): Log {
  const r = random(seed);
  const calls: Call[] = [];
  const outcomes: Outcome[] = [];
  const scores: Judgement[] = [];
  const add = (call: Call) => {
    // Ids that don't sort in log order.
    const call_id = `c${(calls.length * 7919 + 13) % 10_007}`;
    calls.push({ ingest_id: 1, line: calls.length + 1, ...call, call_id });
    return call_id;
  };
  for (let at = 0; at < tasks; at++) {
    const task_id = `t${at}`;
    const model = r.integer(models.length);
    const started_at = momentOf((14 * 86_400 * (at + r.uniform())) / tasks);
    const user = r.integer(40);
    const own = {
      task_id,
      user_id: `u${user}`,
      workload: `w${r.integer(2)}`,
      input_tokens: 1000,
      started_at,
    };
    const answer = (m: number) => answerOf(r, m, user, unpriced);
    const kind = at % 6;
    if (kind < 2) {
      // Two good answers in one second: the first line is the first, or the attempt says otherwise.
      const turned = r.uniform() < 0.3;
      add({ ...own, model: models[model], ...answer(model), attempt: turned ? 2 : null });
      const other = (model + 1 + r.integer(4)) % models.length;
      add({ ...own, model: models[other], ...answer(other), attempt: turned ? 1 : null });
    } else if (kind === 2) {
      // Logged before the answer, by a different model, without a user.
      const first = r.uniform() < 0.5 ? { role: "judge" } : { operation: "embeddings" };
      add({ ...own, ...first, user_id: null, model: models[4 - model], cost: 0.0625, status: "ok" });
      add({ ...own, model: models[model], ...answer(model) });
      const other = r.integer(models.length);
      if (r.uniform() < 0.5) add({ ...own, model: models[other], ...answer(other), attempt: 2 });
    } else if (kind === 3) {
      const failed = { status: r.uniform() < 0.5 ? "error" : "rate_limited", duration: 0.1 };
      add({ ...own, model: models[model], ...failed, input_tokens: null, attempt: 1 });
      const other = r.integer(models.length);
      add({ ...own, model: models[other], ...answer(other), attempt: 2, fallback_from: models[model] });
    } else add({ ...own, model: models[model], ...answer(model) });
    const last = calls[calls.length - 1].call_id as string;
    if (r.uniform() < 0.85)
      outcomes.push({ task_id, resolved: r.uniform() < 0.5 + 0.08 * model, ingest_id: 1 });
    // Another ingest may say otherwise.
    if (r.uniform() < 0.1) outcomes.push({ task_id, resolved: r.uniform() < 0.5, ingest_id: 2 });
    for (const rater of ["judge", "human"])
      if (r.uniform() < (rater === "judge" ? 0.6 : 0.2))
        scores.push({
          ...{ subject: "call", subject_id: last, name: "good", rater, rater_id: rater },
          value: r.uniform() < 0.6 ? 1 : 0,
        });
    if (withoutTask && r.uniform() < 0.1)
      add({ ...own, task_id: null, model: models[model], ...answer(model) });
  }
  return { calls, tasks: outcomes, scores };
}

const momentOf = (seconds: number) =>
  new Date(Date.UTC(2026, 2, 2) + 1000 * Math.floor(seconds)).toISOString().slice(0, 19).replace("T", " ");

function answerOf(r: Random, model: number, user: number, unpriced: boolean): Call {
  const late = r.uniform() < 0.03;
  const duration = late ? 30 : (1 + model) * Math.exp(0.4 * r.normal() + 0.01 * user);
  return {
    status: late ? "timeout" : "ok",
    duration: r.uniform() < 0.02 ? -duration : duration,
    time_to_first_token: late ? null : 0.2 * duration,
    stream: late ? r.uniform() < 0.5 : true,
    output_tokens: 20 + r.integer(200),
    // Exact sums: 1/1024 of a dollar and its multiples.
    cost: unpriced && r.uniform() < 0.05 ? null : (1 + model) * ((1 + r.integer(64)) / 1024),
  };
}
