import { checkCount } from "./checks";
import { completePairs, orderedPairs } from "./pairs";
import { random } from "./random";

export interface ResampleRanksOptions {
  /** Resamples (default 9,999). */
  resamples?: number;
  /** Seed (default 1). */
  seed?: number;
}

/**
 * Spearman's correlation in each of many resamples of the models, drawn with replacement.
 *
 * In: one pair per model, pairs with a NaN left out; out: one correlation per resample, NaN if a resample has only
 * one value on a side. The ranks of a resample come from how often each model was drawn, added up over the models
 * in sorted order, so that nothing is sorted again. A naive percentile interval of these covers too little below
 * 50 models: `rankCorrelationOverModels` is better calibrated.
 *
 * @throws RangeError if the sides differ in length or an option is out of range.
 * @example
 * resampleSpearman([1, 2, 3], [1, 2, 3], { resamples: 2 }).length // 2
 */
export function resampleSpearman(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  options: ResampleRanksOptions = {},
): Float64Array {
  const { resamples = 9_999, seed = 1 } = options;
  checkCount("resampleSpearman", "resamples", resamples, 1);
  const complete = completePairs("resampleSpearman", x, y, { nan: "drop" })!;
  const pairs = orderedPairs(complete.x, complete.y);
  const n = pairs.x.length;
  const out = new Float64Array(resamples).fill(Number.NaN);
  if (n < 2) return out;
  const generator = random(seed);
  const weights = new Int32Array(n);
  const ranksX = new Int32Array(n);
  const ranksY = new Int32Array(n);
  const rankX = prepareRanks(pairs.x);
  const rankY = prepareRanks(pairs.y);
  for (let b = 0; b < resamples; b++) {
    weights.fill(0);
    for (let i = 0; i < n; i++) weights[generator.integer(n)]++;
    rankX(weights, ranksX);
    rankY(weights, ranksY);
    let products = 0;
    let ofX = 0;
    let ofY = 0;
    for (let i = 0; i < n; i++) {
      const w = weights[i];
      const wx = w * ranksX[i];
      products += wx * ranksY[i];
      ofX += wx * ranksX[i];
      ofY += w * ranksY[i] * ranksY[i];
    }
    if (ofX > 0 && ofY > 0) out[b] = products / Math.sqrt(ofX * ofY);
  }
  return out;
}

/** Doubled midranks less their mean, of a sample that contains each value `weights` times. */
function prepareRanks(values: ArrayLike<number>): (weights: Int32Array, out: Int32Array) => void {
  const n = values.length;
  const order = Int32Array.from({ length: n }, (_, i) => i).sort((a, b) =>
    values[a] < values[b] ? -1 : values[a] > values[b] ? 1 : 0,
  );
  // Where each run of tied values ends in the sorted order.
  const ends: number[] = [];
  for (let i = 1; i <= n; i++) if (i === n || values[order[i]] !== values[order[i - 1]]) ends.push(i);
  if (ends.length === n)
    return (weights, out) => {
      let below = -n;
      for (let i = 0; i < n; i++) {
        const model = order[i];
        const w = weights[model];
        out[model] = below + w;
        below += 2 * w;
      }
    };
  return (weights, out) => {
    let below = -n;
    let start = 0;
    for (const end of ends) {
      let group = 0;
      for (let i = start; i < end; i++) group += weights[order[i]];
      for (let i = start; i < end; i++) out[order[i]] = below + group;
      below += 2 * group;
      start = end;
    }
  };
}
