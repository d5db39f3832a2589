import { odds } from "./claim";
import type { Estimate } from "./estimate";

/**
 * How strong an unmeasured cause must be to explain a ratio away: the least factor by which it has to differ between the
 * two groups and, as well, to move what is measured.
 *
 * In: a ratio of two rates, or of two positive means; out: a factor of 1 or more, the same for a ratio and its inverse. NaN
 * stays NaN, and 0 or infinity needs an infinite one.
 *
 * @remarks Source: VanderWeele & Ding (2017), doi:10.7326/M16-2607: RR + sqrt(RR (RR - 1)); for means above 0, Ding &
 * VanderWeele (2016), doi:10.1097/EDE.0000000000000457. Not for a ratio of quantiles, which a small cause can move far: see `oddsFactor`.
 * @throws RangeError for a ratio below 0
 * @example
 * eValue(3.9).toFixed(2) // "7.26"
 */
export function eValue(ratio: number): number {
  if (ratio < 0) throw new RangeError(`eValue requires ratio >= 0, got ${ratio}`);
  const away = ratio < 1 ? 1 / ratio : ratio;
  // Not away * (away - 1) under the root, which overflows long before the result does.
  return away === Number.POSITIVE_INFINITY ? away : away + Math.sqrt(away) * Math.sqrt(away - 1);
}

/**
 * By how many times an unmeasured cause must shift the odds of lying below a value, to make the quantile of one group that of
 * the other: the least that explains their ratio away.
 *
 * @param share of the one group below the quantile of the other
 * @param p the quantile's probability
 * @example
 * oddsFactor(0.607, 0.5).toFixed(3) // "1.545"
 */
export function oddsFactor(share: number, p: number): number {
  const factor = odds(share) / odds(p);
  return factor < 1 ? 1 / factor : factor;
}

/** The end of a ratio's interval that is nearest to 1, as a factor of 1 or more: 1 if the interval includes it. */
export function nearestToOne({ low, high }: Pick<Estimate, "low" | "high">): number {
  if (Number.isNaN(low) || Number.isNaN(high)) return Number.NaN;
  return low > 1 ? low : high < 1 ? 1 / high : 1;
}
