import { checkChoice, checkCount } from "./checks";
import { kendallScore } from "./kendall";
import { inversionTail } from "./kendallNull";
import { midranks } from "./midranks";
import { completePairs, orderedPairs, type PairOptions } from "./pairs";
import { random } from "./random";

export interface PermutationOptions extends PairOptions {
  /** Which rank correlation: "spearman" (default) or "kendall". */
  kind?: "spearman" | "kendall";
  /** Permutations drawn if there are too many to count them all (default 99,999). */
  resamples?: number;
  /** Seed of the drawn permutations (default 1). */
  seed?: number;
}

/** Up to this many pairs every order is counted: 9! = 362,880. */
export const LARGEST_ENUMERATION = 9;

/**
 * The two-sided permutation p-value of a rank correlation: the share of all orders of one side whose
 * correlation is at least as far from 0.
 *
 * In: one pair per model; n counts the pairs. Exact for Kendall without ties (recurrence of the inversion counts)
 * and, with or without ties, for up to 9 pairs (all orders counted); otherwise `resamples` seeded permutations and
 * (r + 1) / (resamples + 1). Five models cannot give a p below 2 / 120 = 0.0167. NaN for fewer than two pairs or a
 * constant side.
 *
 * @remarks Sources: Phipson & Smyth 2010, https://doi.org/10.2202/1544-6115.1585; Knuth, TAOCP 3, section 5.1.1.
 * @throws RangeError if the sides differ in length.
 * @example
 * permutationP([1, 2, 3, 4, 5], [1, 2, 3, 4, 5]) // 0.016666666666666666
 */
export function permutationP(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  options: PermutationOptions = {},
): number {
  const { kind = "spearman", resamples = 99_999, seed = 1 } = options;
  checkChoice("permutationP", "kind", kind, ["spearman", "kendall"]);
  checkCount("permutationP", "resamples", resamples, 1);
  const pairs = completePairs("permutationP", x, y, options);
  if (!pairs || pairs.x.length < 2) return Number.NaN;
  const n = pairs.x.length;
  const { score, untiedX, untiedY } = kendallScore(pairs.x, pairs.y);
  if (untiedX === 0 || untiedY === 0) return Number.NaN;
  const total = (n * (n - 1)) / 2;
  if (kind === "kendall" && untiedX === total && untiedY === total) return inversionTail(n, Math.abs(score));
  // Doubled midranks are whole numbers, so that "at least as far" is decided without rounding error.
  const ordered = orderedPairs(pairs.x, pairs.y);
  const u = midranks(ordered.x).map((rank) => 2 * rank);
  const v = midranks(ordered.y).map((rank) => 2 * rank);
  if (n <= LARGEST_ENUMERATION)
    return kind === "kendall" ? kendallByCounting(u, v) : spearmanByCounting(u, v);
  let atLeast = 0;
  const far = kind === "kendall" ? kendallDistance(u, v) : spearmanDistance(u, v);
  const observed = far(v);
  const generator = random(seed);
  const order = v.slice();
  for (let b = 0; b < resamples; b++) {
    for (let i = n - 1; i > 0; i--) {
      const j = generator.integer(i + 1);
      const kept = order[i];
      order[i] = order[j];
      order[j] = kept;
    }
    if (far(order) >= observed) atLeast++;
  }
  return (atLeast + 1) / (resamples + 1);
}

/** n times the distance of the sum of products from its expectation: a whole number. */
function spearmanDistance(u: Float64Array, v: Float64Array): (order: Float64Array) => number {
  const expected = u.reduce((a, b) => a + b, 0) * v.reduce((a, b) => a + b, 0);
  return (order) => {
    let sum = 0;
    for (let i = 0; i < u.length; i++) sum += u[i] * order[i];
    return Math.abs(u.length * sum - expected);
  };
}

/** Counts pair by pair: for as many models as leaderboards have, that is faster than sorting each order. */
function kendallDistance(u: Float64Array, v: Float64Array): (order: Float64Array) => number {
  const n = u.length;
  const rising = Int32Array.from({ length: n }, (_, i) => i).sort((a, b) => u[a] - u[b]);
  // The places, in rising order, at which the models untied with and below each model end.
  const below = Int32Array.from(rising, (model) => rising.findIndex((other) => u[other] === u[model]));
  const sorted = new Float64Array(v.length);
  return (order) => {
    for (let i = 0; i < n; i++) sorted[i] = order[rising[i]];
    let score = 0;
    for (let i = 1; i < n; i++) {
      const value = sorted[i];
      for (let j = 0; j < below[i]; j++) score += +(value > sorted[j]) - +(value < sorted[j]);
    }
    return Math.abs(score);
  };
}

function spearmanByCounting(u: Float64Array, v: Float64Array): number {
  const far = spearmanDistance(u, v);
  const expected = u.reduce((a, b) => a + b, 0) * v.reduce((a, b) => a + b, 0);
  const n = u.length;
  const observed = far(v);
  return shareOfOrders(
    n,
    (place, value) => u[place] * v[value],
    (sum) => Math.abs(n * sum - expected) >= observed,
  );
}

function kendallByCounting(u: Float64Array, v: Float64Array): number {
  const n = u.length;
  const observed = Math.abs(kendallScore(u, v).score);
  const signs = (side: Float64Array) =>
    Int8Array.from({ length: n * n }, (_, k) => Math.sign(side[Math.floor(k / n)] - side[k % n]));
  const signU = signs(u);
  const signV = signs(v);
  return shareOfOrders(
    n,
    (place, value, chosen) => {
      let sum = 0;
      for (let i = 0; i < place; i++) sum += signU[place * n + i] * signV[value * n + chosen[i]];
      return sum;
    },
    (sum) => Math.abs(sum) >= observed,
  );
}

/** Visits every order place by place and adds up what each choice contributes. */
function shareOfOrders(
  n: number,
  gain: (place: number, value: number, chosen: Int32Array) => number,
  counts: (sum: number) => boolean,
): number {
  const chosen = new Int32Array(n);
  let hits = 0;
  let orders = 0;
  const visit = (place: number, used: number, sum: number): void => {
    if (place === n) {
      orders++;
      if (counts(sum)) hits++;
      return;
    }
    for (let value = 0; value < n; value++) {
      if (used & (1 << value)) continue;
      chosen[place] = value;
      visit(place + 1, used | (1 << value), sum + gain(place, value, chosen));
    }
  };
  visit(0, 0, 0);
  return hits / orders;
}
