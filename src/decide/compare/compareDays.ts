import type { Spread } from "../../measures/mix/mixSpread";
import { SAME_DAYS } from "../../measures/mix/ownDays";
import { type DayEffect, FEWEST_DAYS } from "../../stats/dayMixture";
import type { Estimate } from "../../stats/estimate";
import { type Reservation, reserve } from "../../stats/reservation";

/** What to say if sides have days of their own, and too few of them to tell how much days differ. */
export const daysUntold = ({ daysShared, daysOf: [a, b] }: Spread): Reservation[] =>
  daysShared < SAME_DAYS && Math.min(a, b) < FEWEST_DAYS
    ? [reserve("days.few", { a, b, few: FEWEST_DAYS })]
    : [];

/**
 * A difference or ratio whose ends are at least as far away as days allow: what the calls of a day share, and what days
 * carry over to the next.
 *
 * @param effect how far the difference, or the logarithm of the ratio, may be from its value; undefined leaves it as it is
 */
export function overDays(
  estimate: Estimate,
  effect: DayEffect | undefined,
  scale: "plain" | "log",
): Estimate {
  const { value, low, high, level, worst_case } = estimate;
  if (effect === undefined || !Number.isFinite(value)) return estimate;
  const [below, above] = effect.bounds(level);
  const [least, most] =
    scale === "log" ? [value * Math.exp(below), value * Math.exp(above)] : [value + below, value + above];
  if (!(least < low || most > high)) return estimate;
  const ends = { low: Math.min(low, least), high: Math.max(high, most) };
  const wider = { ...estimate, ...ends, method: "days-ar1" };
  if (worst_case === undefined) return wider;
  return {
    ...wider,
    worst_case: {
      ...worst_case,
      // An end that is open stays so.
      low: ends.low < low ? worst_case.low - (low - ends.low) : worst_case.low,
      high: ends.high > high ? worst_case.high + (ends.high - high) : worst_case.high,
    },
  };
}

/** The two-sided probability of so large a value without a difference, as far as days tell. */
export function pOverDays(value: number, effect: DayEffect | undefined): number {
  if (effect === undefined) return Number.NaN;
  const below = effect.below(-value);
  return Math.min(1, 2 * Math.min(below, 1 - below));
}
