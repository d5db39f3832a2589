import type { Truth } from "../../src/demo/truth/truth";
import type { Estimate } from "../../src/stats/estimate";
import { keyOf } from "./measured";

/** The results over seeds for one number of one model and workload. */
export interface Cell {
  key: string;
  measure: string;
  /** By seed: 1 if the interval holds the truth, 0 if not, NaN without an interval. */
  hits: number[];
  /** Seeds whose interval lies above the truth, and below it. */
  above: number;
  below: number;
  /** Seeds with an infinite end. */
  open: number;
}

/** The true values by key. */
export function truthByKey(truth: Truth): Map<string, number> {
  const known = new Map<string, number>();
  for (const { by, measures } of truth.rows) {
    if (Object.keys(by).join() !== "workload,model") continue;
    for (const [name, { value }] of Object.entries(measures))
      if (value !== null) known.set(keyOf(by.workload, by.model, name), value);
  }
  return known;
}

/** Adds the estimates of one seed. */
export function tally(
  cells: Map<string, Cell>,
  found: Map<string, Estimate>,
  truth: Map<string, number>,
): void {
  for (const [key, { low, high }] of found) {
    const value = truth.get(key);
    if (value === undefined) continue;
    const cell = cells.get(key) ?? { key, measure: key.split("|")[2], hits: [], above: 0, below: 0, open: 0 };
    cells.set(key, cell);
    // The truth is kept to seven digits.
    const slack = 1e-6 * Math.abs(value);
    if (Number.isNaN(low) || Number.isNaN(high)) cell.hits.push(Number.NaN);
    else {
      if (!Number.isFinite(low) || !Number.isFinite(high)) cell.open++;
      if (low > value + slack) cell.above++;
      if (high < value - slack) cell.below++;
      cell.hits.push(low > value + slack || high < value - slack ? 0 : 1);
    }
  }
}
