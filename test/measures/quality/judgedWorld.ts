import { random } from "../../../src/stats/random";
import type { Call } from "../calls";
import type { Judgement } from "../scores";

export const name = "hallucination";

/** Calls of users, a judge's verdicts on all and people's labels on some; users differ in how often they are wrong. */
export function world(seed: number, { calls = 500, labelled = 0.3, rate = 0.2, se = 0.85, sp = 0.9 } = {}) {
  const { uniform } = random(seed);
  const scores: Judgement[] = [];
  const made = Array.from({ length: calls }, (_, at): Call => {
    const truth = uniform() < rate;
    scores.push({ call: `c${at}`, name, rater: "judge", value: Number(uniform() < (truth ? se : 1 - sp)) });
    if (uniform() < labelled) scores.push({ call: `c${at}`, name, value: Number(truth) });
    return { call_id: `c${at}`, model: "alder", user_id: `u${at % 100}` };
  });
  return { calls: made, scores };
}
