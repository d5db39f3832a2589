import { bootstrapBounds } from "./bootstrapBounds";
import { interpolateRank, quantileRank } from "./quantile";
import { random } from "./random";
import type { Reservation } from "./reservation";

/**
 * Quantiles of samples in which each cluster counts w_k times, without sorting again: the values are sorted once
 * with their clusters, and each weighting walks only a window of ranks around the quantile.
 */
export function weightedQuantiles(
  values: Float64Array,
  codes: Int32Array,
  count: number,
  p: number,
): (weights: ArrayLike<number>) => number {
  const n = values.length;
  const order = Uint32Array.from({ length: n }, (_, i) => i).sort((a, b) => values[a]! - values[b]!);
  const sizes = new Float64Array(count);
  for (let i = 0; i < n; i++) sizes[codes[i]!]! += 1;
  let largest = 0;
  for (let k = 0; k < count; k++) largest += sizes[k]! ** 2 / n;
  // 9 standard deviations of the rank if every cluster moved as one; outside it, the walk starts from the end.
  const reach = 9 * Math.sqrt(n * p * (1 - p) * largest) + largest + 20;
  const from = Math.max(0, Math.floor((n - 1) * p - reach));
  const before = new Float64Array(count);
  for (let i = 0; i < from; i++) before[codes[order[i]!]!]! += 1;

  return (weights) => {
    let total = 0;
    let passed = 0;
    for (let k = 0; k < count; k++) {
      total += weights[k]! * sizes[k]!;
      passed += weights[k]! * before[k]!;
    }
    if (total === 0) return Number.NaN;
    const rank = quantileRank(total, p);
    let start = from;
    if (passed >= Math.floor(rank)) {
      passed = 0;
      start = 0;
    }
    // The value at a whole weighted rank; must be called in ascending order.
    let i = start;
    const at = (wanted: number): number => {
      while (i < n) {
        const weight = weights[codes[order[i]!]!]!;
        if (passed + weight >= wanted) return values[order[i]!]!;
        passed += weight;
        i++;
      }
      return values[order[n - 1]!]!;
    };
    return interpolateRank(rank, at);
  };
}

/** Writes the weights of one resample of `count` clusters with replacement into `weights`. */
export function resampleWeights(weights: Float64Array, seed: number, stream: number): void {
  const { integer } = random(seed, stream);
  weights.fill(0);
  for (let k = 0; k < weights.length; k++) weights[integer(weights.length)]! += 1;
}

/** Bounds of a quantile by resampling whole clusters; infinite values are kept. */
export function clusterBootstrapQuantile(
  values: Float64Array,
  codes: Int32Array,
  count: number,
  p: number,
  {
    level,
    method,
    resamples,
    seed,
  }: { level: number; method: "bca" | "percentile"; resamples: number; seed: number },
): { low: number; high: number; note?: Reservation } {
  const statistic = weightedQuantiles(values, codes, count, p);
  const weights = new Float64Array(count);
  const draws = new Float64Array(resamples);
  for (let b = 0; b < resamples; b++) {
    resampleWeights(weights, seed, b);
    draws[b] = statistic(weights);
  }
  const groups = method === "bca" ? Math.min(count, 1000) : 0;
  const jackknife = Float64Array.from({ length: groups }, (_, group) => {
    for (let k = 0; k < count; k++) weights[k] = k % groups === group ? 0 : 1;
    return statistic(weights);
  });
  return bootstrapBounds(draws, statistic(weights.fill(1)), { level, method, jackknife });
}
