import { checkLevel, checkPositive, checkProbability } from "./checks";
import { normalQuantile } from "./normal";
import { quantile } from "./quantile";

export interface PowerOptions {
  /** Confidence of the two-sided interval that should exclude 0 (default 0.95). */
  level?: number;
  /** Probability of finding a difference of the stated size (default 0.8). */
  power?: number;
  /** Variance with clusters over variance without, measured on earlier data (default 1). */
  designEffect?: number;
}

/** The sources of variance in a difference of means. */
export type MeanSpread =
  | {
      /** Both models on the same items: variance of the true difference over the items. */
      between: number;
      /** Variance of one run on an item, for the first and the second model (default 0, and that of the first). */
      withinFirst?: number;
      withinSecond?: number;
      /** Runs per item (default 1, and those of the first). */
      runsFirst?: number;
      runsSecond?: number;
    }
  | {
      /** Different items: variance of the scores of each model (the second defaults to the first's). */
      first: number;
      second?: number;
    };

/** (z of the level + z of the power)^2 times the design effect. */
function effort(caller: string, { level = 0.95, power = 0.8, designEffect = 1 }: PowerOptions): number {
  checkLevel(caller, level);
  if (!(power > 0 && power < 1)) throw new RangeError(`${caller} requires 0 < power < 1, got ${power}`);
  checkPositive(caller, "designEffect", designEffect);
  return Math.max(0, normalQuantile((1 + level) / 2) + normalQuantile(power)) ** 2 * designEffect;
}

function checkEffect(caller: string, effect: number): void {
  if (Number.isNaN(effect)) throw new RangeError(`${caller} requires a difference to find, got NaN`);
}

/** Variance of the difference of means with one item per side. */
function unitVariance(caller: string, spread: MeanSpread): number {
  const parts: number[] = [];
  if ("between" in spread) {
    const {
      between,
      withinFirst = 0,
      withinSecond = withinFirst,
      runsFirst = 1,
      runsSecond = runsFirst,
    } = spread;
    checkPositive(caller, "runsFirst", runsFirst);
    checkPositive(caller, "runsSecond", runsSecond);
    parts.push(between, withinFirst / runsFirst, withinSecond / runsSecond);
  } else parts.push(spread.first, spread.second ?? spread.first);
  for (const part of parts)
    if (!(part >= 0 && part < Infinity))
      throw new RangeError(`${caller} requires finite variances >= 0, got ${part}`);
  return parts.reduce((sum, part) => sum + part, 0);
}

/**
 * Items needed to tell two means apart: per model, or shared if both answer the same items.
 *
 * In: the difference to find, in the score's unit, and the variances, in its square; out: a number of items, not
 * rounded (round up). A difference of 0 needs Infinity. n = (z + z)^2 (between + first / runs + second / runs) /
 * difference^2.
 *
 * @remarks Source: Miller 2024, https://arxiv.org/abs/2411.00640, section 5.
 * @throws RangeError if a variance is negative or an option is out of range.
 * @example
 * Math.ceil(powerForMeans(0.03, { between: 0.05, withinFirst: 0.02, runsFirst: 4 })) // 524
 */
export function powerForMeans(difference: number, spread: MeanSpread, options: PowerOptions = {}): number {
  checkEffect("powerForMeans", difference);
  const variance = unitVariance("powerForMeans", spread);
  if (difference === 0) return Infinity;
  return (effort("powerForMeans", options) * variance) / difference ** 2;
}

/**
 * The smallest difference of means that n items can show with the stated power: the inverse of `powerForMeans`.
 *
 * In: items (per model, or shared) and variances in the score's unit squared; out: a difference in its unit. No
 * items: Infinity. For rates on different items pass `{ first: p * (1 - p) }`.
 *
 * @throws RangeError if n or a variance is negative or an option is out of range.
 * @example
 * minimumDetectableEffect(969, { between: 0.05, withinFirst: 0.02, runsFirst: 4 }).toFixed(4) // "0.0220"
 */
export function minimumDetectableEffect(n: number, spread: MeanSpread, options: PowerOptions = {}): number {
  if (!(n >= 0)) throw new RangeError(`minimumDetectableEffect requires n >= 0, got ${n}`);
  const variance = unitVariance("minimumDetectableEffect", spread);
  const needed = effort("minimumDetectableEffect", options) * variance;
  return n === 0 ? Infinity : Math.sqrt(needed / n);
}

/**
 * Trials per model needed to tell apart two rates on different items.
 *
 * In: the two rates to tell apart; out: trials per model, not rounded (round up). Equal rates need Infinity.
 *
 * @remarks Method: normal approximation of two proportions with pooled variance under no difference, Fleiss, Levin &
 * Paik 2003, https://doi.org/10.1002/0471445428, equation 4.14 without correction.
 * @throws RangeError if a rate is outside [0, 1] or an option is out of range.
 * @example
 * Math.ceil(powerForRates(0.6, 0.7)) // 356
 */
export function powerForRates(first: number, second: number, options: PowerOptions = {}): number {
  checkProbability("powerForRates", "first", first);
  checkProbability("powerForRates", "second", second);
  const { level = 0.95, power = 0.8, designEffect = 1 } = options;
  effort("powerForRates", options);
  if (first === second) return Infinity;
  const pooled = (first + second) / 2;
  const root =
    normalQuantile((1 + level) / 2) * Math.sqrt(2 * pooled * (1 - pooled)) +
    normalQuantile(power) * Math.sqrt(first * (1 - first) + second * (1 - second));
  return (designEffect * Math.max(0, root) ** 2) / (first - second) ** 2;
}

/**
 * Values per model needed to tell apart a quantile of two models, from a pilot sample of one of them.
 *
 * In: a pilot sample, the quantile and the difference to find in the values' unit; out: values per model, not
 * rounded (round up). n = 2 (z + z)^2 p (1 - p) s^2 / difference^2, with s = dq / dp at p from the pilot. NaN if
 * the pilot is too small to show s (fewer than 3 values beyond p on the nearer side) or flat there.
 *
 * @remarks Method: asymptotic variance of a quantile; bandwidth of Hall & Sheather 1988,
 * https://www.jstor.org/stable/2345606.
 * @throws RangeError if p is not in (0, 1) or an option is out of range.
 * @example
 * Math.round(powerForQuantile(Array.from({ length: 1001 }, (_, i) => i / 1000), 0.5, 0.1)) // 392
 */
export function powerForQuantile(
  pilot: ArrayLike<number>,
  p: number,
  difference: number,
  options: PowerOptions = {},
): number {
  checkProbability("powerForQuantile", "p", p);
  if (p === 0 || p === 1) throw new RangeError(`powerForQuantile requires 0 < p < 1, got ${p}`);
  checkEffect("powerForQuantile", difference);
  const work = effort("powerForQuantile", options);
  const n = pilot.length;
  const nearer = Math.min(p, 1 - p);
  if (!(n * nearer >= 3)) return Number.NaN;
  const z = normalQuantile(p);
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  const alpha = 1 - (options.level ?? 0.95);
  const hall =
    n ** (-1 / 3) *
    normalQuantile(1 - alpha / 2) ** (2 / 3) *
    ((1.5 * density * density) / (2 * z * z + 1)) ** (1 / 3);
  // At most two thirds of the way to the end of the sample: beyond it there is nothing to learn from.
  const width = Math.min(hall, (2 / 3) * nearer);
  const slope = (quantile(pilot, p + width) - quantile(pilot, p - width)) / (2 * width);
  if (!(slope > 0)) return Number.NaN;
  if (difference === 0) return Infinity;
  return (2 * work * p * (1 - p) * slope * slope) / difference ** 2;
}
