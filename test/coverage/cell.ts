import type { Estimate } from "../../src/stats/estimate";
import type { Random } from "../../src/stats/random";

/** One world and one interval method, whose coverage of a known truth is counted. */
export interface Cell {
  /** Words from general to specific: "quantile p99 lognormal n=1000". */
  name: string;
  /** What the intervals are about. */
  truth: number;
  /** Draws one sample and computes its interval, using only the given random numbers. */
  simulate: (random: Random) => Estimate;
}

/** A world of positive values with its mean and quantiles. */
export interface World {
  name: string;
  draw: (random: Random) => number;
  mean: number;
  quantile: (p: number) => number;
}
