import { choose } from "../../src/decide/choose/choose";
import { compare } from "../../src/decide/compare/compare";
import { plan } from "../../src/decide/plan/plan";
import type { Profile } from "../../src/decide/profile/profile";
import type { Store } from "../../src/store/open";

/** Options to run each measure with, besides none. */
export const asked: Record<string, object[]> = {
  latency: [
    { by: "model", metric: "ttft", interval: "bootstrap" },
    { by: "weekday", where: "hour between 3 and 20 and model like 'm%' and workload is not null", q: [0.5] },
    { by: "model", grain: "conversation" },
    { by: "provider", cluster: "call_id", more: true },
  ],
  reliability: [
    { by: ["weekday", "provider"], interval: "bootstrap" },
    { by: "hour", timezone: "Asia/Kolkata", where: "not (model = 'm\\c') and status <> 'odd ''word'" },
    { by: "model", grain: "conversation" },
  ],
  cost: [
    { by: "model", credit: "last", cluster: "task_id" },
    { by: "model", grain: "conversation" },
    { by: "workload", credit: "last", grain: "conversation", where: "model is not null" },
    { by: "model", credit: "all", grain: "conversation", outcomeRule: "left-after-failure" },
    { by: "model", grain: "conversation", outcomeRule: "left-midway" },
  ],
  quality: [
    { score: "helpful", by: "model" },
    { score: "resolved" },
    { score: "resolved", grain: "conversation", by: "model" },
  ],
  "trajectories --turns": [
    { by: "model", limit: 4 },
    { by: "workload", credit: "last", idle: 2, where: "model is not null" },
    { by: "model", outcomeRule: "came-back" },
    { by: "model", outcomeRule: "no-score:helpful" },
  ],
  agreement: [
    { where: "workload = 'chat' or workload is null", metric: ["cost_per_task", "resolve_rate"], level: 0.8 },
    { by: "provider,model", metric: ["duration_p50", "score:helpful"], benchmark: "größe", margin: 0.3 },
    { candidate: "provider,model", metric: "error_rate" },
  ],
  "agreement --side-by-side": [{ metric: ["error_rate", "cost_per_task"] }],
  "agreement --releases": [{ metric: ["duration_p50", "resolve_rate"] }],
};

export const quick: Profile = {
  name: "quick",
  criteria: [
    { metric: "duration_p50", weight: 0.5, good: 1, bad: 20 },
    { metric: "resolve_rate", weight: 0.5, good: 1, bad: 0 },
  ],
};

/** The commands that decide, and options to run each with. */
export const decisions: Record<string, ((store: Store) => Promise<unknown>)[]> = {
  compare: [
    (store) => compare(store, { a: "model = 'mine-2025-01-15'", b: "model = '模型'" }),
    (store) => compare(store, { a: "model = 'mine-2025-01-15'", b: "model = '模型'", grain: "conversation" }),
    (store) => compare(store, { switch: "2025-03-20", by: "workload", timezone: "Asia/Kolkata" }),
  ],
  choose: [
    (store) =>
      choose(store, {
        profile: {
          name: "mine",
          criteria: [
            { metric: "duration_p50", weight: 0.3, good: 1, bad: 20 },
            { metric: "cost_per_conversation", weight: 0.2, good: 0.001, bad: 0.1 },
            { metric: "cost_per_user", weight: 0.1, good: 0.001, bad: 0.1 },
            { metric: "resolve_rate", weight: 0.2, good: 1, bad: 0 },
            { metric: "score:helpful", weight: 0.2, good: 4, bad: 0 },
          ],
          floors: [
            { metric: "error_rate", at_most: 0.9 },
            { metric: "duration", within: 5, at_least: 0.1 },
          ],
        },
      }),
  ],
  plan: [
    (store) => plan(store, { metrics: "error_rate,duration_p50,score:helpful" }),
    (store) =>
      plan(store, {
        split: "model=mine-2025-01-15:0.5,mine-2025-03-01:0.5",
        where: "workload = 'chat' and model in ('mine-2025-01-15', 'mine-2025-03-01')",
        metrics: "resolve_rate",
      }),
  ],
};
