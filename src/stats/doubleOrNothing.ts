import { checkCount, checkLevel, checkSameLength } from "./checks";
import type { Estimate } from "./estimate";
import { interpolateRank, quantileRank } from "./quantile";
import { random } from "./random";

/** Fewest clusters: with fewer, weights of 0 and 2 alone are too coarse. */
const FEWEST = 1000;

/**
 * Ratios of sums in which each cluster counts twice or not at all, each with chance 1/2.
 *
 * Eight clusters are served by one random byte through a table of their 256 partial sums. Every group of eight has
 * a stream of random numbers of its own.
 */
function halvedRatios(
  c: ArrayLike<number>,
  r: ArrayLike<number>,
  resamples: number,
  seed: number,
): Float64Array {
  const above = new Float64Array(resamples);
  const below = new Float64Array(resamples);
  const tableAbove = new Float64Array(256);
  const tableBelow = new Float64Array(256);
  for (let start = 0; start < c.length; start += 8) {
    const size = Math.min(8, c.length - start);
    for (let byte = 1; byte < 256; byte++) {
      const bit = 31 - Math.clz32(byte);
      const rest = byte & ~(1 << bit);
      tableAbove[byte] = tableAbove[rest]! + (bit < size ? c[start + bit]! : 0);
      tableBelow[byte] = tableBelow[rest]! + (bit < size ? r[start + bit]! : 0);
    }
    const { bits } = random(seed, start / 8);
    for (let b = 0; b < resamples; b += 4) {
      let four = bits();
      const last = Math.min(b + 4, resamples);
      for (let i = b; i < last; i++) {
        above[i]! += tableAbove[four & 255]!;
        below[i]! += tableBelow[four & 255]!;
        four >>>= 8;
      }
    }
  }
  return above.map((x, i) => (below[i] === 0 ? Number.POSITIVE_INFINITY : x / below[i]!));
}

/**
 * A percentile bootstrap of a ratio of sums over very many clusters, by weights of 0 and 2 instead of resampling.
 *
 * Use it where the expansion of `ratioInterval` is to be checked by brute force: 100,000 clusters and 9,999
 * resamples take a fraction of a second.
 *
 * @param numerators one number a cluster
 * @param denominators one number a cluster
 * @param options `level` (default 0.95), `resamples` (9,999), `seed` (1), `clusterBy`, `unit`
 * @returns an Estimate; n and clusters count clusters
 * @throws RangeError below 1,000 clusters, where weights of 0 and 2 are too coarse (use `ratioInterval`)
 * Method: Owen & Eckles (2012), doi:10.1214/12-AOAS547. The weights match the first two moments of resampling, not
 * the third, so there is no BCa form.
 * @example
 * const ones = new Array(1000).fill(1);
 * doubleOrNothing(ones, ones, { resamples: 99 }).low // 1
 */
export function doubleOrNothing(
  numerators: ArrayLike<number>,
  denominators: ArrayLike<number>,
  {
    level = 0.95,
    resamples = 9999,
    seed = 1,
    clusterBy = "",
    unit,
  }: { level?: number; resamples?: number; seed?: number; clusterBy?: string; unit?: string } = {},
): Estimate {
  const caller = "doubleOrNothing";
  checkLevel(caller, level);
  checkCount(caller, "resamples", resamples, 1);
  checkSameLength(caller, "numerators", numerators.length, "denominators", denominators.length);
  const n = numerators.length;
  if (n < FEWEST)
    throw new RangeError(`${caller} requires ${FEWEST} clusters or more, got ${n}; use ratioInterval`);
  const ratios = halvedRatios(numerators, denominators, resamples, seed).sort();
  const read = (u: number) => interpolateRank(quantileRank(resamples, u), (rank) => ratios[rank - 1]!);
  let [c, r] = [0, 0];
  for (let k = 0; k < n; k++) {
    c += numerators[k]!;
    r += denominators[k]!;
  }
  return {
    value: r === 0 ? Number.NaN : c / r,
    low: read((1 - level) / 2),
    high: read((1 + level) / 2),
    level,
    method: "bootstrap-percentile",
    n,
    clusters: n,
    clusterBy,
    resamples,
    ...(unit === undefined ? {} : { unit }),
  };
}
