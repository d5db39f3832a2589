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
