import { checkCount } from "./checks";
import { FEW_CLUSTERS, fewerThan, fewNote } from "./clusterError";
import { defined } from "./defined";
import { type Estimate, noEnds, withNotes } from "./estimate";
import { quantileOfSorted } from "./quantile";
import { random } from "./random";
import { expandedTails } from "./ratioLaw";
import { reserve } from "./reservation";

/**
 * Sums of several columns over resampled clusters, all with the same draws, so that anything computed from them
 * keeps their correlation.
 *
 * @param columns one number per cluster in each
 * @param options `resamples` (default 1,999) and `seed` (1)
 * @returns the sums of each column, one per resample
 * @throws RangeError for columns of different lengths
 * @example
 * sumDraws([[1, 1, 1], [2, 2, 2]], { resamples: 2 }).map((sums) => sums[0]) // [3, 6]
 */
export function sumDraws(
  columns: readonly ArrayLike<number>[],
  { resamples = 1999, seed = 1 }: { resamples?: number; seed?: number } = {},
): Float64Array[] {
  checkCount("sumDraws", "resamples", resamples, 1);
  const clusters = columns[0]?.length ?? 0;
  for (const { length } of columns)
    if (length !== clusters)
      throw new RangeError(`sumDraws requires columns of one length, got ${clusters} and ${length}`);
  const { integer } = random(seed);
  const sums = columns.map(() => new Float64Array(resamples));
  const times = new Uint32Array(clusters);
  for (let draw = 0; draw < resamples; draw++) {
    times.fill(0);
    for (let k = 0; k < clusters; k++) times[integer(clusters)]++;
    for (const [at, column] of columns.entries()) {
      let sum = 0;
      for (let k = 0; k < clusters; k++) if (times[k] > 0) sum += times[k] * column[k];
      sums[at][draw] = sum;
    }
  }
  return sums;
}

/**
 * An estimate from its draws: percentile bounds, widened as t is for few clusters.
 *
 * @param value the estimate itself
 * @param draws of it, one per resample; anything that is not a number in a resample counts as infinite
 * @param options the other fields of the estimate; below 5 clusters there is no interval
 * @example
 * drawnEstimate(2, Float64Array.from([1, 2, 3]), { clusters: 3, n: 3 }).note // "an interval needs 5 clusters, has 3"
 */
export function drawnEstimate(
  value: number,
  draws: Float64Array,
  {
    level = 0.95,
    ...rest
  }: { level?: number; n: number; clusters: number; clusterBy?: string; unit?: string },
): Estimate {
  const { n, clusters, clusterBy = "", unit } = rest;
  const base = { value, level, method: "bootstrap-percentile", n, clusters, clusterBy };
  const estimate = defined({ ...base, unit });
  if (Number.isNaN(value)) return withNotes({ ...estimate, ...noEnds }, [reserve("none.comparison")]);
  if (clusters < 5) return withNotes({ ...estimate, ...noEnds }, [fewerThan(5, "clusters", clusters)]);
  const order = draws.map((x) => (Number.isNaN(x) ? Number.POSITIVE_INFINITY : x)).sort();
  const [low, high] = expandedTails(level, clusters).map((u) => quantileOfSorted(order, u));
  const few = clusters < FEW_CLUSTERS ? [fewNote(clusters, "clusters")] : [];
  return withNotes({ ...estimate, low, high, resamples: draws.length }, few);
}
