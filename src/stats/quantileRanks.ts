import { betaQuantile, betaTails } from "./beta";
import { binomialTails } from "./binomial";
import { checkChoice, checkCount, checkLevel, checkProbability } from "./checks";
import { type Note, noEnds } from "./estimate";
import { normalQuantile } from "./normal";
import { quantileRank } from "./quantile";
import { findRoot } from "./root";

/** How the interval of a quantile is made. */
export type QuantileMethod = "fractional" | "exact-order" | "bootstrap-percentile" | "bootstrap-bca";

/** Which order statistics bound a quantile: rank arithmetic that needs no data. */
export interface QuantileRanks {
  p: number;
  n: number;
  level: number;
  method: QuantileMethod;
  /**
   * Real-valued rank of the lower bound; below 1 if the data do not bound the quantile from below, NaN if refused.
   */
  low: number;
  /**
   * Real-valued rank of the upper bound; above n if the data do not bound the quantile from above, NaN if refused.
   */
  high: number;
  /** The smallest n that bounds both ends. */
  needed: number;
  /** Independent units: n, or the clusters. */
  clusters: number;
  designEffect?: number;
  /** True if the bounds of a bootstrap method are the values at `low` and `high` themselves (clusters). */
  atRanks?: boolean;
  notes: Note[];
}

/** The real rank r with I_p(r, n + 1 - r) = tail (lower tail), for 0 < p < 1; n need not be whole. */
export function fractionalRank(n: number, p: number, tail: number): number {
  const z = normalQuantile(tail);
  const bound = 38;
  const miss = (r: number) => {
    const [lower, upper] = betaTails(p, r, n + 1 - r);
    const at = lower < 0.5 ? normalQuantile(lower) : -normalQuantile(upper);
    return Math.max(-bound, Math.min(bound, at)) - z;
  };
  const sd = Math.sqrt((n + 1) * p * (1 - p)) + 0.1;
  const inside = (r: number) => Math.min(n + 1 - 1e-9 * (n + 1), Math.max(1e-9 * (n + 1), r));
  const guess = (n + 1) * p - z * sd;
  let low = inside(guess - 0.3 * sd - 0.5);
  let high = inside(guess + 0.3 * sd + 0.5);
  for (let width = sd + 1; miss(low) < 0 && low > inside(0); width *= 2) low = inside(low - width);
  for (let width = sd + 1; miss(high) > 0 && high < inside(n + 1); width *= 2) high = inside(high + width);
  if (miss(low) < 0) return low;
  if (miss(high) > 0) return high;
  return findRoot(miss, low, high, 1e-13 * n);
}

/**
 * The smallest n with p^n and (1 - p)^n both at most alpha / 2: from there both ends are bounded.
 *
 * @example
 * observationsNeeded(0.999, { level: 0.95 }) // 3688
 */
export function observationsNeeded(p: number, { level = 0.95 }: { level?: number } = {}): number {
  const side = Math.max(p, 1 - p);
  if (side === 1) return Number.POSITIVE_INFINITY;
  const tail = (1 - level) / 2;
  // A small tolerance keeps exact powers (0.5^n = 1/2^n) on the right side.
  return Math.max(1, Math.ceil(Math.log(tail) / Math.log(side) - 1e-9));
}

/** Equal-tailed whole ranks with coverage of at least the level; 0 and n + 1 if an end is unbounded. */
function exactRanks(n: number, p: number, tail: number): [number, number] {
  const limit = tail * (1 + 1e-12);
  // Largest l with P(Bin <= l - 1) <= tail; smallest u with P(Bin >= u) <= tail.
  const lastWhere = (holds: (k: number) => boolean): number => {
    let low = 0;
    let high = n + 1;
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (holds(middle)) low = middle;
      else high = middle;
    }
    return low;
  };
  const low = lastWhere((l) => binomialTails(l - 1, n, p)[0] <= limit);
  const high = lastWhere((u) => binomialTails(u - 1, n, p)[1] > limit) + 1;
  return [low, high];
}

/**
 * The ranks of the order statistics that bound a quantile, so that an engine needs to fetch only those.
 *
 * @remarks Method: Hutson (1999), doi:10.1080/02664769922458; Goldman & Kaplan (2017),
 * doi:10.1016/j.jeconom.2016.09.015.
 * @param n observations, a whole number >= 0
 * @param p which quantile
 * @param options `level` (default 0.95); `method`: "fractional" (default), "exact-order" (whole ranks, coverage at
 * least the level for any data), "bootstrap-percentile" or "bootstrap-bca" (the ranks are then those of the
 * bootstrap distribution of the nearest order statistic; `ranksToFetch` gives the window that the exact
 * distribution needs)
 * @returns real-valued ranks; `low` below 1 or `high` above n means the data do not bound that end, and `needed`
 * is the n that would bound it
 * @throws RangeError for n, p or level out of range
 * @example
 * const ranks = quantileRanks(500, 0.999);
 * ranks.high > 500 // true
 * ranks.needed // 3688
 */
export function quantileRanks(
  n: number,
  p: number,
  { level = 0.95, method = "fractional" }: { level?: number; method?: QuantileMethod } = {},
): QuantileRanks {
  checkCount("quantileRanks", "n", n);
  checkProbability("quantileRanks", "p", p);
  checkLevel("quantileRanks", level);
  checkChoice("quantileRanks", "method", method, [
    "fractional",
    "exact-order",
    "bootstrap-percentile",
    "bootstrap-bca",
  ]);
  const needed = observationsNeeded(p, { level });
  const ranks = { p, n, level, method, needed, clusters: n, notes: [] };
  const tail = (1 - level) / 2;
  if (n === 0) return { ...ranks, ...noEnds };
  // The population's extremes lie at or beyond the sample's.
  if (p === 0) return { ...ranks, low: 0, high: 1 };
  if (p === 1) return { ...ranks, low: n, high: n + 1 };
  if (method === "exact-order") {
    const [low, high] = exactRanks(n, p, tail);
    return { ...ranks, low, high };
  }
  if (method === "fractional")
    return { ...ranks, low: fractionalRank(n, p, 1 - tail), high: fractionalRank(n, p, tail) };
  const k = Math.min(n, Math.max(1, Math.round(quantileRank(n, p))));
  const rank = (u: number) => Math.min(n, Math.max(1, Math.ceil(n * betaQuantile(u, k, n - k + 1))));
  return { ...ranks, low: rank(tail), high: rank(1 - tail) };
}

/** The window of ranks outside which the bootstrap distribution of the p-quantile of n values has no weight. */
export function bootstrapWindow(n: number, p: number): [number, number] {
  const centre = quantileRank(n, p);
  const reach = 9.5 * Math.sqrt(n * p * (1 - p)) + 25;
  return [Math.max(1, Math.floor(centre - reach)), Math.min(n, Math.ceil(centre + reach))];
}

/**
 * The whole ranks that `quantileEstimate` will look up, ascending: at most six, or for a bootstrap method a window
 * of about 19 standard deviations of the rank.
 *
 * @example
 * ranksToFetch(quantileRanks(1000, 0.5)).length <= 6 // true
 */
export function ranksToFetch(ranks: QuantileRanks): number[] {
  const { n, p, low, high, method } = ranks;
  if (n === 0) return [];
  const wanted = new Set<number>();
  const add = (rank: number) => {
    for (const whole of [Math.floor(rank), Math.round(rank), Math.ceil(rank)])
      if (whole >= 1 && whole <= n) wanted.add(whole);
  };
  add(quantileRank(n, p));
  if (low >= 1) add(low);
  if (high <= n) add(high);
  if (method.startsWith("bootstrap") && ranks.atRanks !== true) {
    const [from, to] = bootstrapWindow(n, p);
    for (let rank = from; rank <= to; rank++) wanted.add(rank);
  }
  return [...wanted].sort((a, b) => a - b);
}
