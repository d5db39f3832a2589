import { betaQuantile, betaTails } from "./beta";
import { devianceTerm, stirlingError } from "./gamma";
import { normalCdf, normalQuantile } from "./normal";
import { interpolateRank, quantileRank } from "./quantile";
import { bootstrapWindow } from "./quantileRanks";

/** The exact bootstrap distribution of a type-7 quantile: what infinitely many resamples would give. */
export interface QuantileLaw {
  /** The probability that a resample's quantile is at most t (or, strictly, below t). */
  cdf: (t: number, strictly?: boolean) => number;
  /** The smallest t with cdf(t) >= u. */
  quantile: (u: number) => number;
  /** The bias correction of BCa. */
  z0: number;
  /** The acceleration of BCa, from the at most three distinct jackknife values. */
  acceleration: number;
}

/** Skewness of the jackknife over six: the acceleration, from distinct values and their counts. */
function accelerationOf(values: number[], counts: number[]): number {
  let n = 0;
  let mean = 0;
  for (let i = 0; i < values.length; i++) n += counts[i]!;
  for (let i = 0; i < values.length; i++) mean += (counts[i]! / n) * values[i]!;
  const scale = Math.max(...values.map((v) => Math.abs(v - mean)));
  if (!(scale > 0) || !Number.isFinite(scale)) return 0;
  let squares = 0;
  let cubes = 0;
  for (let i = 0; i < values.length; i++) {
    const d = (mean - values[i]!) / scale;
    squares += counts[i]! * d * d;
    cubes += counts[i]! * d * d * d;
  }
  return cubes / (6 * squares ** 1.5);
}

/**
 * The distribution of the quantile over resamples of n values, from the order statistics around it.
 *
 * @remarks Method: with k the whole part of the type-7 rank and g its fraction, the k-th order statistic of a
 * resample has a beta distribution (Hutson & Ernst 2000, doi:10.1111/1467-9868.00221), and the probability that
 * the next one passes (t - (1 - g) x_i) / g is a product of powers; both are summed over a window of 9.5 standard
 * deviations.
 */
export function quantileLaw(n: number, p: number, at: (rank: number) => number): QuantileLaw {
  const rank = quantileRank(n, p);
  const theta = interpolateRank(rank, at);
  const snapped = Math.abs(rank - Math.round(rank)) <= 8.9e-16 * rank ? Math.round(rank) : rank;
  const k = Math.min(n, Math.floor(snapped));
  const g = snapped - k;
  const [from, to] = bootstrapWindow(n, p);
  const size = to - from + 1;
  const window = new Float64Array(size);
  for (let i = 0; i < size; i++) window[i] = at(from + i);

  // log of C(n, k) (i/n)^k [1 - ((i-1)/i)^k] and of (1 - j/n)^(n-k), scaled so that no digits are lost to
  // cancellation.
  const lead = new Float64Array(size);
  const rest = new Float64Array(size);
  if (g > 0) {
    const start =
      stirlingError(n) -
      stirlingError(k) -
      stirlingError(n - k) +
      0.5 * Math.log(n / (2 * Math.PI * k * (n - k)));
    for (let s = 0; s < size; s++) {
      const i = from + s;
      lead[s] = start - devianceTerm(k, i) + Math.log(-Math.expm1(k * Math.log1p(-1 / i)));
      rest[s] = i < n ? -devianceTerm(n - k, n - i) : Number.NEGATIVE_INFINITY;
    }
  }

  /** How many values of the window are <= t (or < t). */
  const countUpTo = (t: number, strictly: boolean): number => {
    let low = 0;
    let high = size;
    while (low < high) {
      const middle = (low + high) >> 1;
      const value = window[middle]!;
      if (strictly ? value < t : value <= t) low = middle + 1;
      else high = middle;
    }
    return low;
  };

  const cdf = (t: number, strictly = false): number => {
    if (t === Number.POSITIVE_INFINITY && !strictly) return 1;
    const m = countUpTo(t, strictly);
    if (m === 0 && from > 1) return 0;
    let total = betaTails((from - 1 + m) / n, k, n - k + 1)[0];
    if (g === 0 || !Number.isFinite(t)) return total;
    // A rounded difference is divided by g below: without this tolerance the atom at t itself is missed.
    const slack = ((8 * 2.220446049250313e-16 * Math.abs(t)) / g) * (strictly ? -1 : 1);
    let j = size;
    for (let i = 0; i < m; i++) {
      const bound = (t - (1 - g) * window[i]!) / g + slack;
      while (j > i + 1 && (strictly ? window[j - 1]! >= bound : window[j - 1]! > bound)) j--;
      // lead and rest are aligned to ranks; i - j is what the two scalings leave over.
      const log = lead[i]! + rest[j - 1]! + (i - (j - 1));
      if (log > -45) total -= Math.exp(log);
    }
    return Math.min(1, Math.max(0, total));
  };

  const atRank = (u: number, order: number) =>
    window[
      Math.min(size - 1, Math.max(0, Math.ceil(n * betaQuantile(u, order, n - order + 1) - 1e-9) - from))
    ]!;
  const quantile = (u: number): number => {
    if (u <= 0) return window[0]!;
    // The interpolated statistic lies between the k-th and the next order statistic of the resample.
    let low = atRank(u, k);
    let high = g === 0 ? low : atRank(u, k + 1);
    if (g === 0 || low === high || cdf(low) >= u) return low;
    if (!Number.isFinite(high)) return high;
    if (!Number.isFinite(low)) low = -Number.MAX_VALUE;
    for (let i = 0; i < 200; i++) {
      const middle = low + (high - low) / 2;
      if (!(middle > low && middle < high) || high - low <= 4e-16 * Math.abs(high)) break;
      if (cdf(middle) >= u) high = middle;
      else low = middle;
    }
    return high;
  };

  let z0 = 0;
  if (Number.isFinite(theta)) z0 = normalQuantile((cdf(theta, true) + cdf(theta)) / 2);
  let acceleration = 0;
  if (n > 2) {
    const shorter = quantileRank(n - 1, p);
    const base = Math.min(n - 1, Math.floor(shorter + 1e-15 * shorter));
    const share = Math.max(0, shorter - base);
    const mixed = (low: number, high: number) => {
      const a = at(low);
      return share === 0 || high > n ? a : (1 - share) * a + share * at(high);
    };
    acceleration = accelerationOf(
      [mixed(base + 1, base + 2), mixed(base, base + 2), mixed(base, base + 1)],
      [base, 1, n - base - 1],
    );
  }
  return { cdf, quantile, z0, acceleration };
}

/** The tail probability that BCa uses instead of the nominal one; null if the correction does not exist. */
export function bcaTail(nominal: number, z0: number, acceleration: number): number | null {
  if (!Number.isFinite(z0)) return null;
  const shifted = z0 + normalQuantile(nominal);
  const denominator = 1 - acceleration * shifted;
  if (denominator <= 0) return shifted > 0 ? 1 : 0;
  return normalCdf(z0 + shifted / denominator);
}
