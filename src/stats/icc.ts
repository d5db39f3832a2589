import { checkChoice, checkCount, checkLevel } from "./checks";
import { fewerThan, fewNote } from "./clusterError";
import { defined } from "./defined";
import { type Estimate, noted } from "./estimate";
import { fisherFQuantile } from "./fisherF";
import { promptErrors } from "./promptSpread";
import { type Reservation, reserve } from "./reservation";
import { studentTQuantile } from "./studentT";
import { type PromptRuns, promptRuns, type VarianceMoments, varianceMoments } from "./varianceSplit";

export interface IccOptions {
  /**
   * "bootstrap" (default) holds for scores of any shape; "f" is Shrout and Fleiss's interval, exact for normal
   * scores and equal numbers of runs, but far too narrow for 0/1 scores that vary between prompts.
   */
  method?: "bootstrap" | "f";
  /** Confidence of the intervals (default 0.95). */
  level?: number;
  /** Reweightings of the prompts (default 1,999). */
  resamples?: number;
  /** Seed (default 1). */
  seed?: number;
  /** Unit of the variances: the score's, squared. */
  unit?: string;
}

export interface VarianceSplit extends VarianceMoments {
  /** Share of a run's variance that lies between prompts, ICC(1): 1 if all runs of a prompt agree. */
  icc: Estimate;
  /** Variance between prompts; chance can make it negative if there is none, and that is left visible. */
  between: Estimate;
  /** Variance between the runs of one prompt. */
  within: Estimate;
  /** The same share for the mean of a prompt's k0 runs, ICC(1, k). */
  iccOfMean: number;
  /** Mean square between over mean square within. */
  f: number;
  /** Variance of the mean over runs relative to as many independent runs: 1 + (sum k^2 / N - 1) icc. */
  designEffect: number;
}

/**
 * How much of the variation of repeated runs lies between prompts and how much between runs of one prompt:
 * one-way random effects, by analysis of variance.
 *
 * In: the scores of the runs, one array per prompt, or their count, mean and sum of squared distances from it.
 * NaN scores and prompts without scores are left out with a note. n counts the runs, clusters the prompts. Fewer
 * than 2 prompts, no prompt with 2 runs, or scores that are all the same: NaN, and the note says why. If no
 * prompt varies within, or the prompts' means are all equal, the values have no interval. The intervals resample
 * prompts: Student's t on P - 1 degrees around the logarithm of the mean squares, with the larger of the
 * standard errors of a Bayesian bootstrap and of the jackknife over prompts, never inside the F interval; a note
 * warns below 30 prompts and if the prompts' means are skewed.
 *
 * @remarks Method: "bootstrap-t"; "f" for method "f". Sources: Shrout & Fleiss 1979,
 * https://doi.org/10.1037/0033-2909.86.2.420; the difference of mean squares by Zou & Donner 2008,
 * https://doi.org/10.1002/sim.3095.
 * @throws RangeError if an option is out of range or a score is infinite.
 * @example
 * icc([[1, 0, 1, 1], [0, 0, 1, 0], [1, 1, 1, 1]]).icc.value.toFixed(3) // "0.385"
 */
export function icc(
  prompts: readonly (ArrayLike<number> | PromptRuns)[],
  options: IccOptions = {},
): VarianceSplit {
  const { method = "bootstrap", level = 0.95, resamples = 1_999, seed = 1, unit = "" } = options;
  checkChoice("icc", "method", method, ["bootstrap", "f"]);
  checkLevel("icc", level);
  checkCount("icc", "resamples", resamples, 2);
  const { kept, scale, notes } = scaledPrompts(prompts);
  const moments = varianceMoments(kept);
  const { k0, runs, meanSquareBetween: msb, meanSquareWithin: msw } = moments;
  const p = kept.length;
  const raw = p > 1 && runs > p ? (msb - msw) / k0 : Number.NaN;
  const share = (msb - msw) / (msb + (k0 - 1) * msw);
  const runSquares = kept.reduce((sum, prompt) => sum + prompt.runs ** 2, 0);
  let bounds = {
    icc: [Number.NaN, Number.NaN],
    between: [Number.NaN, Number.NaN],
    within: [Number.NaN, Number.NaN],
  };
  if (p < 2) notes.push(reserve("few.needed", { what: "a split", needed: 2, counted: "prompts", has: p }));
  else if (runs === p) notes.push(reserve("none.split"));
  else if (msb === 0 && msw === 0)
    notes.push(reserve("none.same", { what: "all scores", so: "nothing to split" }));
  else if (msw === 0) notes.push(reserve("none.apart", { what: "run differs from another of its prompt" }));
  else if (msb === 0)
    notes.push(reserve("none.same", { what: "the means of all prompts", so: "no interval" }));
  else if (p < 3) notes.push(fewerThan(3, "prompts", p));
  else bounds = splitBounds(kept, moments, method, level, resamples, seed);
  if (!Number.isNaN(bounds.icc[0])) {
    const skewness = skewnessOfMeans(kept);
    if (p < FEW) notes.push(fewNote(p, "prompts"));
    else if (Math.abs(skewness) > SKEWED) notes.push(reserve("method.skewed-means"));
  }
  if (raw < 0) notes.push(reserve("method.negative"));
  const estimate = (value: number, [low, high]: number[], of: string): Estimate =>
    defined({
      value,
      low,
      high,
      level,
      method: method === "f" ? "f" : "bootstrap-t",
      n: runs,
      clusters: p,
      clusterBy: "prompt",
      ...(method === "f" ? {} : { resamples }),
      unit: of,
      ...noted(notes),
    });
  const squared = scale * scale;
  const inUnit = (ends: number[]) => ends.map((end) => end * squared);
  return {
    prompts: p,
    runs,
    k0,
    meanSquareBetween: msb * squared,
    meanSquareWithin: msw * squared,
    icc: estimate(share, bounds.icc, "1"),
    between: estimate(raw * squared, inUnit(bounds.between), unit),
    within: estimate(msw * squared, inUnit(bounds.within), unit),
    iccOfMean: (msb - msw) / msb,
    f: msb / msw,
    designEffect: 1 + (runSquares / runs - 1) * share,
  };
}

/** Below this many prompts the interval for skewed scores covers less often than stated. */
const FEW = 30;
/**
 * Skewness from which the interval for the variance between prompts covers less often than stated, at any usual
 * number of prompts.
 */
const SKEWED = 0.8;

function skewnessOfMeans(prompts: readonly PromptRuns[]): number {
  const p = prompts.length;
  const mean = prompts.reduce((sum, prompt) => sum + prompt.mean / p, 0);
  const moment = (power: number) =>
    prompts.reduce((sum, prompt) => sum + (prompt.mean - mean) ** power / p, 0);
  return moment(3) / moment(2) ** 1.5;
}

/** Prompts with at least one score, in a fixed order, on a scale whose squares neither overflow nor vanish. */
function scaledPrompts(prompts: readonly (ArrayLike<number> | PromptRuns)[]): {
  kept: PromptRuns[];
  scale: number;
  notes: Reservation[];
} {
  let missing = 0;
  let empty = 0;
  let largest = 0;
  const given: (number[] | PromptRuns)[] = [];
  for (const prompt of prompts) {
    if ("runs" in prompt) {
      checkCount("icc", "number of runs", prompt.runs);
      largest = Math.max(largest, Math.abs(prompt.mean), Math.sqrt(prompt.squares));
      if (prompt.runs > 0) given.push(prompt);
      else empty++;
      continue;
    }
    const scores = Array.from(prompt).filter((score) => !Number.isNaN(score));
    missing += prompt.length - scores.length;
    for (const score of scores) {
      if (!Number.isFinite(score)) throw new RangeError(`icc requires finite scores, got ${score}`);
      largest = Math.max(largest, Math.abs(score));
    }
    if (scores.length > 0) given.push(scores);
    else empty++;
  }
  const scale = largest > 1e100 || (largest < 1e-100 && largest > 0) ? largest : 1;
  const kept = given.map((prompt) =>
    "runs" in prompt
      ? { runs: prompt.runs, mean: prompt.mean / scale, squares: prompt.squares / scale / scale }
      : promptRuns(scale === 1 ? prompt : prompt.map((score) => score / scale)),
  );
  kept.sort((a, b) => a.mean - b.mean || a.squares - b.squares || a.runs - b.runs);
  const without = { n: empty, of: prompts.length, counted: "prompts", why: "no score" };
  const notes = [
    ...(missing > 0 ? [reserve("left-out.runs", { n: missing })] : []),
    ...(empty > 0 ? [reserve("left-out.of", without)] : []),
  ];
  return { kept, scale, notes };
}

function splitBounds(
  kept: PromptRuns[],
  moments: VarianceMoments,
  method: "bootstrap" | "f",
  level: number,
  resamples: number,
  seed: number,
): { icc: number[]; between: number[]; within: number[] } {
  const { k0, runs, meanSquareBetween: msb, meanSquareWithin: msw } = moments;
  const p = kept.length;
  const tail = (1 + level) / 2;
  const f = msb / msw;
  const toIcc = (ratio: number) => (ratio - 1) / (ratio + k0 - 1);
  const fLow = f / fisherFQuantile(tail, p - 1, runs - p);
  const fHigh = f * fisherFQuantile(tail, runs - p, p - 1);
  // Chi-square limits of a mean square are F limits with infinite degrees on the other side.
  const chi = (square: number, degrees: number) => [
    square / fisherFQuantile(tail, degrees, ENDLESS),
    square / fisherFQuantile(1 - tail, degrees, ENDLESS),
  ];
  if (method === "f") {
    const within = chi(msw, runs - p);
    return {
      icc: [toIcc(fLow), toIcc(fHigh)],
      between: difference(msb, chi(msb, p - 1), msw, within, k0),
      within,
    };
  }
  const errors = promptErrors(kept, resamples, seed);
  const t = studentTQuantile(tail, p - 1);
  const around = (square: number, error: number) => [
    square * Math.exp(-t * error),
    square * Math.exp(t * error),
  ];
  const [low, high] = around(f, errors.logRatio);
  const within = around(msw, errors.logWithin);
  const mover = difference(msb, around(msb, errors.logBetween), msw, within, k0);
  const raw = (msb - msw) / k0;
  return {
    icc: [toIcc(Math.min(low, fLow)), toIcc(Math.max(high, fHigh))],
    // Mean squares of 0/1 scores depend on each other, which the difference of two intervals cannot see.
    between: [Math.min(mover[0], raw - t * errors.between), Math.max(mover[1], raw + t * errors.between)],
    within,
  };
}

const ENDLESS = 1e9;

/** Limits of (between - within) / k0 from the limits of both mean squares. */
function difference(msb: number, between: number[], msw: number, within: number[], k0: number): number[] {
  return [
    (msb - msw - Math.hypot(msb - between[0], within[1] - msw)) / k0,
    (msb - msw + Math.hypot(between[1] - msb, msw - within[0])) / k0,
  ];
}
