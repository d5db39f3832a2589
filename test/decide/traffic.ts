import { random } from "../../src/stats/random";
import type { Call } from "../measures/calls";

/** What happens halfway through an artificial log. */
export interface Change {
  /** Factor on every duration after that point. */
  slower?: number;
  /** Share of the slow, long kind of call before and after. */
  share?: number;
  shareAfter?: number;
  days?: number;
  perDay?: number;
  users?: number;
}

/**
 * Two spans of `days` from Monday 2026-03-02, 8 to 18 o'clock: users differ, hours differ, and calls are of two models,
 * "long" ones four times as slow. `name` keeps several such logs apart, as their workload.
 */
export function traffic(seed: number, change: Change = {}, name = "w"): Call[] {
  const { slower = 1, share = 0.5, shareAfter = share, days = 7, perDay = 60, users = 60 } = change;
  const r = random(seed);
  const ofUser = Array.from({ length: users }, () => Math.exp(0.4 * r.normal()));
  return Array.from({ length: 2 * days }, (_, day) => {
    const after = day >= days;
    const ofHour = Array.from({ length: 24 }, () => Math.exp(0.15 * r.normal()));
    return Array.from({ length: perDay }, (_, i): Call => {
      const hour = 8 + r.integer(10);
      const user = r.integer(users);
      const long = r.uniform() < (after ? shareAfter : share);
      const wait = (long ? 6 : 1.5) * ofUser[user] * ofHour[hour] * (after ? slower : 1);
      const at = Date.UTC(2026, 2, 2) + day * 864e5 + hour * 36e5 + r.integer(3600) * 1000;
      return {
        call_id: `${name}-${day}-${i}`,
        task_id: `${name}-t${day}-${i}`,
        user_id: `${name}-u${user}`,
        workload: name,
        model: long ? "long" : "short",
        started_at: new Date(at).toISOString().slice(0, 19),
        duration: wait * Math.exp(0.5 * r.normal()),
        status: r.uniform() < (long ? 0.2 : 0.05) ? "error" : "ok",
        input_tokens: 100,
        output_tokens: Math.round((long ? 900 : 300) * Math.exp(0.5 * r.normal())),
        cost: (long ? 0.03 : 0.01) * Math.exp(0.3 * r.normal()),
      };
    });
  }).flat();
}

/** Several such logs in one store, each as its own workload: w0, w1, ... */
export function worlds(count: number, change: Change = {}): Call[] {
  return Array.from({ length: count }, (_, at) => traffic(100 + at, change, `w${at}`)).flat();
}

/** The first moment of the second span of 7 days. */
export const half = "2026-03-09";
