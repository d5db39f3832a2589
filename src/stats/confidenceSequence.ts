import { checkCount, checkLevel } from "./checks";
import { defined } from "./defined";
import { type Estimate, type Note, noted } from "./estimate";
import { reserve } from "./reservation";

/** What a running comparison has seen so far. */
export interface RunningMean {
  /** The mean, a difference of means, or anything else that has a standard error. */
  value: number;
  /** Its fixed-sample standard error: standard deviation over the root of n, clusters included. */
  error: number;
  /** Independent units behind it. */
  n: number;
}

export interface ConfidenceSequenceOptions {
  /** Confidence over all looks together (default 0.95). */
  level?: number;
  /** Number of units at which the interval is narrowest; set it before the first look (default 1,000). */
  bestAt?: number;
  /** Unit of the value. */
  unit?: string;
}

/**
 * An interval that may be checked after every new value, so that the comparison can stop at any look: with
 * confidence `level` it contains the truth at all looks together.
 *
 * In: a running mean with its standard error; n and clusters are its independent units. Wider than an ordinary
 * interval (about 1.5 times at `bestAt`). It relies on the running mean being normal, hence a note below 100
 * units; no units or an unknown error give NaN. Set `bestAt` once: choosing it from the data voids the
 * guarantee.
 *
 * @remarks Method: "asymptotic-confidence-sequence", Waudby-Smith, Arbour, Sinha, Kennedy & Ramdas 2024,
 * https://doi.org/10.1214/24-AOS2408.
 * @throws RangeError if n is not whole, the error is negative or an option is out of range.
 * @example
 * confidenceSequence({ value: 1, error: 0.1, n: 1000 }).high.toFixed(3) // "1.304"
 */
export function confidenceSequence(seen: RunningMean, options: ConfidenceSequenceOptions = {}): Estimate {
  const { level = 0.95, bestAt = 1_000, unit } = options;
  const { value, error, n } = seen;
  checkLevel("confidenceSequence", level);
  checkCount("confidenceSequence", "n", n);
  checkCount("confidenceSequence", "bestAt", bestAt, 1);
  if (error < 0) throw new RangeError(`confidenceSequence requires error >= 0, got ${error}`);
  const alpha = 1 - level;
  const spread = -2 * Math.log(alpha);
  const squared = (spread + Math.log(spread + 1)) / bestAt;
  const grown = n * squared + 1;
  const reach = error * Math.sqrt((2 * grown * Math.log(Math.sqrt(grown) / alpha)) / (n * squared));
  const known = n > 0 && Number.isFinite(reach) && Number.isFinite(value);
  let note: Note;
  if (!known) note = reserve("none.needs", { what: "values with a known standard error" });
  else if (error === 0) note = reserve("none.same", { what: "all values so far", so: "no interval yet" });
  else if (n < 100) note = reserve("few.large", { n, few: 100 });
  const ends = known && error > 0;
  return defined({
    value,
    low: ends ? value - reach : Number.NaN,
    high: ends ? value + reach : Number.NaN,
    level,
    method: "asymptotic-confidence-sequence",
    n,
    clusters: n,
    clusterBy: "",
    unit,
    ...noted([note]),
  });
}
