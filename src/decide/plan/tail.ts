import { normalCdf, normalDensity, normalQuantile } from "../../stats/normal";
import { quantileOfSorted } from "../../stats/quantile";

/** How large the largest of something positive are in the long run: a log has only some of them. */
export interface Tail {
  /** The value beyond which the tail begins; Infinity if the log's own values are kept. */
  from: number;
  /** A value of the tail, for a number uniform on [0, 1). */
  drawn(uniform: number): number;
  /** The factor on all values that keeps their mean. */
  shrunk: number;
}

/** The share of values that form the tail, and the fewest of them that tell its shape. */
const LARGEST = 0.1;
const FEWEST = 5;
/** How many times a log-normal's sum of squares the log's own must have to be kept: it is another law. */
const OTHER_LAW = 3;
/** How many times the largest that the log has a drawn value may be: beyond it the law is a guess. */
const FURTHEST = 1.5;
const STEPS = 500;

/**
 * The tail of a log's values. The largest clusters make most of the variance, and half of the logs hold fewer of them
 * than their traffic brings in the long run.
 *
 * @remarks The upper part of a log-normal, whose sigma follows from the mean of ln(value / from), as in Hill (1975),
 * doi:10.1214/aos/1176343247, for a Pareto. The largest few sway it, so half of it is from where the tail begins over
 * the median, which varies less, though it is too small where most clusters have one or two calls.
 * @param values in ascending order
 */
export function tailOf(values: Float64Array): Tail {
  const kept: Tail = { from: Number.POSITIVE_INFINITY, drawn: (u) => u, shrunk: 1 };
  const own = above(values, 0);
  if (own.length === 0) return kept;
  const from = quantileOfSorted(own, 1 - LARGEST);
  const largest = above(own, from);
  if (largest.length < FEWEST) return kept;
  const share = largest.length / own.length;
  const z = normalQuantile(1 - share);
  const mean = (some: Float64Array) => some.reduce((sum, m) => sum + m, 0) / some.length;
  const ofLargest = mean(largest.map((m) => Math.log(m / from))) / (normalDensity(z) / share - z);
  const sigma = (ofLargest + Math.log(from / quantileOfSorted(own, 0.5)) / z) / 2;
  const moment = (k: number) =>
    (from ** k * Math.exp((k * k * sigma * sigma) / 2 - k * sigma * z) * normalCdf(k * sigma - z)) / share;
  if (mean(largest.map((m) => m * m)) > OTHER_LAW * moment(2)) return kept;
  const most = FURTHEST * largest[largest.length - 1];
  const steps = deviatesOf(share).map((one) => Math.min(most, from * Math.exp(sigma * (one - z))));
  const all = mean(own);
  return {
    from,
    drawn: (uniform) => steps[Math.floor(uniform * STEPS)],
    shrunk: all / (all + share * (mean(steps) - mean(largest))),
  };
}

let last = { share: Number.NaN, deviates: new Float64Array() };

/** Normal deviates evenly over the largest share of them; those of one log's draws are mostly of the same share. */
function deviatesOf(share: number): Float64Array {
  if (last.share !== share) {
    const deviates = Float64Array.from({ length: STEPS }, (_, at) =>
      normalQuantile(1 - share * (1 - (at + 0.5) / STEPS)),
    );
    last = { share, deviates };
  }
  return last.deviates;
}

/** Those of some values in ascending order that lie above a bound. */
function above(sorted: Float64Array, bound: number): Float64Array {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] > bound) high = middle;
    else low = middle + 1;
  }
  return sorted.subarray(low);
}
