import type { Estimate } from "../../stats/estimate";
import { random } from "../../stats/random";
import { studentTQuantile } from "../../stats/studentT";
import { leastEnough } from "./leastEnough";
import type { Users } from "./likeLogs";
import { armSize, expectedPower, simulatedPower } from "./simulated";
import type { Length } from "./simulatedArm";
import type { ClusterSlots } from "./users";

/** What a log says about studies of one metric. */
export interface Design {
  value: number;
  designEffect: number;
  rate: boolean;
  /** True if a difference is measured as a ratio, on the log scale. */
  asRatio: boolean;
  users: Users;
}

/** How certain a study should be. */
export interface StudyOptions {
  level: number;
  power: number;
  /** True if the study may be checked at any time. */
  anytime: boolean;
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
 * What a log says about studies, from the metric's clusters, or where the metric is no sum over them (a mean score,
 * a share of repeats) from its variance and those of the calls.
 *
 * @param estimate clustered as in the study; `independent` the same with every call alone; `steep` for a quantile
 */
export function designOf(
  estimate: Estimate,
  independent: Estimate,
  slots: ClusterSlots,
  { steep, own }: { steep?: Steepness | undefined; own: boolean },
): Design {
  const variance = (of: Estimate) => {
    const t = studentTQuantile((1 + of.level) / 2, Math.max(1, of.clusters - 1));
    return ((of.high - of.low) / (2 * t)) ** 2;
  };
  const { value } = estimate;
  const rate = estimate.unit === "1";
  const asRatio = !rate && value > 0;
  const whole = variance(estimate);
  const effect = estimate === independent ? 1 : (estimate.designEffect ?? whole / variance(independent));
  const designEffect = Math.max(1, effect);
  const row = slots.slots + 1;
  const all = Float64Array.from(
    { length: slots.sizes.length / row },
    (_, k) => slots.sizes[k * row + row - 1]!,
  );
  const sum = all.reduce((total, m) => total + m, 0);
  // A sample of the calls has proportionally fewer of each cluster.
  const share = own ? 1 : Math.min(1, (estimate.n * (all.length / slots.clusters)) / sum);
  const together = 1 + (all.reduce((total, m) => total + m * m, 0) / sum - 1) * share;
  const correlation = together > 1 ? Math.min(1, (designEffect - 1) / (together - 1)) : 0;
  // Relative to the value, where differences are ratios.
  const scale =
    steep === undefined
      ? asRatio
        ? 1 / value
        : 1
      : ((asRatio ? 1 : value) * steep.slope) / (steep.p * (1 - steep.p));
  const noise =
    steep === undefined
      ? ((whole * estimate.n) / designEffect) * scale ** 2
      : steep.p * (1 - steep.p) * scale ** 2;
  const { days, clusters } = slots;
  const skewed = own && steep === undefined && !rate;
  const about = { days, slots: slots.slots, clusters, noise, correlation, skewed };
  const users = own
    ? { ...about, sizes: slots.sizes, deviations: deviationsOf(slots, scale) }
    : { ...about, ...madeUp(slots, share, noise, correlation) };
  return { value, designEffect, rate, asRatio, users };
}

/** Running totals of what the clusters' totals exceed their units times the ratio of all by. */
function deviationsOf({ sizes, totals, ratio }: ClusterSlots, scale: number): Float64Array {
  return totals.map((total, at) => (total - ratio * sizes[at]!) * scale);
}

/** Clusters of the calls' sizes with normal deviations of the right variance and correlation. */
function madeUp(
  { sizes: calls, slots }: ClusterSlots,
  share: number,
  noise: number,
  correlation: number,
): Pick<Users, "sizes" | "deviations"> {
  const { normal } = random(29);
  const sizes = calls.map((size) => size * share);
  const deviations = new Float64Array(sizes.length);
  const row = slots + 1;
  for (let start = 0; start < sizes.length; start += row) {
    const alike = Math.sqrt(noise * correlation) * normal();
    for (let at = start + 1; at < start + row; at++) {
      const m = sizes[at]! - sizes[at - 1]!;
      const alone = m > 0 ? Math.sqrt(noise * (1 - correlation) * m) * normal() : 0;
      deviations[at] = deviations[at - 1]! + m * alike + alone;
    }
  }
  return { sizes, deviations };
}

/** The least that a share's variance falls to where it differs: without any, a study would need no calls at all. */
const LEAST_SPREAD = 0.05;

/** How the variance of a unit changes with the value: for a share as p (1 - p). */
function spreadAt({ value, rate }: Design, difference: number): number {
  const other = value + difference;
  return rate ? Math.max(LEAST_SPREAD, (other * (1 - other)) / (value * (1 - value))) : 1;
}

/** A difference on the scale on which it is measured: positive values that are not shares as a ratio. */
function sizeOf({ value, asRatio }: Design, difference: number): number {
  return asRatio && value + difference > 0
    ? Math.abs(Math.log(1 + difference / value))
    : Math.abs(difference);
}

/** The chance that a study of this length finds a difference. */
function powerAt(design: Design, length: Length, difference: number, options: StudyOptions): number {
  const spread = spreadAt(design, difference);
  return expectedPower(design.users, { ...length, spread }, options)(sizeOf(design, difference));
}

/** The share of simulated studies of this many days that find the difference. */
export function powerOf(design: Design, days: number, difference: number, options: StudyOptions): Estimate {
  const spread = spreadAt(design, difference);
  return simulatedPower(design.users, { days, spread }, options, sizeOf(design, difference));
}

/** Units and clusters of each arm. */
export const armOf = ({ users }: Design, days: number): { units: number; clusters: number } =>
  armSize(users, { days });

/** The minimum number of days that shows a difference; Infinity if no length of the study does. */
export function daysNeeded(design: Design, difference: number, options: StudyOptions): number {
  const chance = (days: number) => powerAt(design, { days }, difference, options);
  return leastEnough(chance, options.power, {
    start: design.users.days,
    range: [1e-4, 36_500],
    growth: 0.5,
  });
}

/**
 * How many times the traffic, with that many more clusters of the same kind, this many days need; Infinity beyond
 * 1,000.
 */
export function timesNeeded(design: Design, difference: number, options: StudyOptions, days: number): number {
  const chance = (times: number) => powerAt(design, { days, times }, difference, options);
  return leastEnough(chance, options.power, { start: 1, range: [1e-3, 1e3], growth: 0.5 });
}

/** The smallest difference that this many days show; for a rate above a half, as a fall. */
export function smallestShown(design: Design, days: number, options: StudyOptions): number {
  const { value, rate } = design;
  const sign = rate && value > 0.5 ? -1 : 1;
  const most = rate ? Math.max(value, 1 - value) : Math.abs(value) * 1e3;
  if (!(most > 0)) return Number.POSITIVE_INFINITY;
  // Only shares vary more or less where they differ; else the studies are the same for every difference.
  const same = rate ? undefined : expectedPower(design.users, { days }, options);
  const chance = (size: number) =>
    same?.(sizeOf(design, sign * size)) ?? powerAt(design, { days }, sign * size, options);
  return leastEnough(chance, options.power, {
    start: rate ? Math.max(0.01, Math.min(value, 1 - value) / 4) : Math.abs(value) / 10,
    range: [most * 1e-9, most * (1 - 1e-9)],
    growth: 1,
    near: rate ? 1.005 : 1 + 1e-9,
  });
}
