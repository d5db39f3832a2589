import { normalCdf } from "../../stats/normal";
import { fractionalRank, observationsNeeded } from "../../stats/quantileRanks";
import { wilsonBounds } from "../../stats/rate";
import { type Reservation, reserve } from "../../stats/reservation";

/** One number with its bounds for any critical value of Student's t. */
export interface Margin {
  value: number;
  /** Standard error. */
  error: number;
  method: string;
  bounds(t: number): [number, number];
  /** Of a quantile: the share of its values that lie below x. */
  below?(x: number): number;
  /** What its value takes for granted. */
  reservations?: readonly Reservation[];
}

/** A mean or a ratio of sums. */
export function meanMargin(value: number, variance: number): Margin {
  const error = Math.sqrt(variance);
  return { value, error, method: "t-cluster", bounds: (t) => [value - t * error, value + t * error] };
}

/**
 * A share whose units amount to n of equal weight, which limits its precision; if nothing or everything is an
 * event, each effective cluster counts once.
 */
export function rateMargin(value: number, variance: number, n: number, effective: number): Margin {
  const p = Math.min(1, Math.max(0, value));
  const trials = variance > 0 && p > 0 && p < 1 ? Math.min(n, (p * (1 - p)) / variance) : effective;
  const error = Math.sqrt(variance);
  return { value: p, error, method: "wilson", bounds: (t) => wilsonBounds(p, trials, t) };
}

/** Waits in ascending buckets: the mean wait, the weight, and whether the bucket has timeouts. */
export interface Ladder {
  x: number[];
  weights: number[];
  censored: boolean[];
}

/** The weighted quantile of a histogram of n calls; type 7 if every call has a bucket of its own. */
export function ladderQuantile(ladder: Ladder, n: number, p: number): number {
  return climb(ladder, n)(1 + (n - 1) * p).value;
}

/**
 * A quantile of a histogram, given the variance of the share of calls below it.
 *
 * Woodruff (1952), doi:10.1080/01621459.1952.10483443, by fractional ranks at the effective number of calls.
 */
export function quantileMargin(
  ladder: Ladder,
  n: number,
  p: number,
  variance: number,
  level: number,
): Margin {
  const at = climb(ladder, n);
  const { value, censored } = at(1 + (n - 1) * p);
  const independent = (p * (1 - p)) / n;
  const inflated = Math.max(variance, independent);
  const effective = (p * (1 - p)) / inflated;
  const odds = Math.sqrt(inflated) / (p * (1 - p));
  const enough = n >= observationsNeeded(p, { level });
  const bounds = (t: number): [number, number] => {
    // One cluster does not show how others would differ.
    if (Number.isNaN(variance)) return [Number.NaN, Number.NaN];
    const tail = normalCdf(-t);
    const scaled = (rank: number) => (rank * (n + 1)) / (effective + 1);
    const onLogOdds = (shift: number) => (n + 1) / (1 + ((1 - p) / p) * Math.exp(-shift * odds));
    const [below, above] = [fractionalRank(effective, p, 1 - tail), fractionalRank(effective, p, tail)];
    const low = below >= 1 ? scaled(below) : enough ? onLogOdds(-t) : 0;
    const high = above <= effective ? scaled(above) : enough ? onLogOdds(t) : n + 1;
    const top = at(high);
    return [
      low < 1 ? Number.NEGATIVE_INFINITY : at(low).value,
      high > n || top.censored ? Number.POSITIVE_INFINITY : top.value,
    ];
  };
  // The slope of the quantile over the share, from the points one standard error either side.
  const [low, high] = bounds(1);
  const half =
    Number.isFinite(low) && Number.isFinite(high) ? (high - low) / 2 : Math.min(value - low, high - value);
  return {
    value,
    error: Number.isFinite(half) ? half : Number.NaN,
    method: "woodruff",
    bounds,
    below: (x) => (rankOf(ladder, n, x) - 1) / (n - 1),
    ...(censored ? { reservations: [reserve("method.censored", { cut: "a timeout" })] } : {}),
  };
}

/** The ranks from 1 to n at which the buckets have their middles. */
function middlesOf({ weights }: Ladder, n: number): number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let before = 0;
  return weights.map((weight) => {
    const calls = (weight * n) / total;
    before += calls;
    return before - calls + (calls + 1) / 2;
  });
}

/** The rank at which a wait lies: what `climb` goes back from. */
function rankOf(ladder: Ladder, n: number, wait: number): number {
  const { x } = ladder;
  const middles = middlesOf(ladder, n);
  const above = x.findIndex((one) => one >= wait);
  if (above === -1) return n;
  if (x[above] === wait) return middles[above];
  if (above === 0) return 1;
  const share = (wait - x[above - 1]) / (x[above] - x[above - 1]);
  return middles[above - 1] + share * (middles[above] - middles[above - 1]);
}

/** The wait at a rank from 1 to n, interpolated between the middles of neighbouring buckets. */
function climb(ladder: Ladder, n: number): (rank: number) => { value: number; censored: boolean } {
  const { x, censored } = ladder;
  const middles = middlesOf(ladder, n);
  return (rank) => {
    const last = middles.length - 1;
    if (last < 0) return { value: Number.NaN, censored: false };
    let [low, high] = [0, last];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (middles[middle] >= rank) high = middle;
      else low = middle + 1;
    }
    if (low === 0 || middles[low] <= rank) return { value: x[low], censored: censored[low] };
    const share = (rank - middles[low - 1]) / (middles[low] - middles[low - 1]);
    return { value: x[low - 1] + share * (x[low] - x[low - 1]), censored: censored[low] };
  };
}
