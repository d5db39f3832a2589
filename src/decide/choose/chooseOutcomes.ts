import { odds, reached, shareAtOdds } from "../../stats/claim";
import type { Estimate } from "../../stats/estimate";
import { disowning } from "../../stats/reservation";
import { atEnd, maySeeUnpriced } from "../../stats/worstCase";
import { floorName, higherIsGood } from "../profile/criterion";
import { type Candidate, type Utilities, type UtilityOptions, utilities } from "./utility";

/** The share of the calls behind a number that have no known cost, if that may be seen; all of them where it has no value. */
export function unpricedShare(estimate: Estimate): number | undefined {
  if (isWithoutCost(estimate)) return 1;
  const { unpriced } = estimate;
  return unpriced !== undefined && maySeeUnpriced(estimate) ? unpriced.calls / unpriced.of : undefined;
}

const isWithoutCost = ({ reservations = [] }: Estimate) => reservations.some(({ id }) => id === "costs.none");

/** A cost none of which is known, at its least: nothing. Who has it may be the best, as one of whom little is known. */
const leastCost = (estimate: Estimate): Estimate =>
  isWithoutCost(estimate) ? { ...estimate, value: 0, low: 0, high: 0 } : estimate;

/** How good the candidates are if all unknown outcomes and costs go against one: the worst of its own, the best of the others'. */
export const atWorst = (
  candidates: readonly Candidate[],
  leader: number,
  options: UtilityOptions,
): Utilities =>
  changed(candidates, leader, options, (estimate, worse, isLeader) =>
    isLeader ? atEnd(estimate, worse) : atEnd(leastCost(estimate), other[worse]),
  );

/**
 * How good the candidates are if those numbers that disown an end reach as far as they must to carry a decision: one's own to
 * the worse, the others' to the better.
 */
export const stretched = (
  candidates: readonly Candidate[],
  leader: number,
  options: UtilityOptions,
): Utilities =>
  changed(candidates, leader, options, (estimate, worse, isLeader) => {
    const against = isLeader ? worse : other[worse];
    const held = disowning(estimate.reservations, against);
    const ends = held.map((one) => reached(estimate, against, one)).filter(Number.isFinite);
    const end = against === "low" ? Math.min(...ends) : Math.max(...ends);
    return ends.length === 0 ? estimate : { ...estimate, [against]: end };
  });

/** True if a candidate has a number with an end that may carry no decision. */
export const isDisowned = ({ estimates }: Candidate): boolean =>
  Object.values(estimates).some(({ reservations = [] }) => reservations.some(({ decides }) => !decides));

const other = { low: "high", high: "low" } as const;

/** How good the candidates are once all numbers are changed; `worse` is the end that is worse to have. */
function changed(
  candidates: readonly Candidate[],
  leader: number,
  options: UtilityOptions,
  change: (estimate: Estimate, worse: "low" | "high", isLeader: boolean) => Estimate,
): Utilities {
  const higher = new Map([
    ...options.criteria.map((one) => [one.metric, higherIsGood(one)] as const),
    ...(options.floors ?? []).map((one) => [floorName(one), one.at_least !== undefined] as const),
  ]);
  const moved = candidates.map((candidate, i) => ({
    ...candidate,
    estimates: Object.fromEntries(
      Object.entries(candidate.estimates).map(([name, one]) => [
        name,
        change(one, (higher.get(name) ?? true) ? "low" : "high", i === leader),
      ]),
    ),
  }));
  return utilities(moved, options);
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
