import { boundedMeanDraws, middle } from "./boundedMean";
import { checkCount, checkLevel } from "./checks";
import { defined } from "./defined";
import { type Estimate, noted } from "./estimate";
import { mean } from "./mean";
import { random } from "./random";
import { type Reservation, reserve } from "./reservation";

export interface PromptAverageOptions {
  /** Confidence of the interval (default 0.95). */
  level?: number;
  /** Resamples of the prompts (default 4,999). */
  resamples?: number;
  /** Seed (default 1). */
  seed?: number;
}

/**
 * The mean over prompts of a share computed for each: pass@k, pass^k, agreement of outputs, the share of valid
 * outputs.
 *
 * In: one number from 0 to 1 per prompt; NaN, for a prompt without the share, is left out with a note. n and
 * clusters count the remaining prompts. The interval resamples prompts with one prompt's worth of doubt, half at 0
 * and half at 1, so that identical prompts are not shown as certainty. No prompt: NaN; one prompt: the note says
 * how little that is.
 *
 * @remarks Method: "bootstrap-posterior" (Rubin 1981, https://doi.org/10.1214/aos/1176345338).
 * @throws RangeError if a share is outside [0, 1] or an option is out of range.
 * @example
 * promptAverage([0.5, 1, 0, 1]).value // 0.625
 */
export function promptAverage(shares: ArrayLike<number>, options: PromptAverageOptions = {}): Estimate {
  const { level = 0.95, resamples = 4_999, seed = 1 } = options;
  checkLevel("promptAverage", level);
  checkCount("promptAverage", "resamples", resamples, 1);
  const kept = Array.from(shares).filter((share) => !Number.isNaN(share));
  for (const share of kept)
    if (!(share >= 0 && share <= 1))
      throw new RangeError(`promptAverage requires shares from 0 to 1, got ${share}`);
  const notes: Reservation[] = [];
  const lost = shares.length - kept.length;
  if (lost > 0)
    notes.push(reserve("left-out.of", { n: lost, of: shares.length, counted: "prompts", why: "no value" }));
  if (kept.length === 0) notes.push(reserve("none.counted", { counted: "prompt" }));
  if (kept.length === 1) notes.push(reserve("few.one", { what: "prompt" }));
  const value = mean(kept);
  const [low, high] =
    kept.length === 0
      ? [Number.NaN, Number.NaN]
      : middle(boundedMeanDraws(kept, [0, 1], resamples, random(seed)), level, value);
  return defined({
    value,
    low,
    high,
    level,
    method: "bootstrap-posterior",
    n: kept.length,
    clusters: kept.length,
    clusterBy: "prompt",
    resamples,
    unit: "1",
    ...noted(notes),
  });
}
