import { normalCdf } from "./normal";
import type { Random } from "./random";
import { findRoot } from "./root";
import { deviations } from "./studentisedRange";

/** How scores vary from run to run, as the runs themselves show it: roughly, where they are few. */
export interface RunSpread {
  /** The variance of the score of one run, beyond what all runs share. */
  variance: number;
  /** Its degrees of freedom: of each model the runs less 1, summed. */
  degrees: number;
  /** The runs behind each score. */
  counts: ArrayLike<number>;
}

/** The error of each score from both what its runs share and what they do not, at one variance of the runs. */
const bothErrors = (errors: ArrayLike<number>, { counts }: RunSpread, variance: number): Float64Array =>
  Float64Array.from(errors, (error, i) => Math.sqrt(error * error + variance / counts[i]));

/** The error of each score at the variance of the runs that was seen. */
export const errorsWithRuns = (errors: ArrayLike<number>, runs: RunSpread): Float64Array =>
  bothErrors(errors, runs, runs.variance);

/**
 * The errors at another variance that the runs may have as well: what was seen over a chi-square and times its degrees.
 *
 * @remarks Weerahandi 1993, https://doi.org/10.1080/01621459.1993.10476355.
 */
export const drawnErrors = (errors: ArrayLike<number>, runs: RunSpread, { gamma }: Random): Float64Array =>
  bothErrors(errors, runs, (runs.variance * runs.degrees) / (2 * gamma(runs.degrees / 2)));

/** How far the interval of each score alone reaches to either side, over all variances that the runs may have. */
export function reachWithRuns(errors: ArrayLike<number>, runs: RunSpread, level: number): Float64Array {
  const spread = deviations(runs.degrees);
  return errorsWithRuns(errors, runs).map((error, i) => {
    if (!(error > 0) || error === Infinity) return error;
    const own = spread.map(([deviation, chance]): [number, number] => [
      Math.hypot(errors[i], Math.sqrt(runs.variance / runs.counts[i]) / deviation) / error,
      chance,
    ]);
    const beyond = (log: number) =>
      own.reduce((sum, [scale, chance]) => sum + chance * normalCdf(-Math.exp(log) / scale), 0);
    return error * Math.exp(findRoot((log) => (1 - level) / 2 - beyond(log), -7, 18, 1e-10));
  });
}
