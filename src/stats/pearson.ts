import { completePairs, type PairOptions } from "./pairs";

/**
 * Pearson's product-moment correlation of two sides, from -1 to 1.
 *
 * In: one pair per unit; n counts the pairs. NaN for fewer than two pairs, a constant side or an infinite value.
 * Values up to the largest double do not overflow: each side is scaled by its largest distance from its first
 * value before it is centred.
 *
 * @throws RangeError if the sides differ in length.
 * @example
 * pearson([1, 2, 3], [2, 4, 6]) // 1
 */
export function pearson(x: ArrayLike<number>, y: ArrayLike<number>, options: PairOptions = {}): number {
  const pairs = completePairs("pearson", x, y, options);
  if (!pairs || pairs.x.length < 2) return Number.NaN;
  const u = centred(pairs.x);
  const v = centred(pairs.y);
  if (!u || !v) return Number.NaN;
  let uv = 0;
  let uu = 0;
  let vv = 0;
  for (let i = 0; i < u.length; i++) {
    uv += u[i] * v[i];
    uu += u[i] * u[i];
    vv += v[i] * v[i];
  }
  return Math.max(-1, Math.min(1, uv / Math.sqrt(uu * vv)));
}

/** Deviations from the mean on a scale near 1; undefined without spread or a finite mean. */
function centred(values: ArrayLike<number>): Float64Array | undefined {
  const n = values.length;
  const out = new Float64Array(n);
  let largest = 0;
  // Halving first keeps the distance between two opposite values near the largest double finite.
  for (let i = 0; i < n; i++) {
    out[i] = values[i] / 2 - values[0] / 2;
    largest = Math.max(largest, Math.abs(out[i]));
  }
  if (!(largest > 0 && largest < Infinity)) return undefined;
  let sum = 0;
  for (let i = 0; i < n; i++) sum += out[i] /= largest;
  for (let i = 0; i < n; i++) out[i] -= sum / n;
  return out;
}
