import { odds, reached, shareAtOdds } from "../../stats/claim";
import type { Estimate } from "../../stats/estimate";
import { disowning } from "../../stats/reservation";
import { atEnd } from "../../stats/worstCase";
import { floorName, higherIsGood } from "../profile/criterion";
import { type Candidate, type UtilityOptions, utilities } from "./utility";

/**
 * The probability that a candidate is the best if all unknown outcomes and costs go against it: the worst of its
 * own, the best of the others'.
 */
export const atWorst = (candidates: readonly Candidate[], leader: number, options: UtilityOptions): number =>
  chanceOf(candidates, leader, options, (estimate, worse, isLeader) =>
    atEnd(estimate, isLeader ? worse : other[worse]),
  );

/**
 * The probability that a candidate is the best if those of its numbers that disown their worse end reach as far as they must to
 * carry a decision; the probability as it is if there are none.
 */
export const stretched = (
  candidates: readonly Candidate[],
  leader: number,
  options: UtilityOptions,
): number =>
  chanceOf(candidates, leader, options, (estimate, worse, isLeader) => {
    const held = isLeader ? disowning(estimate.reservations, worse) : [];
    const ends = held.map((one) => reached(estimate, worse, one)).filter(Number.isFinite);
    const end = worse === "low" ? Math.min(...ends) : Math.max(...ends);
    return ends.length === 0 ? estimate : { ...estimate, [worse]: end };
  });

/** True if a candidate has a number with an end that may carry no decision. */
export const isDisowned = ({ estimates }: Candidate): boolean =>
  Object.values(estimates).some(({ reservations = [] }) => reservations.some(({ decides }) => !decides));

const other = { low: "high", high: "low" } as const;

/** A candidate's probability of being the best once all numbers are changed; `worse` is the end that is worse to have. */
function chanceOf(
  candidates: readonly Candidate[],
  leader: number,
  options: UtilityOptions,
  change: (estimate: Estimate, worse: "low" | "high", isLeader: boolean) => Estimate,
): number {
  const higher = new Map([
    ...options.criteria.map((one) => [one.metric, higherIsGood(one)] as const),
    ...(options.floors ?? []).map((one) => [floorName(one), one.at_least !== undefined] as const),
  ]);
  const changed = candidates.map((candidate, i) => ({
    ...candidate,
    estimates: Object.fromEntries(
      Object.entries(candidate.estimates).map(([name, one]) => [
        name,
        change(one, (higher.get(name) ?? true) ? "low" : "high", i === leader),
      ]),
    ),
  }));
  return utilities(changed, options).rows[leader].p_best;
}

/** Candidates as they are if outcomes are reported alike: what unknown ones may make of their numbers does not count. */
export const reportedAlike = <C extends Candidate>(candidates: readonly C[]): C[] =>
  candidates.map((candidate) => ({
    ...candidate,
    estimates: Object.fromEntries(
      Object.entries(candidate.estimates).map(([name, { worst_case: _, ...one }]) => [name, one]),
    ),
  }));

const steps = 6;

/**
 * How many times as often as those of others a candidate's failures must be reported for it to stay the best with the
 * requested probability; undefined if no share of resolved tasks counts.
 */
export function lostBelow(
  candidates: readonly Candidate[],
  leader: number,
  level: number,
  options: UtilityOptions,
): number | undefined {
  const rate = candidates[leader].estimates.resolve_rate;
  if (rate === undefined) return undefined;
  const chanceAt = (times: number) => {
    const lower = shareAtOdds(times * odds(rate.value)) / rate.value;
    const estimates = Object.fromEntries(
      Object.entries(candidates[leader].estimates).map(([name, { worst_case: _, ...one }]) => {
        const by = name === "resolve_rate" ? lower : name === "cost_per_resolved" ? 1 / lower : 1;
        return [name, { ...one, value: one.value * by, low: one.low * by, high: one.high * by }];
      }),
    );
    const moved = candidates.map((one, at) => (at === leader ? { ...one, estimates } : one));
    return utilities(reportedAlike(moved), options).rows[leader].p_best;
  };
  let [low, high] = [0, 1];
  for (let step = 0; step < steps; step++) {
    const middle = (low + high) / 2;
    if (chanceAt(middle) >= level) high = middle;
    else low = middle;
  }
  return high;
}
