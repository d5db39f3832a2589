import { normalCdf, normalDensity, normalQuantile } from "./normal";
import { type PowerSums, recentred, totals } from "./powerSums";
import { findRoot } from "./root";
import { studentTQuantile } from "./studentT";

/** The bootstrap distribution of a ratio of sums over clusters, to the third order, from power sums alone. */
export interface RatioLaw {
  /** The probability that a resample's ratio is at most t. */
  cdf: (t: number) => number;
  /** The t with cdf(t) = u; infinite if the distribution does not reach u. */
  quantile: (u: number) => number;
  z0: number;
  acceleration: number;
  /** Why the expansion cannot be trusted here; empty if it can. */
  unsafe: string;
}

/**
 * Tail probabilities for K clusters: widened as t with K - 1 degrees and the variance with divisor K - 1 require.
 */
export function expandedTails(level: number, clusters: number): [number, number] {
  const t = studentTQuantile((1 + level) / 2, clusters - 1) * Math.sqrt(clusters / (clusters - 1));
  return [normalCdf(-t), normalCdf(t)];
}

/**
 * Edgeworth's expansion of the sum of c* - t r* over a resample: P(ratio* <= t) = P(sum <= 0).
 *
 * @remarks Method: Davison & Hinkley (1988), doi:10.1093/biomet/75.3.417, for the bootstrap distribution without
 * resampling; Hall (1992), "The Bootstrap and Edgeworth Expansion", for its terms.
 */
export function ratioLaw(sums: PowerSums): RatioLaw {
  const { numerator, denominator } = totals(sums);
  const ratio = numerator / denominator;
  const about = recentred(sums, ratio);
  const { clusters } = sums;
  const root = Math.sqrt(clusters);

  const cdf = (t: number): number => {
    const { d1r0, d2r0, d3r0, d4r0 } = recentred(about, t);
    const mean = d1r0 / clusters;
    const m2 = d2r0 / clusters - mean * mean;
    if (!(m2 > 0)) return mean <= 0 ? 1 : 0;
    const m3 = d3r0 / clusters - 3 * mean * (d2r0 / clusters) + 2 * mean ** 3;
    const m4 =
      d4r0 / clusters - 4 * mean * (d3r0 / clusters) + 6 * mean * mean * (d2r0 / clusters) - 3 * mean ** 4;
    const skew = m3 / m2 ** 1.5 / root;
    const excess = (m4 / (m2 * m2) - 3) / clusters;
    const z = (-mean / Math.sqrt(m2)) * root;
    const square = z * z;
    const terms =
      (skew / 6) * (square - 1) +
      (excess / 24) * z * (square - 3) +
      ((skew * skew) / 72) * z * (square * square - 10 * square + 15);
    return Math.min(1, Math.max(0, normalCdf(z) - normalDensity(z) * terms));
  };

  const error = Math.sqrt(Math.max(0, about.d2r0)) / denominator;
  const quantile = (u: number): number => {
    if (!(error > 0)) return ratio;
    const side = u < cdf(ratio) ? -1 : 1;
    let near = ratio;
    for (let step = error, i = 0; i < 60; i++, step *= 1.6) {
      const far = ratio + side * step;
      if (side * (cdf(far) - u) >= 0)
        return findRoot((t) => cdf(t) - u, Math.min(near, far), Math.max(near, far), 1e-13 * error);
      near = far;
    }
    return side * Number.POSITIVE_INFINITY;
  };

  const scale = Math.sqrt(Math.max(0, about.d2r0));
  const skew = scale > 0 ? about.d3r0 / scale ** 3 : 0;
  let unsafe = "";
  if (clusters < 100) unsafe = `fewer than 100 clusters (${clusters})`;
  else if (Math.abs(skew) > 0.3) unsafe = "very skewed clusters";
  else if (about.d0r2 > 0 && (denominator * denominator) / about.d0r2 < 30)
    unsafe = "a denominator from fewer than 30 clusters";
  else {
    let before = 0;
    for (let i = -20; i <= 20 && unsafe === ""; i++) {
      const now = cdf(ratio + (i / 4.5) * error);
      if (now < before - 1e-12) unsafe = "an expansion that is not monotone";
      before = now;
    }
  }
  return { cdf, quantile, z0: error > 0 ? normalQuantile(cdf(ratio)) : 0, acceleration: skew / 6, unsafe };
}
