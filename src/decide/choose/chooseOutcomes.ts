import { atEnd } from "../../stats/worstCase";
import { floorName, higherIsGood } from "../profile/criterion";
import { type Candidate, type UtilityOptions, utilities } from "./utility";

/**
 * The chance that a candidate is the best where all outcomes that are not known are against it: of its own the worst, of
 * the others the best.
 */
export function atWorst(candidates: readonly Candidate[], leader: number, options: UtilityOptions): number {
  const higher = new Map([
    ...options.criteria.map((one) => [one.metric, higherIsGood(one)] as const),
    ...(options.floors ?? []).map((one) => [floorName(one), one.at_least !== undefined] as const),
  ]);
  const moved = candidates.map((candidate, i) => ({
    ...candidate,
    estimates: Object.fromEntries(
      Object.entries(candidate.estimates).map(([name, one]) => [
        name,
        atEnd(one, (higher.get(name) ?? true) === (i === leader) ? "low" : "high"),
      ]),
    ),
  }));
  return utilities(moved, options).rows[leader].p_best;
}
