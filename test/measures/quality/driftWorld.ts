import { random } from "../../../src/stats/random";
import type { Call } from "../calls";
import type { Judgement } from "../scores";

export const name = "good";

/** How a log is made in which a judge looks at the same answers twice. */
export interface DriftWorld {
  items?: number;
  /** Answers to one prompt. */
  perPrompt?: number;
  /** What the judge adds to its score the second time; of a pass or fail, to its chance of passing. */
  drift?: number;
  /** How far what the judge adds differs from prompt to prompt. */
  uneven?: number;
  /** A score of 0 or 1 instead of a number. */
  passes?: boolean;
  /** True if answers are judged again where they failed, or got little, at first. */
  picked?: boolean;
  /** By how much the judge differs from day to day. */
  daily?: number;
}

/** Days on which all is judged at first, and what is judged again. */
export const [firstDay, secondDay] = ["2026-03-02 10:00:00", "2026-04-06 10:00:00"];

/** Calls with a judge's scores on one day, and of half of them on another. */
export function driftWorld(
  seed: number,
  {
    items = 200,
    perPrompt = 1,
    drift = 0,
    uneven = 0,
    passes = false,
    picked = false,
    daily = 0,
  }: DriftWorld,
) {
  const r = random(seed, 71);
  const scores: Judgement[] = [];
  const calls: Call[] = [];
  let [own, extra] = [0, 0];
  const onSecond = daily === 0 ? 0 : Math.SQRT2 * daily * r.normal();
  for (let at = 0; at < items; at++) {
    if (at % perPrompt === 0) [own, extra] = [r.normal(), uneven * r.normal()];
    const worth = 0.7 * own + 0.7 * r.normal();
    const judged = (moved: number) => {
      if (!passes) return 0.6 + 0.1 * (worth + 0.5 * r.normal()) + moved;
      const chance = Math.min(1, Math.max(0, 0.6 + 0.15 * worth + moved));
      return Number(r.uniform() < chance);
    };
    const call = `c${at}`;
    calls.push({
      call_id: call,
      model: "alder",
      prompt_id: `p${Math.floor(at / perPrompt)}`,
      started_at: firstDay,
    });
    const first = judged(0);
    scores.push({ call, name, rater: "judge", id: "j1", value: first, at: firstDay });
    if (picked ? first < 0.55 : r.uniform() < 0.5)
      scores.push({
        call,
        name,
        rater: "judge",
        id: "j1",
        value: judged(drift + extra + onSecond),
        at: secondDay,
      });
  }
  return { calls, scores };
}
