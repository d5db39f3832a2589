import { type Reservation, reserve } from "./reservation";
import { type SharedTime, timedVariance } from "./sharedTime";

/** Effective clusters below which there is no interval, and below which a note warns. */
export const FEWEST_CLUSTERS = 5;
export const FEW_CLUSTERS = 30;

/** A number of effective clusters, the same in whatever order the sums behind it were added up. */
export const effectiveText = (effective: number): string => Number(effective.toPrecision(9)).toFixed(1);

/** Says that an interval rests on few effective clusters. */
export const narrowNote = (effective: number): Reservation =>
  reserve("clusters.few", { effective: effectiveText(effective), few: FEW_CLUSTERS });

/** Says that an interval needs more than there is. */
export const fewerThan = (needed: number, counted: string, has: number): Reservation =>
  reserve("few.needed", { what: "an interval", needed, counted, has });

/** Says that an interval rests on few clusters, or on few of what is counted. */
export const fewNote = (n: number, counted: string): Reservation =>
  reserve("few.narrow", { n, counted, few: FEW_CLUSTERS });

/** What few effective clusters leave open. */
export function clusterNotes(effective: number): Reservation[] {
  if (effective >= FEW_CLUSTERS) return [];
  return effective < FEWEST_CLUSTERS
    ? [reserve("clusters.none", { effective: effectiveText(effective), needed: FEWEST_CLUSTERS })]
    : [narrowNote(effective)];
}

/** Sums over clusters of deviations d = total - ratio * size and of sizes m, with higher powers where known. */
export interface DeviationSums {
  clusters: number;
  n: number;
  /** Sum of m^2, and where known of m^3 and m^4. */
  sizeSquares: number;
  sizeCubes?: number | undefined;
  sizeFourths?: number | undefined;
  /** Sum of d^2, and where known of d^2 m and d^2 m^2. */
  residualSquares: number;
  residualSizes?: number | undefined;
  residualSizeSquares?: number | undefined;
  /** The extra variance from time that all clusters share (incidents, peaks). */
  shared?: SharedTime | undefined;
}

/** The share of clusters that must be effective for them to count as equal in size. */
const EVEN = 0.75;

/**
 * The standard error of a mean of clustered values and its degrees of freedom.
 *
 * Clusters of about equal size: the sum of squared deviations with K / (K - 1), and K - 1 degrees of freedom.
 * Very unequal ones: leaving out one cluster at a time, and one degree less than the geometric mean of the
 * clusters effective in size and those effective in variance, which reaches nominal coverage in simulation where
 * K - 1 degrees do not. MacKinnon, Nielsen & Webb (2023), doi:10.1016/j.jeconom.2022.04.001.
 *
 * @param independent the variance of the mean if all values were independent
 * @param level that of the interval: what days may add is a mixture, which no one variance describes
 */
export function clusterError(
  sums: DeviationSums,
  independent: number,
  level = 0.95,
): { error: number; degrees: number; designEffect: number; effective: number } {
  const { clusters, n, sizeSquares, residualSquares, residualSizes = 0, residualSizeSquares = 0 } = sums;
  const effective = (n * n) / sizeSquares;
  const correction = clusters / (clusters - 1);
  const even = effective >= EVEN * clusters;
  // 1 / (1 - h)^2 to second order in the share h of a cluster.
  const leftOut = residualSquares + (2 * residualSizes) / n + (3 * residualSizeSquares) / (n * n);
  const variance =
    (even || sums.residualSizes === undefined ? residualSquares * correction : leftOut / correction) /
    (n * n);
  const designEffect = independent > 0 ? variance / independent : Number.NaN;
  const { more, degrees } = timedVariance(clusterDegrees(sums, designEffect), sums.shared, level);
  return {
    error: Math.sqrt(Math.max(0, variance * more)),
    degrees,
    designEffect: designEffect * more,
    effective,
  };
}

/** Degrees of freedom of a variance over clusters, at the design effect of their trials. */
export function clusterDegrees(
  { clusters, n, sizeSquares, sizeCubes, sizeFourths }: Omit<DeviationSums, "residualSquares">,
  designEffect: number,
): number {
  const effective = (n * n) / sizeSquares;
  if (effective >= EVEN * clusters) return clusters - 1;
  const most = sizeSquares / n - 1;
  const rho = most > 0 && designEffect > 1 ? Math.min(1, (designEffect - 1) / most) : 0;
  let inVariance = effective;
  if (sizeCubes !== undefined && sizeFourths !== undefined) {
    const spread = n + (sizeSquares - n) * rho;
    inVariance =
      (spread * spread) /
      (sizeSquares * (1 - rho) ** 2 + 2 * sizeCubes * rho * (1 - rho) + sizeFourths * rho * rho);
  }
  return Math.max(1, Math.min(clusters - 1, Math.sqrt(effective * inVariance) - 1));
}

/** Sums over clusters: of powers of what each has, times powers of its size. */
export function clusterSums(
  of: Float64Array,
  sizes: Float64Array,
): (power: number, ofSize: number) => number {
  return (power, ofSize) => sizes.reduce((sum, size, k) => sum + of[k]! ** power * size ** ofSize, 0);
}
