import { checkProbability } from "./checks";
import { orderStatistics } from "./orderStatistics";
import type { Distribution, NanPolicy } from "./sample";

/**
 * The value at a real-valued rank: between two order statistics by linear interpolation.
 *
 * @param rank 1 is the smallest of n values; 2.5 lies half-way between the second and the third
 * @param at gives the order statistic at a whole rank; called only for the one or two ranks needed
 * @example
 * interpolateRank(1.5, (k) => [10, 20, 30][k - 1]) // 15
 */
export function interpolateRank(rank: number, at: (rank: number) => number): number {
  const nearest = Math.round(rank);
  // A rank within rounding of a whole number counts as that number: an infinite neighbour must not leak in.
  if (Math.abs(rank - nearest) <= 8.9e-16 * Math.max(1, nearest)) return at(nearest);
  const below = Math.floor(rank);
  const share = rank - below;
  const low = at(below);
  const high = at(below + 1);
  if (low === high) return low;
  const value = (1 - share) * low + share * high;
  return Number.isNaN(value) ? value : Math.min(high, Math.max(low, value));
}

/**
 * The real-valued rank of the p-quantile among n values by type 7: 1 + (n - 1) p.
 *
 * @example
 * quantileRank(4, 0.5) // 2.5
 */
export function quantileRank(n: number, p: number): number {
  return 1 + (n - 1) * p;
}

/**
 * The p-quantile (type 7) of n values, by their order statistics; NaN of none.
 *
 * @example
 * quantileBy(4, 0.5, (k) => [1, 2, 3, 4][k - 1]) // 2.5
 */
export function quantileBy(n: number, p: number, at: (rank: number) => number): number {
  return n === 0 ? Number.NaN : interpolateRank(quantileRank(n, p), at);
}

/** The p-quantile (type 7) of values in ascending order. */
export function quantileOfSorted(sorted: ArrayLike<number>, p: number): number {
  return quantileBy(sorted.length, p, (rank) => sorted[rank - 1]!);
}

/**
 * The p-quantile of a sample (type 7, as DuckDB's quantile_cont, NumPy and R by default).
 *
 * @remarks Method: Hyndman & Fan (1996), doi:10.1080/00031305.1996.10473566, type 7.
 * @param values numbers in any order (not changed), or a Distribution; n counts its weights. Infinities count as
 * values. NaN, null and undefined are rejected unless `nan: "drop"`.
 * @param p between 0 (the minimum) and 1 (the maximum)
 * @returns the quantile in the unit of the values; NaN for an empty sample
 * @throws RangeError for p outside [0, 1]; RangeError or TypeError for values that are not numbers
 * @example
 * quantile([4, 1, 3, 2], 0.5) // 2.5
 * quantile({ values: [1, 5], weights: [3, 1] }, 0.75) // 2
 */
export function quantile(
  values: ArrayLike<number> | Distribution,
  p: number,
  { nan = "throw" }: { nan?: NanPolicy } = {},
): number {
  checkProbability("quantile", "p", p);
  const { n, at } = orderStatistics("quantile", values, {
    nan,
    range: (count) => [Math.floor(quantileRank(count, p)), Math.ceil(quantileRank(count, p))],
  });
  return quantileBy(n, p, at);
}
