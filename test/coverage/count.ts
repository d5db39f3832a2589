import { random } from "../../src/stats/random";
import type { Cell } from "./cell";

/** The results of a cell's runs. */
export interface Count {
  name: string;
  runs: number;
  /** Runs with two finite ends, and those of them that hold the truth, lie above it or below it. */
  twoSided: number;
  covered: number;
  above: number;
  below: number;
  /** Runs with an infinite end, and with no interval. */
  unbounded: number;
  refused: number;
  /** Two-sided runs whose estimate carries a note. */
  noted: number;
}

/** A random stream number from a cell's name, so that a cell gives the same result alone or with others. */
function streamOf(name: string): number {
  let hash = 2166136261;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 16777619);
  return hash >>> 0;
}

/** Runs a cell and counts. */
export function countCoverage({ name, truth, simulate }: Cell, runs: number): Count {
  const count: Count = {
    name,
    runs,
    twoSided: 0,
    covered: 0,
    above: 0,
    below: 0,
    unbounded: 0,
    refused: 0,
    noted: 0,
  };
  const stream = streamOf(name) * 2 ** 16;
  for (let run = 0; run < runs; run++) {
    const { low, high, note } = simulate(random(1, stream + run));
    if (Number.isNaN(low) || Number.isNaN(high)) count.refused++;
    else if (!Number.isFinite(low) || !Number.isFinite(high)) count.unbounded++;
    else {
      count.twoSided++;
      if (note !== undefined) count.noted++;
      // A rounded truth may differ in the last digit.
      const slack = 1e-12 * Math.abs(truth);
      if (low > truth + slack) count.above++;
      else if (high < truth - slack) count.below++;
      else count.covered++;
    }
  }
  return count;
}
