import type { Estimate } from "../../stats/estimate";
import { expectedRegret } from "../../stats/expectedRegret";
import { probabilityBest } from "../../stats/probabilityBest";
import { trueValueDraws } from "../../stats/trueValueDraws";
import type { Pair } from "./agreementSides";

/** The result of choosing a benchmark's first model. */
export interface Followed {
  first?: string;
  p_first_is_best?: number;
  regret?: Estimate;
  regret_random?: Estimate;
}

/**
 * The chance that a benchmark's first model is the best in production, and what choosing it costs, from joint draws of
 * the true values; empty if the metric has no errors or there are fewer than two models.
 */
export function followed(
  pair: Pair,
  { level, seed, resamples }: { level: number; seed: number; resamples: number },
): Followed {
  const { models, benchmark, benchmarkError, production, productionError, own, lowerIsBetter, unit } = pair;
  if (pair.first !== undefined && !models.includes(pair.first)) return { first: pair.first };
  if (productionError === undefined || models.length < 2) return {};
  const top = benchmark.reduce((most, score) => Math.max(most, score), -Infinity);
  const [leader] =
    pair.first !== undefined ? [pair.first] : models.filter((_, at) => benchmark[at] === top).toSorted();
  const drawn = trueValueDraws(
    { benchmark, production, productionError, benchmarkError },
    {
      seed,
      resamples,
    },
  );
  const at = drawn.kept.indexOf(models.indexOf(leader));
  if (at < 0) return { first: leader };
  const draws = drawn.production.map((model) => model.map(own));
  const options = { lowerIsBetter, level, unit };
  return {
    first: leader,
    p_first_is_best: probabilityBest(draws, { lowerIsBetter })[at],
    regret: expectedRegret(draws, at, options),
    regret_random: expectedRegret(draws, at, { ...options, against: "random" }),
  };
}
