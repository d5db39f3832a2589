import { completePairs, type PairOptions } from "./pairs";

export interface WeightedTauOptions extends PairOptions {
  /**
   * Which models weigh most. "both" (default): the first in each side's own order, averaged over the two results;
   * "first": the first by x, with ties broken by y; "position": in the order given; or a rank for each model, with
   * 0 weighing most.
   */
  rank?: "both" | "first" | "position" | ArrayLike<number>;
}

/**
 * Kendall's tau with a weight for each pair, from -1 to 1, in which agreement on the models at the top (the
 * largest values) counts most: a pair weighs 1 / (1 + rank) of the one plus 1 / (1 + rank) of the other.
 *
 * In: one pair per model, larger is better; n counts the pairs. NaN for fewer than two pairs or a constant side.
 *
 * @remarks Source: Vigna 2015, https://doi.org/10.1145/2736277.2741088, additive hyperbolic weights as in SciPy.
 * @throws RangeError if the sides differ in length or a rank is negative.
 * @example
 * weightedTau([4, 3, 2, 1], [4, 3, 1, 2]).toFixed(4) // "0.8133"
 */
export function weightedTau(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  options: WeightedTauOptions = {},
): number {
  const rank = options.rank ?? "both";
  const complete = completePairs("weightedTau", x, y, options);
  if (!complete) return Number.NaN;
  if (typeof rank !== "string") {
    if (rank.length !== x.length)
      throw new RangeError(
        `weightedTau requires one rank per pair, got ${rank.length} for ${x.length} pairs`,
      );
    for (let i = 0; i < rank.length; i++)
      if (!(rank[i] >= 0)) throw new RangeError(`weightedTau requires ranks from 0 up, got ${rank[i]}`);
    if (complete.dropped === 0) return tau(x, y, rank);
    const kept = Array.from(rank).filter((_, i) => !Number.isNaN(x[i]) && !Number.isNaN(y[i]));
    return tau(complete.x, complete.y, kept);
  }
  const { x: u, y: v } = complete;
  switch (rank) {
    case "position":
      return tau(
        u,
        v,
        Array.from({ length: u.length }, (_, i) => i),
      );
    case "first":
      return tau(u, v, fallingOrder(u, v));
    case "both":
      return (tau(u, v, fallingOrder(u, v)) + tau(u, v, fallingOrder(v, u))) / 2;
    default:
      throw new RangeError(
        `weightedTau requires rank "both", "first", "position" or ranks, got ${JSON.stringify(rank)}`,
      );
  }
}

/** Rank 0 for the largest first value, with ties broken by the second. */
function fallingOrder(first: ArrayLike<number>, second: ArrayLike<number>): Float64Array {
  const order = Array.from({ length: first.length }, (_, i) => i);
  const falling = (a: number, b: number) => (a < b ? 1 : a > b ? -1 : 0);
  order.sort((a, b) => falling(first[a], first[b]) || falling(second[a], second[b]));
  const ranks = new Float64Array(order.length);
  order.forEach((index, rank) => {
    ranks[index] = rank;
  });
  return ranks;
}

function tau(x: ArrayLike<number>, y: ArrayLike<number>, rank: ArrayLike<number>): number {
  let agreement = 0;
  let untiedX = 0;
  let untiedY = 0;
  for (let i = 1; i < x.length; i++) {
    const weight = 1 / (1 + rank[i]);
    for (let j = 0; j < i; j++) {
      const pair = weight + 1 / (1 + rank[j]);
      const signX = x[i] > x[j] ? 1 : x[i] < x[j] ? -1 : 0;
      const signY = y[i] > y[j] ? 1 : y[i] < y[j] ? -1 : 0;
      agreement += signX * signY * pair;
      if (signX !== 0) untiedX += pair;
      if (signY !== 0) untiedY += pair;
    }
  }
  if (!(untiedX > 0 && untiedY > 0)) return Number.NaN;
  return Math.max(-1, Math.min(1, agreement / Math.sqrt(untiedX * untiedY)));
}
