import { checkLevel } from "./checks";
import { defined } from "./defined";
import { type Estimate, noted } from "./estimate";
import { reserve } from "./reservation";

/**
 * The lower bound of a ratio whose denominator counts events, when no event was seen.
 *
 * @remarks Method: the numerator over the one-sided upper bound of Clopper & Pearson (1934),
 * doi:10.1093/biomet/26.4.404, for the number of events; each effective cluster counts as one trial.
 * @param numerator the sum above the line (all that was spent)
 * @param options `trials`: how many could have been events (tasks whose outcome is known); `clusters` and
 * `effective`: independent units behind them, and how many clusters of equal size they are worth (default the
 * trials); `level` (0.95); `clusterBy`; `unit`; `counted`, what a trial is, for the note
 * @returns an Estimate of value NaN, from `low` to Infinity; n counts trials. NaN ends without trials.
 * @throws RangeError for a level outside (0, 1)
 * @example
 * ratioLowerBound(12, { trials: 10 }).low.toFixed(2) // "4.64"
 */
export function ratioLowerBound(
  numerator: number,
  {
    trials,
    clusters = trials,
    effective = clusters,
    level = 0.95,
    clusterBy = "",
    unit,
    counted = "trials",
  }: {
    trials: number;
    clusters?: number;
    effective?: number;
    level?: number;
    clusterBy?: string;
    unit?: string;
    counted?: string;
  },
): Estimate {
  checkLevel("ratioLowerBound", level);
  // The largest rate at which no event among this many trials would still happen one time in twenty.
  const share = 1 - (1 - level) ** (1 / Math.min(trials, effective));
  const known = trials > 0 && numerator >= 0;
  return defined({
    value: Number.NaN,
    low: known ? numerator / (trials * share) : Number.NaN,
    high: known ? Number.POSITIVE_INFINITY : Number.NaN,
    level,
    method: "clopper-pearson",
    n: trials,
    clusters,
    clusterBy,
    unit,
    ...noted([
      known ? reserve("none.lower-bound", { trials, counted }) : reserve("none.counted", { counted }),
    ]),
  });
}
