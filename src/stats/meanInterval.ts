import { checkChoice, checkLevel, checkSameLength } from "./checks";
import { clusterSums } from "./clusterError";
import { defined } from "./defined";
import { type Estimate, renoted } from "./estimate";
import { type MeanSums, mean, meanFromSums } from "./mean";
import { orderStatistics } from "./orderStatistics";
import { ratioInterval } from "./ratioInterval";
import { reserve } from "./reservation";
import {
  clusterCodes,
  type Distribution,
  droppedNote,
  isDistribution,
  readNumbers,
  type SampleIntervalOptions,
} from "./sample";

export interface MeanIntervalOptions extends SampleIntervalOptions {
  /** Default "auto": t, corrected for clear skewness; "t"; or a bootstrap. */
  method?: "auto" | "t" | "bootstrap-bca" | "bootstrap-percentile";
}

/** Sums about the mean, of values that each occur `weights` times or belong to clusters. */
export function meanSums(
  values: ArrayLike<number>,
  { weights, codes, count = 0 }: { weights?: ArrayLike<number>; codes?: Int32Array; count?: number } = {},
): MeanSums {
  const average = mean(weights === undefined ? values : { values, weights });
  let n = 0;
  let deviations = 0;
  let cubes = 0;
  const sizes = new Float64Array(count);
  const residuals = new Float64Array(count);
  for (let i = 0; i < values.length; i++) {
    const weight = weights === undefined ? 1 : weights[i]!;
    if (weight === 0) continue;
    const d = values[i]! - average;
    n += weight;
    deviations += weight * d * d;
    cubes += weight * d * d * d;
    if (codes === undefined) continue;
    sizes[codes[i]!]! += weight;
    residuals[codes[i]!]! += weight * d;
  }
  const sums: MeanSums = { n, total: average * n, deviations, residualCubes: cubes };
  if (codes === undefined) return sums;
  const over = clusterSums(residuals, sizes);
  return {
    ...sums,
    clusters: count,
    sizeSquares: over(0, 2),
    sizeCubes: over(0, 3),
    sizeFourths: over(0, 4),
    residualSquares: over(2, 0),
    residualSizes: over(2, 1),
    residualSizeSquares: over(2, 2),
    residualCubes: over(3, 0),
  };
}

/**
 * A mean with its confidence interval.
 *
 * @remarks Method: see `meanFromSums`; bootstrap methods see `ratioInterval`, the mean being a sum over a count.
 * @param values numbers, or a Distribution; n counts values
 * @param options see `MeanIntervalOptions`
 * @returns an Estimate, with `designEffect` if clusters are given. Below two values or clusters, or with infinite
 * values, the ends are NaN and a note says why. With censored values the mean is a lower limit: its upper end is
 * infinite. Notes warn about few clusters and strong skewness.
 * @throws RangeError for a level outside (0, 1), NaN unless `nan: "drop"`, labels or flags of another length
 * @example
 * meanInterval([2, 4, 6]).value // 4
 */
export function meanInterval(
  values: ArrayLike<number> | Distribution,
  options: MeanIntervalOptions = {},
): Estimate {
  const caller = "meanInterval";
  const {
    level = 0.95,
    method = "auto",
    nan = "throw",
    clusters,
    clusterBy = "",
    counted,
    censored,
  } = options;
  checkLevel(caller, level);
  checkChoice(caller, "method", method, ["auto", "t", "bootstrap-bca", "bootstrap-percentile"]);
  const weighted = isDistribution(values);
  if (weighted && (clusters !== undefined || censored !== undefined))
    throw new RangeError(`${caller} requires rows, not a Distribution, with clusters or censored flags`);
  if (!weighted && censored !== undefined)
    checkSameLength(caller, "values", values.length, "flags", censored.length);
  const { unit = weighted ? values.unit : undefined } = options;
  if (weighted) orderStatistics(caller, values);
  const { values: numbers, rows, dropped } = readNumbers(caller, weighted ? values.values : values, nan);
  const weights = weighted ? values.weights : undefined;

  // Scaled by a power of two, exactly, so that cubes neither overflow nor vanish.
  let largest = 0;
  for (let i = 0; i < numbers.length; i++)
    if (weights === undefined || weights[i]! > 0) largest = Math.max(largest, Math.abs(numbers[i]!));
  const scale =
    largest > 0 && Number.isFinite(largest)
      ? 2 ** Math.min(1000, Math.max(-1000, -Math.floor(Math.log2(largest))))
      : 1;
  const scaled = numbers.map((x) => x * scale);
  const codes =
    clusters === undefined || weighted ? undefined : clusterCodes(caller, clusters, values.length, rows);
  let estimate: Estimate;
  if (method === "auto" || method === "t" || numbers.length === 0) {
    const sums = meanSums(scaled, { weights, ...codes });
    estimate = meanFromSums(sums, { level, method: method === "t" ? "t" : "auto", clusterBy, counted });
  } else {
    const { resamples = 9999, seed = 1 } = options;
    const [above, below] =
      weights === undefined
        ? [scaled, new Float64Array(scaled.length).fill(1)]
        : [spread(scaled, weights), spread(new Float64Array(scaled.length).fill(1), weights)];
    estimate = ratioInterval(above, below, {
      level,
      method,
      resamples,
      seed,
      clusterBy,
      clusters: codes?.codes,
    });
  }
  const back = {
    ...estimate,
    low: estimate.low / scale,
    high: estimate.high / scale,
    value: mean(weighted ? values : numbers),
  };
  const limits =
    censored === undefined ? 0 : Array.from(rows ?? numbers.keys()).filter((row) => censored[row]).length + 0;
  const open =
    weighted && values.censored !== undefined
      ? Array.from(values.censored).reduce((a, b) => a + b, 0)
      : limits;
  const notes = [
    open > 0 ? reserve("method.limits", { n: open, of: back.n }) : undefined,
    ...(back.reservations ?? []),
    ...droppedNote(dropped + (weighted ? (values.missing ?? 0) : 0)),
  ];
  // Too few clusters give no interval, and values cut off at a limit do not change that.
  const none = Number.isFinite(back.value) && Number.isNaN(back.low) && back.clusters < back.n;
  const ends = open > 0 && !none ? { high: Number.POSITIVE_INFINITY } : {};
  return renoted(defined({ ...back, ...ends, unit }), notes);
}

/** Values repeated by whole weights. */
function spread(values: Float64Array, weights: ArrayLike<number>): Float64Array {
  return Float64Array.from(
    Array.from(values).flatMap((value, i) => new Array<number>(Math.round(weights[i]!)).fill(value)),
  );
}
