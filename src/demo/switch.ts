import { random } from "../stats/random";

/**
 * What is planted in the log of a switch: eight weeks of two models for the same users. After four, sorrel is replaced by a
 * slower version; birch is not touched. Good and bad days, which carry over into the next, are the same for both.
 */
export const switchTruth = {
  switched: "2026-06-29",
  models: { sorrel: { seconds: 3 }, birch: { seconds: 4 } },
  /** Times the median of sorrel's calls from the switch on. */
  slower: 1.2,
  /** Standard deviation of the logarithm of what a day makes of all waits, and the share that the next day has of it. */
  days: { spread: 0.2, carried: 0.5 },
} as const;

const weeks = 8;
const users = 150;
const callsPerDay = 60;
const DAY = 86_400_000;
const switched = Date.parse(`${switchTruth.switched}T00:00:00Z`);
const begun = switched - (weeks / 2) * 7 * DAY;

/** The calls of the log. */
export function switchLog(seed: number): Record<"calls", object[]> {
  const rng = random(seed);
  const { models, slower, days } = switchTruth;
  const people = Array.from({ length: users }, () => Math.exp(0.2 * rng.normal()));
  const calls: object[] = [];
  let shared = rng.normal();
  for (let day = 0; day < 7 * weeks; day++) {
    shared = days.carried * shared + Math.sqrt(1 - days.carried ** 2) * rng.normal();
    const today = Math.exp(days.spread * shared);
    for (const [model, { seconds }] of Object.entries(models))
      for (let at = 0; at < callsPerDay; at++) {
        const user = rng.integer(users);
        const started = begun + day * DAY + Math.floor(rng.uniform() * DAY);
        const isSlower = model === "sorrel" && started >= switched;
        const duration =
          seconds * today * people[user] * (isSlower ? slower : 1) * Math.exp(0.4 * rng.normal());
        calls.push({
          call_id: `${model}-${day}-${at}`,
          user_id: `user-${user}`,
          workload: "support",
          model,
          started_at: new Date(started).toISOString(),
          duration: Number(duration.toFixed(3)),
          status: "ok",
        });
      }
  }
  return { calls };
}
