import type { Keyed } from "../../measures/table";
import type { Estimate, UnpricedCalls } from "../../stats/estimate";
import { withNotesFirst } from "../../stats/estimate";
import { type Reservation, reserve } from "../../stats/reservation";
import { percent } from "../../stats/text";
import { maySeeUnpriced, pricedAt } from "../../stats/worstCase";
import {
  armOf,
  type Design,
  daysNeeded,
  designOf,
  powerOf,
  type Steepness,
  type StudyOptions,
  smallestShown,
  timesNeeded,
} from "./design";
import { powerOfTraffic } from "./uneven";
import type { ClusterSlots } from "./users";

/** What it takes to settle one metric. */
export type PlanRow = Keyed<{
  metric: string;
  /** The metric's value in the log. */
  now: Estimate;
  /** The difference to find, in its unit. */
  difference: number;
  /**
   * What a study takes, in words: "3 weeks", "4 weeks at 6.1 times the traffic"; empty if it cannot be planned.
   */
  takes: string;
  /**
   * Calls, tasks or scores, and clusters, in each of the two arms; Infinity if no study of this traffic settles
   * it.
   */
  n: number;
  clusters: number;
  /** Days of this traffic, half to each arm. */
  days: number;
  /** The share of simulated studies of this many days that find the difference, with its Monte Carlo error. */
  power: Estimate | null;
  /**
   * How many times the traffic, with that many more clusters, settles it within four weeks; below 1 if less is
   * enough.
   */
  times: number;
  /**
   * The smallest difference that a week of this traffic shows, in the metric's unit, and relative to the current
   * value.
   */
  mde_week: number;
  mde_week_share: number;
  /** The same for four weeks, in the metric's unit. */
  mde_4_weeks: number;
  /** Variance with clusters over variance without, in the log. */
  design_effect: number;
}>;

/** Days beyond which nobody waits: traffic, models and prices will have changed. */
export const LONGEST = 182;
/** The four weeks, in days, for which more traffic is planned. */
export const MONTH = 28;

const needs = (what: string) => reserve("plan.needs", { what });

/**
 * What it takes to find a difference in one metric; if that is unknown, the note of `now` says why.
 *
 * @param estimates clustered as the study will be, and with every call alone: the same estimate if that is the
 * study
 * @param now the metric's value in the tables
 */
export function planRow(
  name: string,
  estimates: [Estimate, Estimate],
  now: Estimate,
  slots: ClusterSlots | undefined,
  difference: number,
  study: StudyOptions,
  about: { steep?: Steepness | undefined; own: boolean },
): PlanRow {
  const { steep } = about;
  const [clustered, independent] = estimates.map((estimate) => pricedAt(estimate, "low"));
  const nan = Number.NaN;
  const unknown = (why: Reservation): PlanRow => ({
    metric: name,
    now: withNotesFirst(now, [why]),
    difference,
    takes: "",
    ...{ n: nan, clusters: nan, days: nan, power: null, times: nan },
    ...{ mde_week: nan, mde_week_share: nan, mde_4_weeks: nan, design_effect: nan },
  });
  if (slots === undefined || !(slots.days > 0)) return unknown(needs("calls with times"));
  const known = estimates[0] === estimates[1] || clustered.designEffect !== undefined;
  if (steep !== undefined && !(known && Number.isFinite(steep.slope)))
    return unknown(needs("more calls beyond the quantile"));
  if (
    steep === undefined &&
    ![clustered.low, clustered.high, independent.low, independent.high].every(Number.isFinite)
  )
    return unknown(needs("an interval with both ends"));
  // Sums of equal numbers differ in their last digits.
  const varies = clustered.high - clustered.low > 1e-6 * Math.abs(now.value);
  if (steep === undefined ? !varies : !(steep.slope > 0)) return unknown(needs("values that differ"));
  if (difference === 0) return unknown(reserve("plan.nothing"));
  const other = now.value + difference;
  if (now.unit === "1" && !(other > 0 && other < 1))
    return unknown(reserve("plan.share", { share: percent(other, 3) }));
  const hides = hiddenBy(now);
  const shown = differenceShown(now.value, difference, hides);
  if (shown === 0) return unknown(reserve("plan.hidden", { times: Number(hides.toPrecision(3)) }));
  const design = designOf(clustered, independent, slots, about);
  const days = daysNeeded(design, shown, study);
  const times = timesNeeded(design, shown, study, MONTH);
  const least = (length: number) => now.value * (hides - 1) + hides * smallestShown(design, length, study);
  const week = least(7);
  return {
    metric: name,
    now,
    difference,
    takes: takesOf(days, times),
    ...sizeOf(design, days),
    days,
    power: powerFound(design, days, shown, study, slots),
    times,
    mde_week: week,
    mde_week_share: week / Math.abs(now.value),
    mde_4_weeks: least(MONTH),
    design_effect: design.designEffect,
  };
}

/** How many times its value a cost may be, if unknown ones are at their most; 1 where that is not seen. */
const hiddenBy = (now: Estimate): number =>
  maySeeUnpriced(now) ? (now.unpriced as UnpricedCalls).at_most / now.value : 1;

/** What is left of a difference to show, in its direction, if the lower of two costs is at its most; 0 if nothing is. */
function differenceShown(value: number, difference: number, hides: number): number {
  if (hides === 1) return difference;
  const ratio = (value + difference) / value;
  if (ratio > 1) return value * Math.max(0, ratio / hides - 1);
  return value * Math.min(0, ratio * hides - 1);
}

function powerFound(
  design: Design,
  days: number,
  difference: number,
  study: StudyOptions,
  slots: ClusterSlots,
): Estimate | null {
  if (!Number.isFinite(days)) return null;
  return powerOfTraffic(powerOf(design, days, difference, study), slots, study);
}

/** Units and clusters of an arm, rounded up. */
function sizeOf(design: Design, days: number): { n: number; clusters: number } {
  if (!Number.isFinite(days)) return { n: days, clusters: days };
  const { units, clusters } = armOf(design, days);
  return { n: Math.ceil(units - 1e-6), clusters: Math.ceil(clusters - 1e-6) };
}

/** Whole weeks if that is short enough to wait; else how much more traffic four weeks would take. */
function takesOf(days: number, times: number): string {
  if (days <= LONGEST) {
    const weeks = Math.max(1, Math.ceil(days / 7 - 1e-9));
    return weeks === 1 ? "1 week" : `${weeks} weeks`;
  }
  if (!Number.isFinite(times)) return "more than 1,000 times the traffic";
  return `4 weeks at ${times < 10 ? (Math.ceil(times * 10) / 10).toFixed(1) : Math.ceil(times)} times the traffic`;
}
