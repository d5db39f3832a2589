import { random } from "./random";
import { type PromptRuns, type VarianceMoments, varianceMoments } from "./varianceSplit";

/**
 * Standard errors over prompts: of the logarithms of the mean squares, of their difference, and of the raw split.
 */
export interface PromptErrors {
  logRatio: number;
  logBetween: number;
  logWithin: number;
  /** Standard error of the variance between prompts, by the jackknife alone. */
  between: number;
}

/** Above this many prompts bootstrap and jackknife agree, and the jackknife takes one pass. */
const MOST_RESAMPLED = 1_000;
/** Half a prompt's worth of doubt: a prompt that varies within as much as all runs taken together. */
const DOUBT = 0.5;

type Statistic = (moments: VarianceMoments) => number;

const STATISTICS: Statistic[] = [
  (m) => Math.log(m.meanSquareBetween / m.meanSquareWithin),
  (m) => Math.log(m.meanSquareBetween),
  (m) => Math.log(m.meanSquareWithin),
  (m) => (m.meanSquareBetween - m.meanSquareWithin) / m.k0,
];

/**
 * How far the mean squares vary from one set of prompts to the next: the larger of the bootstrap's and the
 * jackknife's standard error. Each fails where the other works: the bootstrap for skewed prompts, the jackknife if
 * few prompts vary within.
 */
export function promptErrors(prompts: readonly PromptRuns[], resamples: number, seed: number): PromptErrors {
  const jackknife = jackknifeErrors(prompts);
  const bootstrap = prompts.length > MOST_RESAMPLED ? jackknife : bootstrapErrors(prompts, resamples, seed);
  return {
    logRatio: Math.max(jackknife[0], bootstrap[0]),
    logBetween: Math.max(jackknife[1], bootstrap[1]),
    logWithin: Math.max(jackknife[2], bootstrap[2]),
    between: jackknife[3],
  };
}

function jackknifeErrors(prompts: readonly PromptRuns[]): number[] {
  const p = prompts.length;
  const leaveOut = leaveOneOut(prompts);
  return STATISTICS.map((statistic) => {
    const values = leaveOut.map(statistic).filter(Number.isFinite);
    const mean = values.reduce((sum, value) => sum + value / values.length, 0);
    const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    return Math.sqrt((squares / values.length) * (p - 1));
  });
}

/** The moments without each prompt in turn, computed in one pass by differences. */
function leaveOneOut(prompts: readonly PromptRuns[]): VarianceMoments[] {
  const { prompts: p, runs } = varianceMoments(prompts);
  const runSquares = prompts.reduce((sum, { runs: k }) => sum + k * k, 0);
  const mean = prompts.reduce((sum, prompt) => sum + (prompt.runs / runs) * prompt.mean, 0);
  const between = prompts.reduce((sum, prompt) => sum + prompt.runs * (prompt.mean - mean) ** 2, 0);
  const within = prompts.reduce((sum, prompt) => sum + prompt.squares, 0);
  return prompts.map(({ runs: k, mean: own, squares }) => {
    const rest = runs - k;
    // Without the prompt, the mean moves by k (mean - own) / rest, which takes away this much more.
    const without = between - k * (own - mean) ** 2 * (runs / rest);
    return {
      prompts: p - 1,
      runs: rest,
      k0: (rest - (runSquares - k * k) / rest) / (p - 2),
      meanSquareBetween: Math.max(0, without) / (p - 2),
      meanSquareWithin: Math.max(0, within - squares) / (rest - p + 1),
    };
  });
}

/** Bayesian bootstrap over prompts: exponential weights, which never drop all of the varying prompts. */
function bootstrapErrors(prompts: readonly PromptRuns[], resamples: number, seed: number): number[] {
  const p = prompts.length;
  const generator = random(seed);
  const all = varianceMoments(prompts);
  const mean = prompts.reduce((sum, prompt) => sum + (prompt.runs / all.runs) * prompt.mean, 0);
  const k = all.runs / p;
  const total = all.meanSquareBetween * (p - 1) + all.meanSquareWithin * (all.runs - p);
  const doubted = [...prompts, { runs: k, mean, squares: ((k - 1) * total) / (all.runs - 1) }];
  const weights = new Float64Array(p + 1);
  const sums = STATISTICS.map(() => ({ n: 0, mean: 0, squares: 0 }));
  for (let b = 0; b < resamples; b++) {
    let sum = 0;
    for (let i = 0; i < p; i++) sum += weights[i] = generator.exponential();
    for (let i = 0; i < p; i++) weights[i] *= p / sum;
    weights[p] = DOUBT * generator.exponential();
    const moments = varianceMoments(doubted, weights);
    STATISTICS.forEach((statistic, s) => {
      const value = statistic(moments);
      if (!Number.isFinite(value)) return;
      const state = sums[s];
      state.n++;
      const step = value - state.mean;
      state.mean += step / state.n;
      state.squares += step * (value - state.mean);
    });
  }
  // Weights with variance 1 underestimate, just as n instead of n - 1 does.
  return sums.map(({ n, squares }) => Math.sqrt((squares / (n - 1)) * ((p + 1) / (p - 1))));
}
