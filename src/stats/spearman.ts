import { midranks } from "./midranks";
import { completePairs, type PairOptions } from "./pairs";

/**
 * Spearman's rank correlation of two sides, from -1 to 1: Pearson's correlation of the midranks.
 *
 * In: one pair per model (or any unit); n counts the pairs. Ties share their mean rank; infinite values rank first
 * or last. NaN for fewer than two pairs or a constant side.
 *
 * @remarks Source: Spearman 1904, https://doi.org/10.2307/1412159.
 * @throws RangeError if the sides differ in length.
 * @example
 * spearman([1, 2, 3, 4], [10, 30, 20, 40]) // 0.8
 */
export function spearman(x: ArrayLike<number>, y: ArrayLike<number>, options: PairOptions = {}): number {
  const pairs = completePairs("spearman", x, y, options);
  if (!pairs) return Number.NaN;
  return rankProduct(midranks(pairs.x), midranks(pairs.y));
}

/** The correlation of two sides of midranks, in whole numbers, so that a perfect one is exactly 1. */
export function rankProduct(u: ArrayLike<number>, v: ArrayLike<number>): number {
  const n = u.length;
  let uv = 0;
  let uu = 0;
  let vv = 0;
  for (let i = 0; i < n; i++) {
    const a = 2 * u[i] - (n + 1);
    const b = 2 * v[i] - (n + 1);
    uv += a * b;
    uu += a * a;
    vv += b * b;
  }
  return uu > 0 && vv > 0 ? uv / Math.sqrt(uu * vv) : Number.NaN;
}
