import type { Estimate } from "./estimate";
import { checkSeparation, rankEstimates } from "./rankSets";
import { type ScoredModels, type SeparationOptions, uncertainty } from "./separation";
import { significantPairs } from "./significantPairs";

export interface Tiers {
  /**
   * The maximum number of models that stand above one another: the longest chain of significantly different ones.
   */
  tiers: number;
  /** The tier of each model, 1 is best; NaN without a score. */
  tier: number[];
  /** Share of pairs whose own intervals do not overlap (Li et al. 2024, https://arxiv.org/abs/2406.11939). */
  separability: number;
  /** Share of pairs that differ significantly, all pairs at once. */
  distinguishable: number;
  /** Each model's rank, with the ranks it may truly have. */
  ranks: Estimate[];
  /** Each model's own interval, at `level`. */
  low: number[];
  high: number[];
}

/**
 * How many tiers a leaderboard really has, and which models can be told apart.
 *
 * In: scores with standard errors, bounds, item counts or joint bootstrap draws; n counts the models with a
 * score. A model's tier is one more than the longest chain of models significantly better than it. With one
 * tier the leaderboard cannot rank these models. The shares are NaN for fewer than two models.
 *
 * @remarks Methods: as `rankSets`; separability by each model's own interval.
 * @throws TypeError unless exactly one kind of uncertainty is given; RangeError if lengths or options are wrong.
 * @example
 * tiers({ scores: [90, 80, 79], errors: [1, 1, 1] }).tiers // 2
 */
export function tiers(input: ScoredModels, options: SeparationOptions = {}): Tiers {
  checkSeparation("tiers", options);
  const { scores } = input;
  const m = scores.length;
  const known = uncertainty("tiers", input, options);
  const better = significantPairs(scores, known, options);
  const sign = options.lowerIsBetter ? 1 : -1;
  const bestFirst = Array.from({ length: m }, (_, i) => i)
    .filter((i) => !Number.isNaN(scores[i]))
    .sort((i, j) => sign * (scores[i] - scores[j]) || 0);
  const tier = new Array<number>(m).fill(Number.NaN);
  for (const i of bestFirst) {
    tier[i] = 1;
    for (const j of bestFirst) if (better[j * m + i]) tier[i] = Math.max(tier[i], tier[j] + 1);
  }
  let apart = 0;
  let different = 0;
  for (const i of bestFirst)
    for (const j of bestFirst) {
      if (known.low[i] > known.high[j]) apart++;
      different += better[i * m + j];
    }
  const pairs = (bestFirst.length * (bestFirst.length - 1)) / 2;
  return {
    tiers: bestFirst.reduce((most, i) => Math.max(most, tier[i]), 0),
    tier,
    separability: pairs > 0 ? apart / pairs : Number.NaN,
    distinguishable: pairs > 0 ? different / pairs : Number.NaN,
    ranks: rankEstimates(scores, better, { ...options, resamples: known.draws }),
    low: Array.from(known.low),
    high: Array.from(known.high),
  };
}
