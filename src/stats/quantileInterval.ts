import { checkChoice, checkCount, checkLevel, checkProbability, checkSameLength } from "./checks";
import { clusterNotes } from "./clusterError";
import { clusteredQuantileRanks, quantileClusters } from "./clusteredQuantile";
import { type Estimate, renoted, withNotes } from "./estimate";
import { orderStatistics } from "./orderStatistics";
import { quantileOfSorted } from "./quantile";
import { clusterBootstrapQuantile } from "./quantileBootstrap";
import { quantileEstimate } from "./quantileEstimate";
import { type QuantileMethod, type QuantileRanks, quantileRanks, ranksToFetch } from "./quantileRanks";
import {
  clusterCodes,
  type Distribution,
  droppedNote,
  isDistribution,
  type Labels,
  readNumbers,
  type SampleIntervalOptions,
} from "./sample";

const METHODS = ["fractional", "exact-order", "bootstrap-percentile", "bootstrap-bca"] as const;

export interface QuantileIntervalOptions extends SampleIntervalOptions {
  /**
   * Default "fractional"; the bootstrap methods use the exact distribution, or resample whole clusters if given.
   */
  method?: QuantileMethod;
}

/** Censored values moved to Infinity, as a distribution. */
function openDistribution({ values, weights, censored }: Distribution): Distribution {
  const open: Distribution = { values: Array.from(values), weights: Array.from(weights) };
  const [places, counts] = [open.values as number[], open.weights as number[]];
  let moved = 0;
  for (let i = 0; i < places.length; i++) {
    const lost = censored?.[i] ?? 0;
    counts[i]! -= lost;
    moved += lost;
  }
  if (places.at(-1) === Number.POSITIVE_INFINITY) counts[counts.length - 1]! += moved;
  else {
    places.push(Number.POSITIVE_INFINITY);
    counts.push(moved);
  }
  return open;
}

/** Ranges of ranks to look up: from the first to the last. */
function span(ranks: (n: number) => QuantileRanks): (n: number) => [number, number] {
  return (n) => {
    const wanted = ranksToFetch(ranks(n));
    return [wanted[0] ?? 1, wanted.at(-1) ?? 1];
  };
}

function clusteredInterval(
  values: ArrayLike<number>,
  p: number,
  labels: Labels,
  options: Required<Pick<QuantileIntervalOptions, "level" | "method" | "nan" | "resamples" | "seed">> &
    QuantileIntervalOptions,
): Estimate {
  const caller = "quantileInterval";
  const { level, method, censored } = options;
  const { values: measured, rows, dropped } = readNumbers(caller, values, options.nan);
  const { codes, count } = clusterCodes(caller, labels, values.length, rows);
  const n = measured.length;
  const sorted = measured.slice().sort();
  const at = (rank: number) => sorted[rank - 1]!;
  const open = measured.slice();
  if (censored !== undefined)
    for (let i = 0; i < n; i++)
      if (censored[rows === undefined ? i : rows[i]!]) open[i] = Number.POSITIVE_INFINITY;
  const sortedOpen = censored === undefined ? sorted : open.slice().sort();
  const q = quantileOfSorted(sorted, p);
  const ranks = clusteredQuantileRanks(p, quantileClusters(measured, codes, count, q), { level });
  const { unit, counted, clusterBy } = options;
  const estimate = quantileEstimate(ranks, at, {
    atMost: (rank) => sortedOpen[rank - 1]!,
    unit,
    counted,
    clusterBy,
    notes: droppedNote(dropped),
  });
  if (method === "fractional" || n === 0 || p === 0 || p === 1) return estimate;
  if (method === "exact-order")
    throw new RangeError(
      `${caller} requires method "fractional" or a bootstrap method with clusters, got "exact-order": its guarantee holds for independent values only`,
    );
  if (Number.isNaN(estimate.low)) return { ...estimate, method };
  const settings = {
    level,
    method: method === "bootstrap-bca" ? ("bca" as const) : ("percentile" as const),
    resamples: options.resamples,
    seed: options.seed,
  };
  const bounds = clusterBootstrapQuantile(measured, codes, count, p, settings);
  const upper = censored === undefined ? bounds : clusterBootstrapQuantile(open, codes, count, p, settings);
  const effective = (n * n) / quantileClusters(measured, codes, count, q).sizeSquares;
  const found = { ...estimate, low: bounds.low, high: upper.high, method, resamples: options.resamples };
  const tooFew = n < ranks.needed && estimate.high === Number.POSITIVE_INFINITY;
  return tooFew ? withNotes(found, [bounds.note]) : renoted(found, [...clusterNotes(effective), bounds.note]);
}

/**
 * A quantile with its confidence interval.
 *
 * @remarks Method: fractional order statistics (Hutson 1999, doi:10.1080/02664769922458); with clusters see
 * `clusteredQuantileRanks`; bootstrap methods by the exact distribution over infinitely many resamples (Hutson &
 * Ernst 2000, doi:10.1111/1467-9868.00221, extended to interpolated quantiles).
 * @param values numbers in any order (not changed), or a Distribution; n counts values. Infinities count as values.
 * @param p which quantile, 0 to 1
 * @param options see `QuantileIntervalOptions`
 * @returns an Estimate. An end that the sample is too small to bound is infinite, and `note` says how many values
 * it needs. With `clusters`, `designEffect` is the price of clustering; there is no interval below 5 effective
 * clusters, and a note below 30. Right-censored values keep their rank, so a censored quantile is a lower limit
 * with an open upper end.
 * @throws RangeError for p or level out of range, NaN among the values unless `nan: "drop"`, labels or flags of
 * another length; TypeError for values that are not numbers
 * @example
 * quantileInterval([2, 1, 4, 3, 5, 9, 7], 0.5).value // 4
 * quantileInterval([1, 2, 3], 0.99).high // Infinity
 */
export function quantileInterval(
  values: ArrayLike<number> | Distribution,
  p: number,
  options: QuantileIntervalOptions = {},
): Estimate {
  const caller = "quantileInterval";
  const {
    level = 0.95,
    method = "fractional",
    nan = "throw",
    resamples = 9999,
    seed = 1,
    censored,
    clusters,
  } = options;
  checkProbability(caller, "p", p);
  checkLevel(caller, level);
  checkChoice(caller, "method", method, METHODS);
  checkCount(caller, "resamples", resamples, 1);
  const summarised = isDistribution(values);
  if (summarised && (clusters !== undefined || censored !== undefined))
    throw new RangeError(`${caller} requires rows, not a summary, with clusters or censored flags`);
  if (!summarised && censored !== undefined)
    checkSameLength(caller, "values", values.length, "flags", censored.length);
  if (!summarised && clusters !== undefined)
    return clusteredInterval(values, p, clusters, { ...options, level, method, nan, resamples, seed });

  const ranksOf = (n: number) => quantileRanks(n, p, { level, method });
  const found = orderStatistics(caller, values, { nan, range: span(ranksOf) });
  const flags = isDistribution(values) ? values.censored : censored;
  let atMost: ((k: number) => number) | undefined;
  if (flags !== undefined) {
    const open = isDistribution(values)
      ? openDistribution(values)
      : Array.from(values, (value, i) =>
          flags[i] && !Number.isNaN(value) ? Number.POSITIVE_INFINITY : value,
        );
    atMost = orderStatistics(caller, open, { nan, range: span(ranksOf) }).at;
  }
  const { unit = "unit" in values ? values.unit : undefined, counted, clusterBy } = options;
  return quantileEstimate(ranksOf(found.n), found.at, {
    atMost,
    unit,
    counted,
    clusterBy,
    notes: droppedNote(found.dropped ?? 0),
  });
}
