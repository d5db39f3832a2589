import { type Reservation, reserve } from "./reservation";

/**
 * The cubic that makes a studentised mean of skewed values symmetric, inverted: bounds are
 * mean - error * skewedT(z) and mean - error * skewedT(-z).
 *
 * @remarks Method: Hall (1992), "On the removal of skewness by transformation", J. R. Stat. Soc. B 54, 221-228.
 * @param z a deviate of t
 * @param skew skewness over the root of n
 */
export function skewedT(z: number, skew: number): number {
  if (Math.abs(skew) < 1e-6) return z;
  return (3 / skew) * (Math.cbrt(1 + skew * (z - skew / 6)) - 1);
}

/** Skewness over the root of n from which a correction outweighs its own error, and from which a note warns. */
const CLEAR = 0.1;
const STRONG = 0.15;

/** True if values are more skewed than chance makes a sample of this size. */
export const clearlySkewed = (skew: number, clusters: number): boolean =>
  Math.abs(skew) > CLEAR && Math.abs(skew) * clusters > 2 * Math.sqrt(6);

/** The note for values so skewed that the rare ones make up most of their mean. */
export function skewNotes(skew: number, clusters: number): Reservation[] {
  if (!(Math.abs(skew) > STRONG && clearlySkewed(skew, clusters))) return [];
  return [reserve(skew > 0 ? "skewed.high" : "skewed.low")];
}
