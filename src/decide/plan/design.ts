import type { Estimate } from "../../stats/estimate";
import { studentTQuantile } from "../../stats/studentT";
import { simulatedPower, simulatedReach, type Traffic } from "./simulated";

/** How the traffic of one group comes. */
export interface Rhythm {
  days: number;
  calls: number;
  clusters: number;
  /** Clusters seen in the first and in the second half of the days. */
  early: number;
  late: number;
  /** The mean number of calls that the cluster of a call has. */
  together: number;
  /** How many clusters of equal size would tell the spread between clusters as well. */
  freedom: number;
  /** Calls of each cluster, of 20,000 drawn by md5 where there are more. */
  sizes: readonly number[];
}

/** What an estimate of a log says of a study of other length. */
export interface Design {
  value: number;
  /** Variance of one unit (call, task, score) alone. */
  unitVariance: number;
  /** Correlation of two units of a cluster. */
  correlation: number;
  designEffect: number;
  rate: boolean;
  unitsPerDay: number;
  rhythm: Rhythm;
  /** How clusters grow with the days: as days to this power; 1 where every day brings new ones, 0 where none does. */
  growth: number;
  /** Mean number of units that the cluster of a unit has. */
  together: number;
  /** Units a call. */
  share: number;
}

/** How sure a study is to be. */
export interface StudyOptions {
  level: number;
  power: number;
  /** True if the study may be looked at any time. */
  anytime: boolean;
}

/** One arm of a study. */
export interface Arm {
  units: number;
  clusters: number;
  variance: number;
}

/** How steep a quantile is: its relative growth as the odds of lying below it double, over ln 2. */
export interface Steepness {
  p: number;
  slope: number;
}

/** The quantiles with half and twice the odds: what lies between them tells the slope far better than an interval. */
export function neighbours(p: number): [low: number, high: number] {
  const odds = p / (1 - p);
  return [odds / 2 / (1 + odds / 2), (2 * odds) / (1 + 2 * odds)];
}

/** The steepness at a quantile, from its neighbours' values. */
export function steepness(p: number, low: number, high: number): Steepness {
  return { p, slope: low > 0 ? Math.log(high / low) / (2 * Math.LN2) : Number.NaN };
}

/**
 * Takes an estimate apart: the variance of a unit, and how much the clusters add to it.
 *
 * @param estimate clustered as in the study; `independent` the same with every call alone; `steep` of a quantile
 */
export function designOf(
  estimate: Estimate,
  independent: Estimate,
  rhythm: Rhythm,
  steep?: Steepness,
): Design {
  const variance = (of: Estimate) => {
    const t = studentTQuantile((1 + of.level) / 2, Math.max(1, of.clusters - 1));
    return ((of.high - of.low) / (2 * t)) ** 2;
  };
  const own = variance(estimate);
  const effect = estimate === independent ? 1 : (estimate.designEffect ?? own / variance(independent));
  const designEffect = Math.max(1, effect);
  // A sample of the calls has as many fewer of each cluster.
  const share = Math.min(rhythm.calls, estimate.n) / rhythm.calls;
  const together = 1 + (rhythm.together - 1) * share;
  const correlation = together > 1 ? Math.min(1, (designEffect - 1) / (together - 1)) : 0;
  const half = (rhythm.early + rhythm.late) / 2;
  const growth = half > 0 ? Math.min(1, Math.max(0, Math.log2(rhythm.clusters / half))) : 1;
  return {
    value: estimate.value,
    unitVariance:
      steep === undefined
        ? (own * estimate.n) / designEffect
        : (estimate.value * steep.slope) ** 2 / (steep.p * (1 - steep.p)),
    correlation,
    designEffect,
    rate: estimate.unit === "1",
    unitsPerDay: estimate.n / rhythm.days,
    rhythm,
    growth,
    together,
    share,
  };
}

/** An arm that gets a share of the clusters for so many days, at a value that differs by `difference`. */
export function armAfter(design: Design, days: number, share: number, difference = 0): Arm {
  const { rhythm, growth, together, correlation, unitVariance, unitsPerDay } = design;
  const longer = days / rhythm.days;
  const units = unitsPerDay * days * share;
  const size = 1 + (together - 1) * longer ** (1 - growth);
  const spread = spreadAt(design, difference);
  // Where users differ in their odds, their shares differ by the more the closer they come to a half.
  const shared = (size - 1) * correlation * (design.rate ? spread : 1);
  const variance = (unitVariance * spread * (1 + shared)) / units;
  return { units, clusters: Math.min(units, rhythm.clusters * longer ** growth * share), variance };
}

/** How the variance of a unit changes with the value: that of a share as p (1 - p), others as the square. */
function spreadAt({ value, rate }: Design, difference: number): number {
  const other = value + difference;
  if (difference === 0) return 1;
  if (rate) return other <= 0 || other >= 1 ? 0 : (other * (1 - other)) / (value * (1 - value));
  return value > 0 && other > 0 ? (other / value) ** 2 : 1;
}

/**
 * A difference over its standard error after so many days: shares as a difference, what is above 0 as a ratio, whose arms
 * are as sure relative to their values.
 */
function errorsOf(design: Design, days: number, difference: number, times: number): number {
  const { value, rate } = design;
  const arms = [armAfter(design, days, 0.5 * times), armAfter(design, days, 0.5 * times, difference)];
  const values = [value, value + difference];
  const asRatio = !rate && values.every((one) => one > 0);
  const variance = arms.reduce((sum, arm, i) => sum + arm.variance / (asRatio ? values[i] ** 2 : 1), 0);
  const size = asRatio ? Math.log(values[1] / values[0]) : difference;
  return Math.abs(size) / Math.sqrt(variance);
}

/** Whether so many days show a difference with the power asked for. */
function isShown(
  design: Design,
  days: number,
  difference: number,
  options: StudyOptions,
  times = 1,
): boolean {
  return errorsOf(design, days, difference, times) >= reach(design, days, times, options);
}

const reaches = new WeakMap<Design, Map<string, number>>();

/** Standard errors that a difference must have to be found with the power asked for, as studies of such clusters find it. */
function reach(design: Design, days: number, times: number, options: StudyOptions): number {
  const known = reaches.get(design) ?? new Map<string, number>();
  reaches.set(design, known);
  // Two studies of much the same clusters need much the same.
  const about = (x: number) => 2 ** (Math.floor(3 * Math.log2(x)) / 3);
  const { clusters, stretch, ...traffic } = trafficOf(design, days, times);
  const ofOneSize = { ...traffic, clusters: about(clusters), stretch: about(stretch) };
  const key = [ofOneSize.clusters, ofOneSize.stretch, options.level, options.power, options.anytime].join(
    " ",
  );
  const found = known.get(key) ?? simulatedReach(ofOneSize, options, options.power);
  known.set(key, found);
  return found;
}

function trafficOf(
  { rhythm, growth, share, correlation, designEffect }: Design,
  days: number,
  times: number,
): Traffic {
  const longer = days / rhythm.days;
  return {
    sizes: rhythm.sizes,
    stretch: share * longer ** (1 - growth),
    clusters: rhythm.clusters * longer ** growth * 0.5 * times,
    correlation,
    // Only what clusters add to the variance is known from few of them, and skewed as users are half as well.
    freedom: rhythm.freedom / 2 / (1 - 1 / designEffect) ** 2,
  };
}

/** In how many of how many simulated studies of so many days the difference is found. */
export function powerOf(
  design: Design,
  days: number,
  difference: number,
  options: StudyOptions,
): { found: number; studies: number } {
  return simulatedPower(trafficOf(design, days, 1), options, errorsOf(design, days, difference, 1));
}

/** The fewest days after which a difference is shown; Infinity where no length of the study does. */
export function daysNeeded(design: Design, difference: number, options: StudyOptions): number {
  const shown = (days: number) => isShown(design, days, difference, options);
  let [low, high] = [1e-6, 36_500];
  if (!shown(high)) return Number.POSITIVE_INFINITY;
  for (let i = 0; i < 80; i++) {
    const middle = Math.sqrt(low * high);
    if (shown(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** How many times the traffic, by as many more clusters of the same kind, so many days take; Infinity beyond 1,000. */
export function timesNeeded(design: Design, difference: number, options: StudyOptions, days: number): number {
  const shown = (times: number) => isShown(design, days, difference, options, times);
  let [low, high] = [1e-3, 1e3];
  if (!shown(high)) return Number.POSITIVE_INFINITY;
  for (let i = 0; i < 60; i++) {
    const middle = Math.sqrt(low * high);
    if (shown(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** The smallest difference that so many days show; a rate above a half is asked for its fall. */
export function smallestShown(design: Design, days: number, options: StudyOptions): number {
  const { value, rate } = design;
  const sign = rate && value > 0.5 ? -1 : 1;
  const most = rate ? Math.max(value, 1 - value) : Math.abs(value) * 1e3;
  let [low, high] = [0, most];
  const shown = (size: number) => isShown(design, days, sign * size, options);
  // At its very end a share has no spread at all, which says nothing.
  if (!shown(most * (1 - 1e-9))) return Number.POSITIVE_INFINITY;
  for (let i = 0; i < 80; i++) {
    const middle = (low + high) / 2;
    if (shown(middle)) high = middle;
    else low = middle;
  }
  return high;
}
