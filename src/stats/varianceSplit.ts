/** The runs of one prompt: how many, their mean, and the sum of their squared distances from it. */
export interface PromptRuns {
  runs: number;
  mean: number;
  squares: number;
}

/** Moments of the one-way random-effects model. */
export interface VarianceMoments {
  prompts: number;
  runs: number;
  /** The number of runs per prompt that unequal prompts are worth: (N - sum k^2 / N) / (P - 1). */
  k0: number;
  meanSquareBetween: number;
  meanSquareWithin: number;
}

/** The runs of one prompt from their values. */
export function promptRuns(values: ArrayLike<number>): PromptRuns {
  const runs = values.length;
  let mean = 0;
  for (let i = 0; i < runs; i++) mean += values[i] / runs;
  // A second pass removes the rounding error of the first: equal values have no spread at all.
  let rest = 0;
  for (let i = 0; i < runs; i++) rest += (values[i] - mean) / runs;
  mean += rest;
  let squares = 0;
  for (let i = 0; i < runs; i++) squares += (values[i] - mean) ** 2;
  let equal = true;
  for (let i = 1; i < runs; i++) equal &&= values[i] === values[0];
  return equal && runs > 0 ? { runs, mean: values[0], squares: 0 } : { runs, mean, squares };
}

/** Mean squares between and within prompts, with each prompt counting `weights` times. */
export function varianceMoments(
  prompts: readonly PromptRuns[],
  weights?: ArrayLike<number>,
): VarianceMoments {
  let count = 0;
  let runs = 0;
  let runSquares = 0;
  let total = 0;
  let within = 0;
  for (let i = 0; i < prompts.length; i++) {
    const w = weights ? weights[i] : 1;
    const k = prompts[i].runs;
    count += w;
    runs += w * k;
    runSquares += w * k * k;
    total += w * k * prompts[i].mean;
    within += w * prompts[i].squares;
  }
  const mean = total / runs;
  let between = 0;
  for (let i = 0; i < prompts.length; i++) {
    const w = weights ? weights[i] : 1;
    between += w * prompts[i].runs * (prompts[i].mean - mean) ** 2;
  }
  return {
    prompts: count,
    runs,
    k0: (runs - runSquares / runs) / (count - 1),
    meanSquareBetween: between / (count - 1),
    meanSquareWithin: within / (runs - count),
  };
}
