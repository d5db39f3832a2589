import type { SelectOptions } from "../facts/select";
import { checkLevel } from "../stats/checks";

/** What every measure takes: which calls, told apart how, and how sure the interval is to be. */
export interface MeasureOptions extends SelectOptions {
  /** Confidence of the intervals. Default 0.95. */
  level?: number;
  /** "auto" (default): each number's own best interval. "bootstrap": a bootstrap interval for every number. */
  interval?: "auto" | "bootstrap";
  /** Random seed. Default 1. */
  seed?: number;
}

/** Checks the options that the selection does not check itself. */
export function checkOptions(measure: string, { level = 0.95, interval = "auto" }: MeasureOptions): void {
  checkLevel(measure, level);
  if (interval !== "auto" && interval !== "bootstrap") {
    throw new RangeError(`${measure} requires interval "auto" or "bootstrap", got "${String(interval)}"`);
  }
}
