import { checkSameLength } from "./checks";
import { normalQuantile } from "./normal";
import { areSorted, type JointDraws } from "./probabilityBest";
import { quantileOfSorted } from "./quantile";
import { random } from "./random";
import { wilsonBounds } from "./rate";
import { apartAlone, type RunSpread, runErrors } from "./runSpread";

/** Scores of models and their uncertainty; give exactly one of errors, low with high, items and draws. */
export interface ScoredModels {
  /** The score of each model. */
  scores: ArrayLike<number>;
  /** Standard error of each score, in its unit. */
  errors?: ArrayLike<number>;
  /** With `errors`: what scores vary by from run to run, in addition to these. */
  runs?: RunSpread | undefined;
  /** Lower bound of each score at `level`, with `high`. */
  low?: ArrayLike<number>;
  /** Upper bound of each score at `level`, with `low`. */
  high?: ArrayLike<number>;
  /** Number of items behind each score, for scores that are shares from 0 to 1. */
  items?: ArrayLike<number>;
  /** Bootstrap draws of the scores: one array per model; shared prompts make close models comparable. */
  draws?: JointDraws;
  /**
   * True if the i-th draws of all models belong together. If left out: true, unless every model's draws come
   * sorted, which breaks them apart; the models are then taken as independent.
   */
  joint?: boolean;
}

export interface SeparationOptions {
  /** Whether small is good (default false). */
  lowerIsBetter?: boolean;
  /** Confidence, over all pairs at once (default 0.95). */
  level?: number;
  /** Draws of the largest difference (default 4,999); if bootstrap draws are given, they are used as they are. */
  resamples?: number;
  /** Seed (default 1). */
  seed?: number;
}

/** Each model's own interval, and the standard deviation of how far `i` stands above `j`. */
export interface Uncertainty {
  low: Float64Array;
  high: Float64Array;
  /** Standard deviation of the difference, for the claim that i is above j, at i * models + j. */
  deviation: Float64Array;
  /** One joint draw of the estimation errors at a time. */
  errorsOf: (draw: number, out: Float64Array) => void;
  draws: number;
  /** Whether `i`, which stands so far above `j`, may be said to be better by these two alone. Default: always. */
  isApart?: (above: number, i: number, j: number) => boolean;
}

/** What the given bounds, errors, items or draws say about every pair of models. */
export function uncertainty(caller: string, input: ScoredModels, options: SeparationOptions): Uncertainty {
  const { scores, errors, low, high, items, draws, runs } = input;
  const m = scores.length;
  const given = [errors, low ?? high, items, draws].filter((side) => side !== undefined).length;
  if (given !== 1)
    throw new TypeError(
      `${caller} requires exactly one of errors, low with high, items and draws, got ${given}`,
    );
  if (draws) return fromDraws(caller, scores, draws, input.joint ?? !areSorted(draws), options);
  const level = options.level ?? 0.95;
  const z = normalQuantile((1 + level) / 2);
  const below = new Float64Array(m);
  const above = new Float64Array(m);
  const ofRuns = runs === undefined || errors === undefined ? undefined : runErrors(errors, runs);
  if (errors) {
    checkSameLength(caller, "scores", m, "errors", errors.length);
    const both = ofRuns?.expected ?? errors;
    for (let i = 0; i < m; i++) {
      if (errors[i] < 0) throw new RangeError(`${caller} requires standard errors >= 0, got ${errors[i]}`);
      below[i] = above[i] = z * both[i];
    }
  } else if (items) {
    checkSameLength(caller, "scores", m, "items", items.length);
    for (let i = 0; i < m; i++) [below[i], above[i]] = wilsonReach(caller, scores[i], items[i], z);
  } else {
    if (!low || !high) throw new TypeError(`${caller} requires both low and high, got one of them`);
    checkSameLength(caller, "scores", m, "low", low.length);
    checkSameLength(caller, "scores", m, "high", high.length);
    for (let i = 0; i < m; i++) {
      if (low[i] > scores[i] || high[i] < scores[i])
        throw new RangeError(
          `${caller} requires low <= score <= high, got ${low[i]}, ${scores[i]}, ${high[i]}`,
        );
      below[i] = scores[i] - low[i];
      above[i] = high[i] - scores[i];
    }
  }
  // An unknown or unbounded error carries no information: it counts as infinite, so that no difference is ever
  // significant.
  for (const side of [below, above])
    for (let i = 0; i < m; i++) if (Number.isNaN(side[i])) side[i] = Infinity;
  const deviation = new Float64Array(m * m);
  for (let i = 0; i < m; i++)
    for (let j = 0; j < m; j++) deviation[i * m + j] = Math.hypot(below[i], above[j]) / z;
  const generator = random(options.seed ?? 1);
  const order = drawingOrder(scores, deviation, options);
  // A model without a finite error takes no part in the comparison, nor in its critical value.
  const own = Float64Array.from(below, (reach, i) =>
    Number.isFinite(reach + above[i]) ? (reach + above[i]) / (2 * z) : 0,
  );
  const alone = ofRuns?.reach(level);
  return {
    low: Float64Array.from(alone ?? below, (reach, i) => scores[i] - reach),
    high: Float64Array.from(alone ?? above, (reach, i) => scores[i] + reach),
    deviation,
    draws: options.resamples ?? 4_999,
    errorsOf: (_, out) => {
      const now = ofRuns?.drawn(generator) ?? own;
      for (const i of order) out[i] = own[i] === 0 ? 0 : now[i] * generator.normal();
    },
    ...(runs === undefined || errors === undefined
      ? {}
      : { isApart: (above, i, j) => apartAlone(above, errors, runs, [i, j], level) }),
  };
}

/** How far Wilson's interval reaches below and above a share (for Newcombe's interval of a difference). */
function wilsonReach(caller: string, share: number, n: number, z: number): [number, number] {
  if (Number.isNaN(share)) return [Infinity, Infinity];
  if (!(share >= 0 && share <= 1))
    throw new RangeError(
      `${caller} requires scores from 0 to 1 with items, got ${share}; did you mean ${share / 100}?`,
    );
  if (!(n >= 1)) throw new RangeError(`${caller} requires items >= 1, got ${n}`);
  const [low, high] = wilsonBounds(share, n, z);
  return [Math.max(0, share - low), Math.max(0, high - share)];
}

/** A model with one draw is known exactly (a baseline for the others), one without draws is unknown. */
function fromDraws(
  caller: string,
  scores: ArrayLike<number>,
  draws: JointDraws,
  joint: boolean,
  options: SeparationOptions,
): Uncertainty {
  const m = scores.length;
  checkSameLength(caller, "scores", m, "draws", draws.length);
  const errors = draws.map((model) => {
    const mean = Array.from(model).reduce((sum, value) => sum + value / model.length, 0);
    return Float64Array.from(model, (value) => value - mean);
  });
  const count = errors.reduce((most, model) => Math.max(most, model.length), 0);
  const together = joint && errors.every((model) => model.length === count || model.length === 1);
  const at = (model: Float64Array, draw: number) => (model.length === 1 ? model[0] : model[draw]);
  const variance = errors.map((model) => sumOfSquares(model) / Math.max(1, model.length - 1));
  const deviation = new Float64Array(m * m);
  for (let i = 0; i < m; i++)
    for (let j = 0; j < i; j++) {
      let squared = variance[i] + variance[j];
      if (together && errors[i].length > 1 && errors[j].length > 1)
        squared = sumOfSquares(errors[i].map((error, d) => error - errors[j][d])) / (count - 1);
      const unknown = errors[i].length === 0 || errors[j].length === 0 || Number.isNaN(squared);
      deviation[i * m + j] = deviation[j * m + i] = unknown ? Infinity : Math.sqrt(squared);
    }
  const tail = (1 - (options.level ?? 0.95)) / 2;
  const sorted = draws.map((model) => Float64Array.from(model).sort());
  const generator = random(options.seed ?? 1);
  const order = drawingOrder(scores, deviation, options);
  return {
    low: Float64Array.from(sorted, (model) => quantileOfSorted(model, tail)),
    high: Float64Array.from(sorted, (model) => quantileOfSorted(model, 1 - tail)),
    deviation,
    draws: together ? count : (options.resamples ?? 4_999),
    errorsOf: (draw, out) => {
      for (const i of order) {
        const model = errors[i];
        if (model.length === 0) out[i] = 0;
        else out[i] = together ? at(model, draw) : model[generator.integer(model.length)];
      }
    },
  };
}

/**
 * A fixed order of the models whatever the order of the rows, so that each model always gets the same random
 * numbers.
 */
function drawingOrder(
  scores: ArrayLike<number>,
  deviation: Float64Array,
  options: SeparationOptions,
): number[] {
  const m = scores.length;
  const sign = options.lowerIsBetter ? -1 : 1;
  const best = Array.from(scores, (_, i) => i);
  const total = best.map((i) => sumOfSquares(deviation.subarray(i * m, (i + 1) * m)));
  return best.sort((i, j) => sign * (scores[i] - scores[j]) || total[i] - total[j] || 0);
}

function sumOfSquares(values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] * values[i];
  return sum;
}
