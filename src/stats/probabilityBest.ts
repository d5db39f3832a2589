import { checkCount } from "./checks";

/** Joint draws: one array per model, all of the same length, whose i-th entries belong together. */
export type JointDraws = readonly ArrayLike<number>[];

export interface ProbabilityBestOptions {
  /** Whether small is good: cost, latency (default false). */
  lowerIsBetter?: boolean;
  /** The probability of being among this many best (default 1). */
  top?: number;
}

/**
 * The probability that each model is the best, from joint draws of their true values.
 *
 * In: one array of draws per model, all of the same length; out: one probability per model, summing to `top`. A
 * tie is shared equally. A NaN is never best; a draw in which all are NaN does not count; NaN if no draw counts.
 * The Monte Carlo standard error is at most 0.5 / sqrt(draws).
 *
 * @throws RangeError if the arrays differ in length, were sorted one by one, or `top` exceeds the number of
 * models.
 * @example
 * probabilityBest([[1, 2, 3, 4], [4, 3, 2, 1]]) // Float64Array(2) [ 0.5, 0.5 ]
 */
export function probabilityBest(draws: JointDraws, options: ProbabilityBestOptions = {}): Float64Array {
  const { lowerIsBetter = false, top = 1 } = options;
  const models = draws.length;
  checkCount("probabilityBest", "top", top, 1);
  const count = drawCount("probabilityBest", draws);
  checkJoint("probabilityBest", draws);
  if (models > 0 && top > models)
    throw new RangeError(`probabilityBest requires top <= ${models}, the number of models, got ${top}`);
  const sign = lowerIsBetter ? -1 : 1;
  const wins = new Float64Array(models);
  let counted = 0;
  for (let draw = 0; draw < count; draw++) {
    let any = false;
    for (let i = 0; i < models; i++) {
      const value = sign * draws[i][draw];
      if (Number.isNaN(value)) continue;
      any = true;
      let better = 0;
      let tied = 0;
      for (let j = 0; j < models; j++) {
        const other = sign * draws[j][draw];
        if (other > value) better++;
        else if (other === value) tied++;
      }
      // A tie across the boundary shares the remaining places.
      if (better < top) wins[i] += Math.min(1, (top - better) / tied);
    }
    if (any) counted++;
  }
  return wins.map((win) => (counted === 0 ? Number.NaN : win / counted));
}

/** The common length of the arrays. */
export function drawCount(caller: string, draws: JointDraws): number {
  const count = draws.length === 0 ? 0 : draws[0].length;
  for (const model of draws)
    if (model.length !== count)
      throw new RangeError(
        `${caller} requires draws of one length for all models, got ${count} and ${model.length}`,
      );
  return count;
}

/** True if the draws of every model that varies are sorted, so that they no longer belong together. */
export function areSorted(draws: JointDraws): boolean {
  const varying = draws.filter((model) => model.length > 9 && model[0] !== model[model.length - 1]);
  return (
    varying.length > 1 &&
    varying.every((model) => {
      for (let i = 1; i < model.length; i++) if (!(model[i] >= model[i - 1])) return false;
      return true;
    })
  );
}

/** Refuses draws that were sorted one model at a time: the best model of a draw would mean nothing. */
export function checkJoint(caller: string, draws: JointDraws): void {
  if (areSorted(draws))
    throw new RangeError(
      `${caller} requires joint draws, got draws sorted for each model; pass them in the order drawn`,
    );
}
