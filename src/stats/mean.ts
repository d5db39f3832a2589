import { sum } from "simple-statistics";
import { checkLevel } from "./checks";
import { clusterError, clusterNotes, FEWEST_CLUSTERS, fewerThan, fewNote, narrowNote } from "./clusterError";
import { defined } from "./defined";
import { type Estimate, type Note, noEnds, noted, withNotes } from "./estimate";
import { orderStatistics } from "./orderStatistics";
import { reserve } from "./reservation";
import { type Distribution, isDistribution, type NanPolicy, readNumbers } from "./sample";
import { type SharedTime, timeNotes } from "./sharedTime";
import { clearlySkewed, skewedT, skewNotes } from "./skewedT";
import { studentTQuantile } from "./studentT";

/** The sum, compensated, so that even a million terms lose no digits. */
function preciseSum(values: Float64Array): number {
  const total = sum(values as unknown as number[]);
  // The compensation of an infinite sum is not a number.
  return Number.isNaN(total) ? values.reduce((all, value) => all + value, 0) : total;
}

/**
 * The arithmetic mean.
 *
 * @param values numbers, or a Distribution whose weights count; infinities give an infinite mean, or NaN if they
 * cancel
 * @returns the mean in the unit of the values; NaN for an empty sample
 * @throws RangeError for NaN among the values unless `nan: "drop"`; TypeError for anything that is not a number
 * @example
 * mean([1, 2, 6]) // 3
 */
export function mean(
  values: ArrayLike<number> | Distribution,
  { nan = "throw" }: { nan?: NanPolicy } = {},
): number {
  if (isDistribution(values)) {
    const { n } = orderStatistics("mean", values);
    const { weights } = values;
    const terms = Float64Array.from(values.values, (value, i) =>
      weights[i] === 0 ? 0 : weights[i]! * value,
    );
    return n === 0 ? Number.NaN : preciseSum(terms) / n;
  }
  const { values: numbers } = readNumbers("mean", values, nan);
  const n = numbers.length;
  if (n === 0) return Number.NaN;
  const total = preciseSum(numbers);
  // Beyond 1.8e308 the sum overflows even if the mean does not.
  if (!Number.isFinite(total) && numbers.every(Number.isFinite)) return preciseSum(numbers.map((x) => x / n));
  return total / n;
}

/**
 * What the interval of a mean needs: sums over values, and for clustered values sums over clusters. Cluster k has
 * m_k values that add up to s_k; d_k = s_k - mean * m_k. The optional higher sums sharpen the interval.
 */
export interface MeanSums {
  n: number;
  /** Sum of x. */
  total: number;
  /** Sum of x^2, or of (x - mean)^2 under the name `deviations`, which keeps more digits. */
  squares?: number;
  deviations?: number;
  /** Clusters with at least one value; left out if every value is its own cluster. */
  clusters?: number;
  /** Sums of m^2, m^3 and m^4. */
  sizeSquares?: number;
  sizeCubes?: number;
  sizeFourths?: number;
  /** Sums of d^2, d^2 m, d^2 m^2 and d^3 (without clusters d is x - mean). */
  residualSquares?: number;
  residualSizes?: number;
  residualSizeSquares?: number;
  residualCubes?: number;
  /** The extra variance from time that all clusters share (incidents, peaks). */
  shared?: SharedTime;
}

/** Clusters from which the skewness of their deviations is trusted to correct the interval. */
const SKEW_FROM = 20;

/** The ends of a mean's interval, and what its notes are about. */
interface MeanBounds {
  value: number;
  low: number;
  high: number;
  /** True if the interval is corrected for skewness. */
  skewed: boolean;
  /** True if values do not differ. */
  still: boolean;
  skew: number;
  effective: number;
  designEffect: number;
}

/** True if clusters are, in effect, enough for an interval; if every value is its own, plain values' rule is enough. */
const areEnough = (n: number, sizeSquares: number): boolean => {
  const apart = (n * n) / sizeSquares;
  return !(apart < FEWEST_CLUSTERS && apart < n * (1 - 1e-9));
};

/** The interval of `meanFromSums` without its notes, for simulations; its ends are NaN where that has none. */
export function meanBounds(
  sums: MeanSums,
  { level, method = "auto" }: { level: number; method?: "auto" | "t" },
): MeanBounds {
  const { n, total, sizeSquares, residualSquares } = sums;
  const clustered = sums.clusters !== undefined && sizeSquares !== undefined && residualSquares !== undefined;
  const clusters = clustered ? sums.clusters! : n;
  const value = total / n;
  const spread = Math.max(0, sums.deviations ?? (sums.squares ?? Number.NaN) - n * value * value);
  const independent = n > 1 ? spread / (n - 1) / n : 0;
  const { error, degrees, effective, designEffect } = clustered
    ? clusterError(
        { ...sums, clusters, sizeSquares: sizeSquares!, residualSquares: residualSquares! },
        independent,
        level,
      )
    : { error: Math.sqrt(independent), degrees: n - 1, designEffect: Number.NaN, effective: n };
  const size = clustered ? residualSquares! : spread;
  // Differences due only to rounding are not spread.
  const still = !(error > 1e-12 * Math.abs(value));
  const skew = still || sums.residualCubes === undefined ? 0 : sums.residualCubes / size ** 1.5;
  const skewed = method === "auto" && clearlySkewed(skew, clusters) && clusters >= SKEW_FROM;
  const about = { value, skewed, still, skew, effective, designEffect };
  if (!(clusters >= 2) || (clustered && !areEnough(n, sizeSquares)))
    return { ...about, low: Number.NaN, high: Number.NaN };
  if (still) return { ...about, low: value, high: value };
  const t = studentTQuantile((1 + level) / 2, degrees);
  // With clusters of unequal size the skewness itself is poorly known, so it only moves an end outwards.
  const least = effective >= 0.75 * clusters ? 0 : t;
  return {
    ...about,
    low: value - error * (skewed ? Math.max(least, skewedT(t, skew)) : t),
    high: value + error * (skewed ? Math.max(least, -skewedT(-t, skew)) : t),
  };
}

/**
 * A mean with its interval, from sums that an engine can compute.
 *
 * @remarks Method: t; skewness by Hall's transformation (1992, J. R. Stat. Soc. B 54, 221); clusters see MacKinnon,
 * Nielsen & Webb (2023), doi:10.1016/j.jeconom.2022.04.001.
 * @param sums see `MeanSums`; n counts values
 * @param options `level` (default 0.95); `method`: "t" for the plain t interval, default "auto", which corrects it
 * for clear skewness; `clusterBy`; `unit`; `counted`, what n counts, for the notes
 * @returns an Estimate; with clusters `designEffect` is the variance with them over that without. NaN ends with a
 * note below two values, below 5 effective clusters, or if a sum is infinite; notes warn below 30 effective
 * clusters and if skewness is so strong that rare larger values may be missing.
 * @throws RangeError for a level outside (0, 1)
 * @example
 * meanFromSums({ n: 4, total: 10, squares: 30 }).value // 2.5
 */
export function meanFromSums(
  sums: MeanSums,
  {
    level = 0.95,
    method = "auto",
    clusterBy = "",
    unit,
    counted = "observations",
  }: { level?: number; method?: "auto" | "t"; clusterBy?: string; unit?: string; counted?: string } = {},
): Estimate {
  checkLevel("meanFromSums", level);
  const { n, total, sizeSquares, residualSquares } = sums;
  const clustered = sums.clusters !== undefined && sizeSquares !== undefined && residualSquares !== undefined;
  const clusters = clustered ? sums.clusters! : n;
  const value = n === 0 ? Number.NaN : total / n;
  const name = clustered ? "t-cluster" : "t";
  const estimate = defined({ value, ...noEnds, level, method: name, n, clusters, clusterBy, unit });
  const spread = Math.max(0, sums.deviations ?? (sums.squares ?? Number.NaN) - n * value * value);
  if (n === 0) return withNotes(estimate, [reserve("none.counted", { counted })]);
  if (!Number.isFinite(value) || (!clustered && !Number.isFinite(spread)))
    return withNotes(estimate, [reserve("none.infinite")]);
  if (clusters < 2) return withNotes(estimate, [fewerThan(2, clustered ? "clusters" : counted, clusters)]);

  if (clustered && !areEnough(n, sizeSquares))
    return { ...estimate, ...noted(clusterNotes((n * n) / sizeSquares)) };
  const { low, high, skewed, still, skew, effective, designEffect } = meanBounds(sums, { level, method });
  const notes: Note[] = [];
  if (still) notes.push(reserve("method.equal"));
  if (clustered && effective < 30) notes.push(narrowNote(effective));
  else if (skewNotes(skew, clusters).length > 0) notes.push(...skewNotes(skew, clusters));
  else if (!clustered && n < 30 && !still) notes.push(fewNote(n, counted));
  if (!still) notes.push(...timeNotes(sums.shared));
  return defined({
    ...estimate,
    low,
    high,
    method: skewed ? `${name}-skewed` : name,
    ...(Number.isFinite(designEffect) ? { designEffect } : {}),
    ...noted(notes),
  });
}
