import { type Random, random } from "../stats/random";

/** A release of a made-up model: its score on the made-up board, and what it does in production. */
interface Release {
  /** Share of the board's 1,000 items answered rightly. */
  score: number;
  /** Median seconds of a call. */
  seconds: number;
  resolve_rate: number;
}

/**
 * What is planted in the log of two releases: of sorrel what the board promises is there, of vireo it is not. A call
 * refused by the rate limit was told to wait; a retry that waits as long succeeds nearly always, an early one seldom.
 */
export const releasesTruth = {
  models: {
    "sorrel-2026-01-15": { score: 0.61, seconds: 4, resolve_rate: 0.6 },
    "sorrel-2026-04-20": { score: 0.7, seconds: 2.8, resolve_rate: 0.75 },
    "vireo-2026-02-01": { score: 0.55, seconds: 2, resolve_rate: 0.72 },
    "vireo-2026-05-10": { score: 0.66, seconds: 2.6, resolve_rate: 0.6 },
  } satisfies Record<string, Release>,
  refused: 0.12,
  /** The share of retries that wait as long as they were told, and how often each kind succeeds. */
  obeyed: 0.6,
  ok_obeyed: 0.95,
  ok_early: 0.3,
} as const;

const users = 120;
const tasksPerModel = 400;
const begun = Date.UTC(2026, 5, 1);

interface Made {
  calls: object[];
  tasks: object[];
}

/** One task: a call, or one that is refused and its retry. */
function makeTask(at: number, model: string, { seconds, resolve_rate }: Release, rng: Random): Made {
  const task = { task_id: `task-${model}-${at}`, user_id: `user-${rng.integer(users)}`, workload: "support" };
  let clock = begun + Math.floor(rng.uniform() * 14 * 86_400_000);
  const calls: object[] = [];
  const add = (attempt: number, status: "ok" | "rate_limited", more: object = {}) => {
    const duration = status === "ok" ? seconds * Math.exp(0.5 * rng.normal()) : 0.2;
    calls.push({
      ...{ ...task, call_id: `${task.task_id}-${attempt}`, model, provider: model.replace(/-.*/, "") },
      ...{
        started_at: new Date(clock).toISOString(),
        duration: Number(duration.toFixed(3)),
        status,
        attempt,
      },
      ...more,
    });
    clock += 1000 * duration;
  };
  if (rng.uniform() < releasesTruth.refused) {
    const told = 1 + rng.integer(8);
    add(1, "rate_limited", { retry_after: told });
    const obeys = rng.uniform() < releasesTruth.obeyed;
    clock += 1000 * told * (obeys ? 1.05 : 0.4);
    const { ok_obeyed, ok_early } = releasesTruth;
    add(2, rng.uniform() < (obeys ? ok_obeyed : ok_early) ? "ok" : "rate_limited");
  } else add(1, "ok");
  const resolved = rng.uniform() < resolve_rate;
  return { calls, tasks: [{ task_id: task.task_id, resolved }] };
}

/** The log of two releases of each of two made-up models: calls, outcomes and a board with a score of each release. */
export function releasesLog(seed: number): Record<"calls" | "tasks" | "board", object[]> {
  const rng = random(seed);
  const made = Object.entries(releasesTruth.models).flatMap(([model, release]) =>
    Array.from({ length: tasksPerModel }, (_, at) => makeTask(at, model, release, rng)),
  );
  const board = Object.entries(releasesTruth.models).map(([model, { score }]) => ({
    ...{ model, benchmark: "made-up-board", score, items: 1000 },
    source: "made up",
  }));
  return { calls: made.flatMap(({ calls }) => calls), tasks: made.flatMap((one) => one.tasks), board };
}
