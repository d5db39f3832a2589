import { checkCount, checkLevel, checkSameLength } from "./checks";
import { defined } from "./defined";
import type { Estimate } from "./estimate";
import { interpolateRank, quantileRank } from "./quantile";
import { random } from "./random";

/** The minimum number of clusters: with fewer, weights of only 0 and 2 are too coarse. */
const FEWEST = 1000;

/**
 * Ratios of sums in which each cluster counts twice or not at all, each with probability 1/2.
 *
 * One random byte serves eight clusters through a table of their 256 partial sums. Every group of eight has its
 * own stream of random numbers.
 */
function halvedRatios(
  c: ArrayLike<number>,
  r: ArrayLike<number>,
  resamples: number,
  seed: number,
): Float64Array {
  // Four resamples share one draw of 32 bits; sums and tables hold c and r side by side.
  const words = new Uint32Array(Math.ceil(resamples / 4));
  const sums = new Float64Array(8 * words.length);
  const table = new Float64Array(512);
  for (let start = 0; start < c.length; start += 8) {
    const size = Math.min(8, c.length - start);
    for (let byte = 1; byte < 256; byte++) {
      const bit = 31 - Math.clz32(byte);
      const rest = byte & ~(1 << bit);
      table[2 * byte] = table[2 * rest]! + (bit < size ? c[start + bit]! : 0);
      table[2 * byte + 1] = table[2 * rest + 1]! + (bit < size ? r[start + bit]! : 0);
    }
    random(seed, start / 8).fill(words);
    for (let w = 0, b = 0; w < words.length; w++, b += 8) {
      const four = words[w]!;
      const first = (four & 255) << 1;
      const second = (four >>> 7) & 510;
      const third = (four >>> 15) & 510;
      const fourth = (four >>> 23) & 510;
      sums[b]! += table[first]!;
      sums[b + 1]! += table[first + 1]!;
      sums[b + 2]! += table[second]!;
      sums[b + 3]! += table[second + 1]!;
      sums[b + 4]! += table[third]!;
      sums[b + 5]! += table[third + 1]!;
      sums[b + 6]! += table[fourth]!;
      sums[b + 7]! += table[fourth + 1]!;
    }
  }
  return Float64Array.from({ length: resamples }, (_, i) => {
    const below = sums[2 * i + 1]!;
    return below === 0 ? Number.POSITIVE_INFINITY : sums[2 * i]! / below;
  });
}

/**
 * A percentile bootstrap of a ratio of sums over very many clusters, by weights of 0 and 2 instead of resampling.
 *
 * Use it to check the expansion of `ratioInterval` by brute force: 100,000 clusters and 9,999 resamples take a
 * fraction of a second.
 *
 * @remarks Method: Owen & Eckles (2012), doi:10.1214/12-AOAS547. The weights match the first two moments of
 * resampling, not the third, so there is no BCa form.
 * @param numerators one number per cluster
 * @param denominators one number per cluster
 * @param options `level` (default 0.95), `resamples` (9,999), `seed` (1), `clusterBy`, `unit`
 * @returns an Estimate; n and clusters count clusters
 * @throws RangeError below 1,000 clusters, where weights of 0 and 2 are too coarse (use `ratioInterval`)
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
  return defined({
    value: r === 0 ? Number.NaN : c / r,
    low: read((1 - level) / 2),
    high: read((1 + level) / 2),
    level,
    method: "bootstrap-percentile",
    n,
    clusters: n,
    clusterBy,
    resamples,
    unit,
  });
}
