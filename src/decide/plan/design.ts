import type { Estimate } from "../../stats/estimate";
import { studentTQuantile } from "../../stats/studentT";
import { simulatedPower, simulatedReach, type Traffic } from "./simulated";

/** The arrival pattern of one group's traffic. */
export interface Rhythm {
  days: number;
  calls: number;
  clusters: number;
  /** Clusters seen in the first and in the second half of the days. */
  early: number;
  late: number;
  /** The mean size, in calls, of a call's cluster. */
  together: number;
  /** How many clusters of equal size would estimate the spread between clusters equally well. */
  freedom: number;
  /** The cluster sizes in calls, from 20,000 calls picked by md5 if there are more. */
  sizes: readonly number[];
}

/** What an estimate from a log says about a study of another length. */
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
  /** How clusters grow with the days: as days to this power; 1 if every day brings new ones, 0 if none does. */
  growth: number;
  /** Mean number of units in a unit's cluster. */
  together: number;
  /** Units a call. */
  share: number;
}

/** How certain a study should be. */
export interface StudyOptions {
  level: number;
  power: number;
  /** True if the study may be checked at any time. */
  anytime: boolean;
}

/** One arm of a study. */
export interface Arm {
  units: number;
  clusters: number;
  variance: number;
}

/** How steep a quantile is: its relative growth when the odds of lying below it double, over ln 2. */
export interface Steepness {
  p: number;
  slope: number;
}

/**
 * The quantiles at half and twice the odds: the distance between them shows the slope far better than an interval.
 */
export function neighbours(p: number): [low: number, high: number] {
  const odds = p / (1 - p);
  return [odds / 2 / (1 + odds / 2), (2 * odds) / (1 + 2 * odds)];
}

/** The steepness at a quantile, from its neighbours' values. */
export function steepness(p: number, low: number, high: number): Steepness {
  return { p, slope: low > 0 ? Math.log(high / low) / (2 * Math.LN2) : Number.NaN };
}

/**
 * Splits an estimate's variance into that of a unit and what the clusters add to it.
 *
 * @param estimate clustered as in the study; `independent` the same with every call alone; `steep` for a quantile
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
  // A sample of the calls has proportionally fewer of each cluster.
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

/** An arm that gets a share of the clusters for a number of days, at a value that differs by `difference`. */
export function armAfter(design: Design, days: number, share: number, difference = 0): Arm {
  const { rhythm, growth, together, correlation, unitVariance, unitsPerDay } = design;
  const longer = days / rhythm.days;
  const units = unitsPerDay * days * share;
  const size = 1 + (together - 1) * longer ** (1 - growth);
  const spread = spreadAt(design, difference);
  // If users differ in their odds, their shares differ more the closer they are to a half.
  const shared = (size - 1) * correlation * (design.rate ? spread : 1);
  const variance = (unitVariance * spread * (1 + shared)) / units;
  return { units, clusters: Math.min(units, rhythm.clusters * longer ** growth * share), variance };
}

/** How the variance of a unit changes with the value: for a share as p (1 - p), otherwise as the square. */
function spreadAt({ value, rate }: Design, difference: number): number {
  const other = value + difference;
  if (difference === 0) return 1;
  if (rate) return other <= 0 || other >= 1 ? 0 : (other * (1 - other)) / (value * (1 - value));
  return value > 0 && other > 0 ? (other / value) ** 2 : 1;
}

/**
 * A difference over its standard error after a number of days: shares as a difference; positive values as a ratio,
 * with each arm's error relative to its value.
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

/** True if this many days show a difference with the requested power. */
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

/**
 * Standard errors that a difference must have to be found with the requested power, in simulated studies of such
 * clusters.
 */
function reach(design: Design, days: number, times: number, options: StudyOptions): number {
  const known = reaches.get(design) ?? new Map<string, number>();
  reaches.set(design, known);
  // Two studies of similar clusters need about the same.
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
    // Only what clusters add to the variance is estimated from few of them. Users are skewed, so the freedom is halved.
    freedom: rhythm.freedom / 2 / (1 - 1 / designEffect) ** 2,
  };
}

/** In how many of how many simulated studies of this many days the difference is found. */
export function powerOf(
  design: Design,
  days: number,
  difference: number,
  options: StudyOptions,
): { found: number; studies: number } {
  return simulatedPower(trafficOf(design, days, 1), options, errorsOf(design, days, difference, 1));
}

/** The minimum number of days that shows a difference; Infinity if no length of the study does. */
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

/**
 * How many times the traffic, with that many more clusters of the same kind, this many days need; Infinity beyond
 * 1,000.
 */
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

/** The smallest difference that this many days show; for a rate above a half, as a fall. */
export function smallestShown(design: Design, days: number, options: StudyOptions): number {
  const { value, rate } = design;
  const sign = rate && value > 0.5 ? -1 : 1;
  const most = rate ? Math.max(value, 1 - value) : Math.abs(value) * 1e3;
  let [low, high] = [0, most];
  const shown = (size: number) => isShown(design, days, sign * size, options);
  // At 0 or 1 a share has no spread at all, which tells nothing.
  if (!shown(most * (1 - 1e-9))) return Number.POSITIVE_INFINITY;
  for (let i = 0; i < 80; i++) {
    const middle = (low + high) / 2;
    if (shown(middle)) high = middle;
    else low = middle;
  }
  return high;
}
