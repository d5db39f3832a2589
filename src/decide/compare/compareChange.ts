import type { Margin } from "../../measures/mix/mixMargin";
import type { Spread } from "../../measures/mix/mixSpread";
import type { Four } from "../../measures/mix/mixStandard";
import { FEWEST_CLUSTERS } from "../../stats/clusterError";
import type { DayEffect } from "../../stats/dayMixture";
import { type Estimate, renoted } from "../../stats/estimate";
import { differenceOf, ratioOf } from "../../stats/mover";
import { type Reservation, reservationText } from "../../stats/reservation";
import { studentTCdf } from "../../stats/studentT";
import { overDays, pOverDays } from "./compareDays";
import type { ComparedMetric } from "./compareMetrics";

/** How far one number is from another, as a difference and as a ratio, with what days allow. */
export function apart(
  { unit }: ComparedMetric,
  { first, second }: Record<"first" | "second", Estimate>,
  { correlation, days }: Change,
): [difference: Estimate, ratio: Estimate] {
  const difference = once({ ...differenceOf(second, first, { correlation }), unit });
  const ratio = once({ ...ratioOf(second, first, { correlation }), unit: "×" });
  return [overDays(difference, days.plain, "plain"), overDays(ratio, days.log, "log")];
}

/** What both sides know of their numbers, once. */
export function once(estimate: Estimate): Estimate {
  const known = new Map<string, Reservation>();
  for (const { of: _, ...one } of estimate.reservations ?? []) {
    const text = reservationText(one);
    const before = known.get(text);
    known.set(text, before === undefined || before.side === one.side ? one : { ...one, side: "both" });
  }
  return renoted(estimate, [...known.values()]);
}

/** A factor on the pull of each of the four numbers that puts it on the number's own scale. */
export function scaleOf(margins: Four<Margin>, spread: Spread, name: keyof Four): number {
  const own = spread.variance({ [name]: 1 });
  const { method, error } = margins[name];
  // A quantile's pulls are those of the share below it, which falls as the quantile rises.
  return method === "woodruff" ? -error / Math.sqrt(own) : 1;
}

/** How far two of the numbers move together, the p-value of their difference, and what days allow to say of it. */
export interface Change {
  correlation: number;
  p: number;
  days: Record<"plain" | "log", DayEffect | undefined>;
}

export function changeOf(margins: Four<Margin>, spread: Spread, one: keyof Four, other: keyof Four): Change {
  const [x, y] = [scaleOf(margins, spread, one), scaleOf(margins, spread, other)];
  const [vx, vy] = [spread.variance({ [one]: x }), spread.variance({ [other]: y })];
  const apart = spread.variance({ [one]: x, [other]: -y });
  const raw = (vx + vy - apart) / (2 * Math.sqrt(vx * vy));
  const correlation = Number.isFinite(raw) ? Math.max(-1, Math.min(1, raw)) : 0;
  const p = pValue(margins[one], margins[other], correlation, spread);
  const [ofOne, ofOther] = [margins[one].value, margins[other].value];
  const days = {
    plain: spread.days({ [one]: x, [other]: -y }),
    log: ofOne > 0 && ofOther > 0 ? spread.days({ [one]: x / ofOne, [other]: -y / ofOther }) : undefined,
  };
  const overall =
    days.plain === undefined || Number.isNaN(p) ? p : Math.max(p, pOverDays(ofOne - ofOther, days.plain));
  return { correlation, p: overall, days };
}

/** The level at which the interval of the difference just excludes 0. */
function pValue(one: Margin, other: Margin, correlation: number, spread: Spread): number {
  const difference = one.value - other.value;
  if (Number.isNaN(difference) || Math.min(...spread.effective) < FEWEST_CLUSTERS) return Number.NaN;
  if (difference === 0) return 1;
  const asEstimate = ({ value, bounds }: Margin, t: number): Estimate => {
    const [low, high] = bounds(t);
    return { value, low, high, level: 0.95, method: "", n: 0, clusters: 0, clusterBy: "" };
  };
  const holdsNone = (t: number) => {
    const { low, high } = differenceOf(asEstimate(one, t), asEstimate(other, t), { correlation });
    return !(low <= 0 && high >= 0);
  };
  let [low, high] = [0, 40];
  for (let i = 0; i < 40; i++) {
    const middle = (low + high) / 2;
    if (holdsNone(middle)) low = middle;
    else high = middle;
  }
  return Math.min(1, 2 * studentTCdf(-low, spread.degrees));
}
