import assert from "node:assert/strict";
import type { PlanRow } from "../../../src/decide/plan/planRow";
import { type Random, random } from "../../../src/stats/random";
import type { Call } from "../../measures/calls";

/** One call by a user of an artificial service; `more` makes it slower, more expensive or worse by a factor. */
export const user = (r: Random) => ({ pace: Math.exp(0.4 * r.normal()), luck: Math.min(4, r.exponential()) });
export const wait = (r: Random, { pace }: { pace: number }, more = 1) =>
  more * pace * Math.exp(0.5 * r.normal());
export const price = (r: Random, { pace }: { pace: number }, more = 1) =>
  0.01 * more * pace * Math.exp(0.4 * r.normal());
export const fails = (r: Random, { luck }: { luck: number }, more = 1) =>
  r.uniform() < 0.05 * more * luck ? 1 : 0;

/** Two weeks of it: the same users every day, or new ones each time. */
export function log(users: number, each: number, fresh = false): Call[] {
  const r = random(6);
  return Array.from({ length: users }, (_, u) => {
    const one = user(r);
    return Array.from({ length: each }, (_, i): Call => {
      const at = fresh ? (u / users) * 14 : 14 * r.uniform();
      return {
        call_id: `${u}-${i}`,
        task_id: `t${u}-${i}`,
        user_id: `u${u}`,
        workload: "w",
        model: u % 2 === 0 ? "alder" : "birch",
        started_at: new Date(Date.UTC(2026, 2, 2) + at * 864e5).toISOString().slice(0, 19),
        duration: wait(r, one),
        status: fails(r, one) === 1 ? "error" : "ok",
        cost: price(r, one),
      };
    });
  }).flat();
}

export const one = (rows: readonly PlanRow[], metric: string) => {
  const row = rows.find((of) => of.metric === metric);
  assert.ok(row, metric);
  return row;
};
