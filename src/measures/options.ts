import type { SelectOptions } from "../facts/select";
import { checkCount, checkLevel } from "../stats/checks";

/** The options of every measure: which calls, how they are grouped, and the confidence of the intervals. */
export interface MeasureOptions extends SelectOptions {
  /** Confidence of the intervals. Default 0.95. */
  level?: number;
  /**
   * "auto" (default): the best kind of interval for each number. "bootstrap": a bootstrap interval for every
   * number.
   */
  interval?: "auto" | "bootstrap";
  /** Random seed, a whole number >= 0. Default 1. */
  seed?: number;
}

/** Checks the options that the selection does not check itself. */
export function checkOptions(
  measure: string,
  { level = 0.95, interval = "auto", seed = 1 }: MeasureOptions,
): void {
  checkLevel(measure, level);
  checkCount(measure, "seed", seed);
  if (interval !== "auto" && interval !== "bootstrap") {
    throw new RangeError(`${measure} requires interval "auto" or "bootstrap", got "${String(interval)}"`);
  }
}
