import { bootstrapBounds } from "./bootstrapBounds";
import { checkChoice, checkCount, checkLevel } from "./checks";
import { defined } from "./defined";
import { type Estimate, noEnds, withNotes } from "./estimate";
import { random } from "./random";
import { reserve } from "./reservation";
import { clusterCodes, type Labels } from "./sample";

/** The maximum number of groups that a jackknife leaves out one at a time. */
const JACKKNIFE_GROUPS = 1000;

/** Rows by resampling unit: one unit per row, or one per cluster. */
function units<T>(
  caller: string,
  sample: ArrayLike<T>,
  clusters?: Labels,
): { count: number; rows: (unit: number) => T[] } {
  if (clusters === undefined) return { count: sample.length, rows: (unit) => [sample[unit]!] };
  const { codes, count } = clusterCodes(caller, clusters, sample.length);
  const groups = Array.from({ length: count }, (): T[] => []);
  for (let i = 0; i < sample.length; i++) groups[codes[i]!]!.push(sample[i]!);
  return { count, rows: (unit) => groups[unit]! };
}

/**
 * The statistic of the resamples numbered from `from` up to, not including, `to`.
 *
 * Resample b takes its random numbers from stream b of the seed, so the work can be split between any number of
 * workers and still gives the same bits.
 *
 * @param sample rows of any kind
 * @param statistic gets the rows of a resample in an array that is reused, so it must not keep it
 * @param options `clusters` (one label per row: whole clusters are resampled), `seed` (default 1)
 * @returns one number per resample, in order
 * @example
 * bootstrapDraws([1, 1, 1], (rows) => rows.length, { from: 0, to: 2 })[0] // 3
 */
export function bootstrapDraws<T>(
  sample: ArrayLike<T>,
  statistic: (rows: T[]) => number,
  { from, to, clusters, seed = 1 }: { from: number; to: number; clusters?: Labels; seed?: number },
): Float64Array {
  checkCount("bootstrapDraws", "from", from);
  checkCount("bootstrapDraws", "to", to, from);
  const { count, rows } = units("bootstrapDraws", sample, clusters);
  const draws = new Float64Array(to - from);
  const resample: T[] = [];
  for (let b = from; b < to; b++) {
    const { integer } = random(seed, b);
    let length = 0;
    for (let k = 0; k < count; k++) {
      if (clusters === undefined) resample[length++] = sample[integer(count)]!;
      else for (const row of rows(integer(count))) resample[length++] = row;
    }
    resample.length = length;
    draws[b - from] = statistic(resample);
  }
  return draws;
}

/** The statistic with each unit left out, or with each of 1,000 groups of units if there are more. */
function jackknifeValues<T>(
  sample: ArrayLike<T>,
  statistic: (rows: T[]) => number,
  clusters?: Labels,
): Float64Array {
  const { count, rows } = units("bootstrap", sample, clusters);
  const groups = Math.min(count, JACKKNIFE_GROUPS);
  return Float64Array.from({ length: groups }, (_, group) => {
    const kept: T[] = [];
    for (let unit = 0; unit < count; unit++)
      if (unit % groups !== group) for (const row of rows(unit)) kept.push(row);
    return statistic(kept);
  });
}

/**
 * A bootstrap interval for any statistic of a sample.
 *
 * @remarks Method: Efron (1987), doi:10.1080/01621459.1987.10478410; above 1,000 units the jackknife leaves out
 * groups.
 * @param sample rows of any kind: numbers, pairs, records
 * @param statistic a number from an array of rows (reused for each resample: do not keep it). Resamples that
 * give NaN are left out and counted; infinite ones are kept.
 * @param options `method` "bca" (default) or "percentile"; `resamples` (default 9,999); `seed` (default 1);
 * `level` (default 0.95); `clusters`, one label per row, to resample whole clusters (null: the row alone);
 * `clusterBy`, their name; `unit`; `smallest` (default 5), the minimum number of units for an interval;
 * `jackknife`, the leave-one-out values if a closed form is known; `draws`, all of `bootstrapDraws` if they were
 * made elsewhere
 * @returns an Estimate; n counts rows, clusters the resampled units
 * @throws RangeError for a level, resamples or seed out of range
 * @example
 * bootstrap([3, 5, 4, 8, 6, 5, 9], (rows) => Math.max(...rows), { method: "percentile" }).high // 9
 */
export function bootstrap<T>(
  sample: ArrayLike<T>,
  statistic: (rows: T[]) => number,
  {
    method = "bca",
    resamples = 9999,
    seed = 1,
    level = 0.95,
    clusters,
    clusterBy = "",
    unit,
    smallest = 5,
    jackknife,
    draws,
  }: {
    method?: "bca" | "percentile";
    resamples?: number;
    seed?: number;
    level?: number;
    clusters?: Labels;
    clusterBy?: string;
    unit?: string;
    smallest?: number;
    jackknife?: ArrayLike<number>;
    draws?: ArrayLike<number>;
  } = {},
): Estimate {
  checkLevel("bootstrap", level);
  checkChoice("bootstrap", "method", method, ["bca", "percentile"]);
  checkCount("bootstrap", "resamples", resamples, 1);
  const count = units("bootstrap", sample, clusters).count;
  const n = sample.length;
  const value = n === 0 ? Number.NaN : statistic(Array.from(sample));
  const estimate = defined({
    value,
    ...noEnds,
    level,
    method: `bootstrap-${method}`,
    n,
    clusters: count,
    clusterBy,
    resamples: draws?.length ?? resamples,
    unit,
  });
  if (n === 0) return withNotes(estimate, [reserve("none.counted", { counted: "observations" })]);
  if (count < smallest)
    return withNotes(estimate, [
      reserve("few.needed", {
        what: "a bootstrap interval",
        needed: smallest,
        counted: clusters === undefined ? "observations" : "clusters",
        has: count,
      }),
    ]);
  if (Number.isNaN(value)) return withNotes(estimate, [reserve("none.statistic")]);
  const all = draws ?? bootstrapDraws(sample, statistic, { from: 0, to: resamples, seed, clusters });
  const kept = Float64Array.from(all).filter((draw) => !Number.isNaN(draw));
  const lost = all.length - kept.length;
  if (lost > all.length / 20)
    return withNotes(estimate, [reserve("none.resamples", { lost, of: all.length })]);
  const leftOut = method === "bca" ? (jackknife ?? jackknifeValues(sample, statistic, clusters)) : [];
  const { low, high, note } = bootstrapBounds(kept, value, { level, method, jackknife: leftOut });
  const left =
    lost === 0
      ? undefined
      : reserve("left-out.of", { n: lost, of: all.length, counted: "resamples", why: "no number" });
  return withNotes({ ...estimate, low, high }, [note, left]);
}
