import { checkCount, checkLevel } from "./checks";
import { type Estimate, noted } from "./estimate";
import { midranks } from "./midranks";
import { reserve } from "./reservation";
import { type ScoredModels, type SeparationOptions, uncertainty } from "./separation";
import { significantPairs } from "./significantPairs";

/**
 * The ranks each model may truly have, for all models at once: with confidence `level` every true rank lies in
 * its set.
 *
 * In: scores with standard errors, bounds, item counts or joint bootstrap draws; out: for each model its rank (1
 * the best, ties sharing the mean) with low = 1 + the models significantly better and high = models less those
 * significantly worse. n and clusters count the models with a score; a model without a score has no rank (NaN),
 * and one without a known error can have any rank. With `runs` the variance from run to run is one that few runs may
 * have as well, drawn anew each time.
 *
 * @remarks Method "rank-set": simultaneous intervals of all differences, studentised maximum with stepdown, Mogstad,
 * Romano, Shaikh & Wilhelm 2023, https://doi.org/10.1093/restud/rdad006. Resampling the ranks themselves fails near
 * ties. Variances from few runs as in generalised confidence intervals, Weerahandi 1993,
 * https://doi.org/10.1080/01621459.1993.10476355.
 * @throws TypeError unless exactly one kind of uncertainty is given; RangeError if lengths or options are wrong.
 * @example
 * rankSets({ scores: [90, 80, 79], errors: [1, 1, 1] }).map((rank) => [rank.low, rank.high]) // [ [ 1, 1 ], [ 2, 3 ], [ 2, 3 ] ]
 */
export function rankSets(input: ScoredModels, options: SeparationOptions = {}): Estimate[] {
  checkSeparation("rankSets", options);
  const known = uncertainty("rankSets", input, options);
  const better = significantPairs(input.scores, known, options);
  return rankEstimates(input.scores, better, { ...options, resamples: known.draws });
}

export function checkSeparation(caller: string, options: SeparationOptions): void {
  checkLevel(caller, options.level ?? 0.95);
  checkCount(caller, "resamples", options.resamples ?? 1, 1);
}

/** Rank sets from the decided pairs. */
export function rankEstimates(
  scores: ArrayLike<number>,
  better: Uint8Array,
  options: SeparationOptions,
): Estimate[] {
  const m = scores.length;
  const sign = options.lowerIsBetter ? 1 : -1;
  const ranks = midranks(Float64Array.from(scores, (score) => sign * score));
  const scored = ranks.filter((rank) => !Number.isNaN(rank)).length;
  return Array.from(ranks, (value, i) => {
    let above = 0;
    let below = 0;
    for (let j = 0; j < m; j++) {
      above += better[j * m + i];
      below += better[i * m + j];
    }
    const missing = Number.isNaN(value);
    return {
      value,
      low: missing ? Number.NaN : 1 + above,
      high: missing ? Number.NaN : scored - below,
      level: options.level ?? 0.95,
      method: "rank-set",
      n: scored,
      clusters: scored,
      clusterBy: "model",
      ...(options.resamples === undefined ? {} : { resamples: options.resamples }),
      unit: "rank",
      ...noted([missing ? reserve("none.counted", { counted: "score" }) : undefined]),
    };
  });
}
