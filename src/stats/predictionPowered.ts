import { boundedMeanDraws, middle } from "./boundedMean";
import { checkCount, checkLevel, checkSameLength } from "./checks";
import { type Estimate, noted } from "./estimate";
import { mean } from "./mean";
import { random } from "./random";
import { reserve } from "./reservation";

/** A judge's scores of items, with and without human labels; each from 0 to 1. */
export interface JudgedItems {
  /** The judge's scores of the items without a label. */
  judged: ArrayLike<number>;
  /** The judge's scores of the labelled items. */
  judgedLabelled: ArrayLike<number>;
  /** Human labels of the same items. */
  labels: ArrayLike<number>;
}

export interface PredictionPoweredOptions {
  /** How much the judge is trusted, from 0 (labels alone) to 1 (default). */
  weight?: number;
  /** Confidence of the interval (default 0.95). */
  level?: number;
  /** Resamples (default 4,999). */
  resamples?: number;
  /** Seed (default 1). */
  seed?: number;
}

export interface PoweredRate extends Estimate {
  /** The judge's mean over all items, uncorrected. */
  raw: number;
  /** The labels' mean alone. */
  labelled: number;
}

/**
 * A rate from many judged and few labelled items: the judge's mean over the unlabelled items plus the judge's mean
 * error on the labelled ones. It is unbiased whatever the judge's errors are.
 *
 * In: scores and labels from 0 to 1; the labelled items must be a random part of all. n counts all items, clusters
 * the labelled ones, which limit the certainty. Fewer than 2 labelled items, or no unlabelled ones: NaN, and the
 * note says so. The value and the interval are cut at 0 and 1. The interval resamples both kinds of items, with
 * one item's worth of doubt each.
 *
 * @remarks Method: "prediction-powered", Angelopoulos et al. 2023, https://doi.org/10.1126/science.adi6000.
 * @throws RangeError if lengths differ, a score is outside [0, 1] or an option is out of range.
 * @example
 * predictionPowered({ judged: [1, 0, 0, 1], judgedLabelled: [1, 0, 0, 1], labels: [1, 0, 0, 0] }).value // 0.25
 */
export function predictionPowered(items: JudgedItems, options: PredictionPoweredOptions = {}): PoweredRate {
  const { weight = 1, level = 0.95, resamples = 4_999, seed = 1 } = options;
  const { judged, judgedLabelled, labels } = items;
  checkLevel("predictionPowered", level);
  checkCount("predictionPowered", "resamples", resamples, 1);
  checkSameLength("predictionPowered", "judgedLabelled", judgedLabelled.length, "labels", labels.length);
  if (!(weight >= 0 && weight <= 1))
    throw new RangeError(`predictionPowered requires 0 <= weight <= 1, got ${weight}`);
  for (const side of [judged, judgedLabelled, labels])
    for (let i = 0; i < side.length; i++)
      if (!(side[i] >= 0 && side[i] <= 1))
        throw new RangeError(
          `predictionPowered requires scores from 0 to 1, got ${side[i]}; leave unjudged items out`,
        );
  const errors = Float64Array.from(labels, (label, i) => label - weight * judgedLabelled[i]);
  const all = judged.length + labels.length;
  const enough = labels.length > 1 && judged.length > 0;
  const value = enough ? clip(weight * mean(judged) + mean(errors)) : Number.NaN;
  let ends: [number, number] = [Number.NaN, Number.NaN];
  if (enough) {
    const generator = random(seed);
    const scores = boundedMeanDraws(judged, [0, 1], resamples, generator);
    const corrections = boundedMeanDraws(errors, [-weight, 1], resamples, generator);
    ends = middle(
      scores.map((score, i) => clip(weight * score + corrections[i])),
      level,
      value,
    );
  }
  return {
    value,
    low: ends[0],
    high: ends[1],
    level,
    method: "prediction-powered",
    n: all,
    clusters: labels.length,
    clusterBy: "labelled item",
    resamples,
    unit: "1",
    raw:
      all > 0
        ? (mean(judged) * judged.length || 0) / all + (mean(judgedLabelled) * labels.length || 0) / all
        : Number.NaN,
    labelled: mean(labels),
    ...noted([
      enough
        ? undefined
        : reserve("none.needs", { what: "at least 2 labelled items and 1 judged without a label" }),
    ]),
  };
}

function clip(rate: number): number {
  return Math.max(0, Math.min(1, rate));
}
