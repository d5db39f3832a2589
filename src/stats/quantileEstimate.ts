import { defined } from "./defined";
import { type Estimate, type Note, noted } from "./estimate";
import { interpolateRank, quantileBy, quantileRank } from "./quantile";
import { bcaTail, type QuantileLaw, quantileLaw } from "./quantileLaw";
import type { QuantileRanks } from "./quantileRanks";
import { reserve } from "./reservation";

const METHOD_NAMES = {
  fractional: "fractional-order-statistic",
  "exact-order": "exact-order-statistic",
  "bootstrap-percentile": "bootstrap-percentile",
  "bootstrap-bca": "bootstrap-bca",
} as const;

/** 0.999 as "p99.9". */
export function quantileName(p: number): string {
  return `p${Number((100 * p).toPrecision(12))}`;
}

function ends(
  ranks: QuantileRanks,
  at: (k: number) => number,
  atMost: (k: number) => number,
): [number, number] {
  const { n, p, low, high } = ranks;
  if (n === 0 || Number.isNaN(low) || Number.isNaN(high)) return [Number.NaN, Number.NaN];
  // With few values even the extreme one may be a bound that is more than wide enough; and no bound may pass the
  // value itself.
  const rank = quantileRank(n, p);
  return [
    low < 1 ? Number.NEGATIVE_INFINITY : interpolateRank(Math.min(low, n, rank), at),
    high > n ? Number.POSITIVE_INFINITY : interpolateRank(Math.max(high, 1, rank), atMost),
  ];
}

function bootstrapEnds(law: QuantileLaw, ranks: QuantileRanks, notes: Note[]): [number, number] {
  const tail = (1 - ranks.level) / 2;
  let tails = [tail, 1 - tail];
  if (ranks.method === "bootstrap-bca") {
    const corrected = tails.map((u) => bcaTail(u, law.z0, law.acceleration));
    if (corrected.every((u) => u !== null)) tails = corrected;
    else notes.push(reserve("method.bca"));
  }
  return [law.quantile(tails[0]!), law.quantile(tails[1]!)];
}

/**
 * The estimate of a quantile from ranks and a look-up of order statistics: one code path shared by arrays,
 * distributions and engines.
 *
 * @param ranks from `quantileRanks` or `clusteredQuantileRanks`
 * @param at the order statistic at a whole rank from 1 to n (those of `ranksToFetch`); right-censored values count
 * at their cutoffs
 * @param options `atMost`: the order statistics with every censored value at Infinity, which give the upper bound;
 * `unit`; `counted`, what n counts, for the notes (default "observations"); `clusterBy`; `notes` to add
 * @returns an Estimate; n and clusters as in `ranks`
 * @example
 * const ranks = { p: 0.5, n: 3, level: 0.95, method: "fractional", low: 0, high: 4, needed: 6, clusters: 3, notes: [] };
 * quantileEstimate(ranks, (k) => [1, 2, 4][k - 1]).value // 2
 */
export function quantileEstimate(
  ranks: QuantileRanks,
  at: (rank: number) => number,
  {
    atMost = at,
    unit,
    counted = "observations",
    clusterBy = "",
    notes: extra = [],
  }: {
    atMost?: (rank: number) => number;
    unit?: string;
    counted?: string;
    clusterBy?: string;
    notes?: readonly Note[];
  } = {},
): Estimate {
  const { n, p, level, method, needed, clusters, designEffect } = ranks;
  const notes: Note[] = [];
  let value = quantileBy(n, p, at);
  let [low, high] = ends(ranks, at, atMost);
  const bootstrap =
    method.startsWith("bootstrap") && ranks.atRanks !== true && n > 0 && !Number.isNaN(ranks.low);
  if (n === 0) notes.push(reserve("none.counted", { counted }));
  else if (p === 0 || p === 1)
    notes.push(reserve("method.extreme", { end: p === 0 ? "smallest" : "largest" }));
  else if (n < needed && !Number.isNaN(ranks.low)) {
    notes.push(reserve("few.quantile", { quantile: quantileName(p), needed, counted, has: n }));
    if (bootstrap) notes.push(reserve(p < 0.5 ? "few.bootstrap-low" : "few.bootstrap-high"));
  }
  if (bootstrap && p > 0 && p < 1) {
    [low] = bootstrapEnds(quantileLaw(n, p, at), ranks, notes);
    [, high] = bootstrapEnds(quantileLaw(n, p, atMost), ranks, []);
  }
  if (n > 0) {
    const upper = quantileBy(n, p, atMost);
    if (upper === Number.POSITIVE_INFINITY && value < upper) {
      high = Number.isNaN(high) ? high : upper;
      notes.push(reserve("method.censored", { cut: "censored" }));
    } else if (value < upper) notes.push(reserve("method.censored-below"));
    else if (high === Number.POSITIVE_INFINITY && ranks.high <= n)
      notes.push(reserve("method.censored-bound"));
  }
  if (Number.isNaN(value) && n > 0) {
    value = Number.NaN;
    notes.push(reserve("none.between"));
  }
  const all = [...notes, ...ranks.notes, ...extra];
  return defined({
    value,
    low,
    high,
    level,
    method: METHOD_NAMES[method],
    n,
    clusters,
    clusterBy,
    designEffect,
    ...(method.startsWith("bootstrap") ? { resamples: "exact" as const } : {}),
    unit,
    ...noted(all),
  });
}
