import { checkLevel } from "./checks";
import type { Estimate } from "./estimate";
import { correlationOfShifts, differenceOf, ratioOf } from "./mover";
import { clusterTotals } from "./powerSums";
import { type RatioMethod, ratioInterval } from "./ratioInterval";
import { clusterCodes, type Labels, type NanPolicy } from "./sample";

/** The rows of one ratio: numerators over denominators, with the cluster of each row if there is one. */
export interface RatioSample {
  numerators: ArrayLike<number>;
  denominators: ArrayLike<number>;
  clusters?: Labels;
}

export interface RatioContrastOptions {
  /** Confidence, default 0.95. */
  level?: number;
  /** How each ratio's interval is made, default "bootstrap-bca". */
  method?: RatioMethod;
  /** True if row i of both samples is the same task; labels found in both samples' `clusters` do the same. */
  paired?: boolean;
  clusterBy?: string;
  unit?: string;
  resamples?: number;
  seed?: number;
  nan?: NanPolicy;
}

/** The correlation of two ratios over the clusters they share, from the slope of each ratio in each cluster. */
function sharedCorrelation(a: RatioSample, b: RatioSample, nan: NanPolicy): number {
  const caller = "ratioDifference";
  const rowsOf = (sample: RatioSample) => sample.numerators.length;
  const labels = [...Array.from(a.clusters!), ...Array.from(b.clusters!)];
  const { codes, count } = clusterCodes(caller, labels, rowsOf(a) + rowsOf(b));
  const slopes = (sample: RatioSample, from: number) => {
    const own = codes.subarray(from, from + rowsOf(sample));
    const { numerators, denominators } = clusterTotals(caller, sample.numerators, sample.denominators, {
      nan,
      clusters: own,
    });
    const ratio = numerators.reduce((x, y) => x + y, 0) / denominators.reduce((x, y) => x + y, 0);
    const slope = new Float64Array(count);
    // Totals are in order of first appearance of the codes.
    for (const [k, code] of [...new Set(own)].entries())
      slope[code] = (numerators[k] ?? 0) - ratio * (denominators[k] ?? 0);
    return slope;
  };
  return correlationOfShifts(slopes(a, 0), slopes(b, rowsOf(a)));
}

function contrast(caller: string, a: RatioSample, b: RatioSample, options: RatioContrastOptions): Estimate {
  const { level = 0.95, paired = false, nan = "throw", ...rest } = options;
  checkLevel(caller, level);
  let [first, second] = [a, b];
  if (paired) {
    if (a.numerators.length !== b.numerators.length)
      throw new RangeError(
        `${caller} requires as many rows in both samples when paired, got ${a.numerators.length} and ${b.numerators.length}`,
      );
    const index = Array.from({ length: a.numerators.length }, (_, i) => i);
    first = { ...a, clusters: a.clusters ?? index };
    second = { ...b, clusters: b.clusters ?? index };
  }
  const margin = (sample: RatioSample) =>
    ratioInterval(sample.numerators, sample.denominators, { ...rest, level, nan, clusters: sample.clusters });
  const correlation =
    first.clusters === undefined || second.clusters === undefined ? 0 : sharedCorrelation(first, second, nan);
  const combine = caller === "ratioDifference" ? differenceOf : ratioOf;
  return combine(margin(first), margin(second), {
    correlation: Number.isFinite(correlation) ? correlation : 0,
  });
}

/**
 * The difference of two ratios of sums, a - b: how much more one model's resolved task costs than another's.
 *
 * @remarks Method: the two bootstrap intervals combined by MOVER, Zou (2007), doi:10.1037/1082-989X.12.4.399.
 * @param a rows of the first ratio; n counts the rows of both
 * @param b rows of the second
 * @param options see `RatioContrastOptions`; tasks or users in both samples make the ratios correlated; the
 * correlation of their slopes in each shared cluster accounts for that
 * @returns an Estimate; an end is infinite if one of the ratios is open there, NaN if one has no interval
 * @throws as `ratioInterval`
 * @example
 * const a = { numerators: [2, 3, 1, 4, 2, 3], denominators: [1, 1, 1, 1, 1, 1] };
 * const b = { numerators: [1, 2, 1, 2, 2, 1], denominators: [1, 1, 1, 1, 1, 1] };
 * ratioDifference(a, b, { paired: true }).value // 1
 */
export function ratioDifference(
  a: RatioSample,
  b: RatioSample,
  options: RatioContrastOptions = {},
): Estimate {
  return contrast("ratioDifference", a, b, options);
}

/**
 * The ratio of two ratios of sums, a / b: how many times as much one model's resolved task costs as another's.
 *
 * @remarks Method: as `ratioDifference`, on the log scale.
 * @param a rows of the first ratio; n counts the rows of both
 * @param b rows of the second
 * @param options see `RatioContrastOptions` and `ratioDifference`
 * @returns an Estimate with unit "1"; NaN with a note if a ratio is not above 0
 * @throws as `ratioInterval`
 * @example
 * const a = { numerators: [2, 3, 1, 4, 2, 3], denominators: [1, 1, 1, 1, 1, 1] };
 * const b = { numerators: [1, 2, 1, 2, 2, 1], denominators: [1, 1, 1, 1, 1, 1] };
 * ratioOfRatios(a, b, { paired: true }).value.toFixed(2) // "1.67"
 */
export function ratioOfRatios(a: RatioSample, b: RatioSample, options: RatioContrastOptions = {}): Estimate {
  return contrast("ratioOfRatios", a, b, options);
}
