import { checkSameLength } from "./checks";
import { type Reservation, reserve } from "./reservation";

/** Measurements of each model: the benchmark's score and the production metric, with their errors. */
export interface NoisyModels {
  /** The benchmark's score of each model, in its own unit; oriented by the caller so that larger is better. */
  benchmark: ArrayLike<number>;
  /** The production metric of each model, in its own unit; oriented by the caller so that larger is better. */
  production: ArrayLike<number>;
  /** Standard error of each production value, in its unit; 0 if it is known exactly. */
  productionError: ArrayLike<number>;
  /** Standard error of each benchmark score; if left out, the scores are taken as exact. */
  benchmarkError?: ArrayLike<number>;
  /** Instead of `benchmarkError`, for scores that are shares from 0 to 1: the number of items behind each. */
  benchmarkItems?: ArrayLike<number>;
}

/** One side on a scale of its own: mean 0, standard deviation 1 (or all 0 if it is constant). */
export interface Side {
  values: Float64Array;
  errors: Float64Array;
  mean: number;
  scale: number;
  /** True if some model's value is uncertain. */
  noisy: boolean;
  /** Share of the observed variance that is not measurement noise, from 0 to 1 (Spearman 1904). */
  reliability: number;
}

export interface CompleteModels {
  benchmark: Side;
  production: Side;
  models: number;
  /** Index in the input of each model that was kept, in rising order of the benchmark. */
  kept: number[];
  /** What was left out. */
  leftOut: Reservation[];
}

/** An error this many times the spread leaves no information. */
const LARGEST_ERROR = 1e6;

/** The models measured on both sides with known errors, with each side on its own scale. */
export function completeModels(caller: string, input: NoisyModels): CompleteModels {
  const { benchmark, production, productionError } = input;
  const count = benchmark.length;
  checkSameLength(caller, "benchmark", count, "production", production.length);
  checkSameLength(caller, "production", count, "productionError", productionError.length);
  const benchmarkError = input.benchmarkError ?? itemErrors(caller, input) ?? new Float64Array(count);
  checkSameLength(caller, "benchmark", count, "benchmarkError", benchmarkError.length);
  const kept: number[] = [];
  let unmeasured = 0;
  let unknown = 0;
  for (let i = 0; i < count; i++) {
    for (const error of [productionError[i], benchmarkError[i]])
      if (error < 0) throw new RangeError(`${caller} requires standard errors >= 0, got ${error}`);
    if (!Number.isFinite(benchmark[i]) || !Number.isFinite(production[i])) unmeasured++;
    else if (!Number.isFinite(productionError[i]) || !Number.isFinite(benchmarkError[i])) unknown++;
    else kept.push(i);
  }
  // A fixed order, independent of the order of the rows, so that each model always gets the same draws.
  kept.sort(
    (i, j) =>
      benchmark[i] - benchmark[j] ||
      production[i] - production[j] ||
      productionError[i] - productionError[j] ||
      benchmarkError[i] - benchmarkError[j],
  );
  const leftOut = [
    { n: unmeasured, why: "a side is missing or not finite" },
    { n: unknown, why: "the standard error is not known" },
  ].filter(({ n }) => n > 0);
  return {
    benchmark: standardised(benchmark, benchmarkError, kept),
    production: standardised(production, productionError, kept),
    models: kept.length,
    kept,
    leftOut: leftOut.map((one) => reserve("left-out.of", { ...one, of: count, counted: "models" })),
  };
}

/**
 * Standard errors of shares of n items, with one success and one failure added so that 0 and 1 do not count as
 * exact.
 */
function itemErrors(caller: string, input: NoisyModels): Float64Array | undefined {
  const items = input.benchmarkItems;
  if (!items) return undefined;
  checkSameLength(caller, "benchmark", input.benchmark.length, "benchmarkItems", items.length);
  return Float64Array.from({ length: items.length }, (_, i) => {
    const share = input.benchmark[i];
    if (share < 0 || share > 1)
      throw new RangeError(
        `${caller} requires benchmark scores from 0 to 1 with benchmarkItems, got ${share}; did you mean ${share / 100}?`,
      );
    if (items[i] < 1) throw new RangeError(`${caller} requires benchmarkItems >= 1, got ${items[i]}`);
    const smoothed = (share * items[i] + 1) / (items[i] + 2);
    return Math.sqrt((smoothed * (1 - smoothed)) / items[i]);
  });
}

function standardised(given: ArrayLike<number>, givenErrors: ArrayLike<number>, kept: number[]): Side {
  const n = kept.length;
  // Divided by the largest first, since squares of 1e300 would overflow.
  const largest = kept.reduce((most, i) => Math.max(most, Math.abs(given[i])), 0) || 1;
  const values = Float64Array.from(kept, (i) => given[i] / largest);
  const mean = values.reduce((sum, value) => sum + value / n, 0);
  for (let i = 0; i < n; i++) values[i] -= mean;
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value * value) / (n - 1), 0));
  const constant = kept.every((i) => given[i] === given[kept[0]]);
  const unit = constant || !(deviation > 0) ? 1 : deviation;
  const errors = new Float64Array(n);
  let noise = 0;
  for (let i = 0; i < n; i++) {
    values[i] = constant ? 0 : values[i] / unit;
    errors[i] = Math.min(givenErrors[kept[i]] / largest / unit, LARGEST_ERROR);
    noise += (errors[i] * errors[i]) / n;
  }
  return {
    values,
    errors,
    mean: mean * largest,
    scale: unit * largest,
    noisy: noise > 0,
    reliability: constant || n < 2 ? Number.NaN : Math.max(0, 1 - noise),
  };
}
