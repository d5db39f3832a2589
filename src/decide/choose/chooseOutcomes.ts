import { atEnd } from "../../stats/worstCase";
import { floorName, higherIsGood } from "../profile/criterion";
import { type Candidate, type UtilityOptions, utilities } from "./utility";

/**
 * The probability that a candidate is the best if all unknown outcomes and costs go against it: the worst of its
 * own, the best of the others'.
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
