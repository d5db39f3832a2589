import {
  max,
  mean,
  medianAbsoluteDeviation,
  min,
  sampleSkewness,
  sampleStandardDeviation,
} from "simple-statistics";
import { quantile } from "./quantile";
import { type NanPolicy, readNumbers } from "./sample";

/** A sample in a few plain numbers, without intervals. A number that the sample is too small for is NaN. */
export interface Description {
  n: number;
  mean: number;
  standardDeviation: number;
  skewness: number;
  min: number;
  lowerQuartile: number;
  median: number;
  upperQuartile: number;
  max: number;
  /** Median distance from the median. */
  medianDeviation: number;
}

/**
 * Describes a sample in plain numbers for a first look; a report needs an estimate with its interval.
 *
 * @param values numbers in any order (not changed); n counts them
 * @param options `nan`: "throw" (default) or "drop"
 * @throws RangeError for NaN among the values unless dropped
 * @example
 * describe([1, 2, 3, 4, 10]).median // 3
 * describe([]).n // 0
 */
export function describe(
  values: ArrayLike<number>,
  { nan = "throw" }: { nan?: NanPolicy } = {},
): Description {
  const sorted = Array.from(readNumbers("describe", values, nan).values).sort((a, b) => a - b);
  const from = (least: number, statistic: (sample: number[]) => number) =>
    sorted.length < least ? Number.NaN : statistic(sorted);
  // Quartiles of type 7, as everywhere here; the library's own are of another type.
  const quartile = (p: number) => (sample: number[]) => quantile(sample, p);
  return {
    n: sorted.length,
    mean: from(1, mean),
    standardDeviation: from(2, sampleStandardDeviation),
    skewness: from(3, sampleSkewness),
    min: from(1, min),
    lowerQuartile: from(1, quartile(0.25)),
    median: from(1, quartile(0.5)),
    upperQuartile: from(1, quartile(0.75)),
    max: from(1, max),
    medianDeviation: from(1, medianAbsoluteDeviation),
  };
}
