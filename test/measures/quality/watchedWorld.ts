import { random } from "../../../src/stats/random";
import type { Call } from "../calls";
import type { Judgement } from "../scores";
import { name } from "./driftWorld";

const day = (at: number) =>
  new Date(Date.UTC(2026, 2, 1 + at, 9)).toISOString().slice(0, 19).replace("T", " ");
/** The day from which on the judge scores higher, or answers are better. */
const SWITCH = 15;

/** Thirty days of judged answers, and some answers of a private set that are judged again each week. */
export function watchedWorld(seed: number, { judge = 0, answers = 0, set = 20 }) {
  const { normal } = random(seed, 5);
  const [calls, scores]: [Call[], Judgement[]] = [[], []];
  const add = (call: string, worth: number, at: number) => {
    const value = 0.5 + 0.1 * worth + 0.05 * normal() + (at >= SWITCH ? judge : 0);
    scores.push({ call, name, rater: "judge", id: "j1", at: day(at), value });
  };
  const fixed = Array.from({ length: set }, () => normal());
  for (const k of fixed.keys())
    calls.push({ call_id: `set ${k}`, model: "alder", environment: "evaluation", started_at: day(0) });
  for (let at = 0; at < 30; at++) {
    for (let k = 0; k < 20; k++) {
      const [call_id, user_id] = [`d${at} ${k}`, `u${k}`];
      calls.push({ call_id, user_id, model: "alder", workload: "chat", started_at: day(at) });
      add(call_id, normal() + (at >= SWITCH ? 10 * answers : 0), at);
    }
    if (at % 7 === 0) for (const [k, worth] of fixed.entries()) add(`set ${k}`, worth, at);
  }
  return { calls, scores, switched: day(SWITCH).slice(0, 10) };
}
