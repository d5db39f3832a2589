import { checkCount } from "./checks";
import { noteOf } from "./estimate";
import { type CompleteModels, completeModels, type NoisyModels, type Side } from "./noisyModels";
import { random } from "./random";
import { reserve } from "./reservation";
import { type SpreadPrior, trueValues } from "./trueValues";

export interface TrueValueOptions {
  /** Joint draws (default 9,999). */
  resamples?: number;
  /** Seed of the draws (default 1). */
  seed?: number;
}

export interface TrueValueDraws {
  /** One array of draws for each remaining model, in the benchmark's unit. */
  benchmark: Float64Array[];
  /** One array of draws for each remaining model, in the production metric's unit. */
  production: Float64Array[];
  /** Index in the input of each remaining model. */
  kept: number[];
  /** What was left out, in words; empty if nothing was. */
  note: string;
}

/** Rounds of the two alternating regressions before the first draw is kept. */
const SETTLING = 50;
/** Draws of production kept for each draw of the benchmark's line and spread. */
const DRAWS_A_ROUND = 4;

/**
 * Joint draws of the true benchmark and production values of noisy models, the models fixed.
 *
 * In: measured values and standard errors, one per model; out: draws in the same units, model by model, to feed
 * `probabilityBest` and `expectedRegret`. n counts the models measured on both sides; others are left out with a
 * note. Production is regressed on the benchmark, with the spread and the line drawn from their posterior; a noisy
 * benchmark is drawn given production in turn. Stated losses and probabilities are then right on average
 * (docs/simulations/agreement.md); if the noise is as large as the models' spread, a stated loss is too large by a
 * tenth to half of that spread. Fewer than 4 models leave the line undetermined: each value is then drawn from its
 * own estimate, and the note says so.
 *
 * @remarks Method: posterior (parametric) bootstrap of a random-effects regression, as in Morris 1983,
 * https://doi.org/10.1080/01621459.1983.10477920.
 * @throws RangeError if lengths differ or an error is negative.
 * @example
 * trueValueDraws({ benchmark: [1, 2, 3, 4], production: [1, 2, 3, 4], productionError: [0, 0, 0, 0] }).production[0][0] // 1
 */
export function trueValueDraws(input: NoisyModels, options: TrueValueOptions = {}): TrueValueDraws {
  const { resamples = 9_999, seed = 1 } = options;
  checkCount("trueValueDraws", "resamples", resamples, 1);
  const models = completeModels("trueValueDraws", input);
  const store = () => Array.from({ length: models.models }, () => new Float64Array(resamples));
  const benchmark = store();
  const production = store();
  const inUnit = (side: Side, given: number, value: number, i: number) =>
    side.errors[i] === 0 ? given : side.mean + side.scale * value;
  forEachDraw(models, resamples, seed, "shrinking", (b, y, draw) => {
    for (let i = 0; i < models.models; i++) {
      const model = models.kept[i];
      benchmark[i][draw] = inUnit(models.benchmark, input.benchmark[model], b[i], i);
      production[i][draw] = inUnit(models.production, input.production[model], y[i], i);
    }
  });
  const alone = models.models < LEAST_MODELS ? [reserve("method.alone", { needed: LEAST_MODELS })] : [];
  const asGiven = models.kept.map((_, i) => i).sort((i, j) => models.kept[i] - models.kept[j]);
  return {
    benchmark: asGiven.map((i) => benchmark[i]),
    production: asGiven.map((i) => production[i]),
    kept: asGiven.map((i) => models.kept[i]),
    note: noteOf([...models.leftOut, ...alone]) ?? "",
  };
}

/** A line through fewer models leaves nothing from which to learn the spread. */
export const LEAST_MODELS = 4;

/** Visits joint draws of the true values, each side on its standardised scale. */
export function forEachDraw(
  models: CompleteModels,
  resamples: number,
  seed: number,
  prior: SpreadPrior,
  visit: (benchmark: Float64Array, production: Float64Array, draw: number) => void,
): void {
  const generator = random(seed);
  const b = models.benchmark.values.slice();
  const y = models.production.values.slice();
  const regressed = models.models >= LEAST_MODELS;
  if (!regressed || isConstant(b) || isConstant(y)) {
    for (let draw = 0; draw < resamples; draw++) {
      drawAlone(models.benchmark, b, generator.normal);
      drawAlone(models.production, y, generator.normal);
      visit(b, y, draw);
    }
    return;
  }
  const production = trueValues(models.production.values, models.production.errors, prior);
  production.condition(b);
  if (!models.benchmark.noisy) {
    for (let draw = 0; draw < resamples; draw++) {
      if (models.production.noisy) production.draw(generator, y);
      visit(b, y, draw);
    }
    return;
  }
  const benchmark = trueValues(models.benchmark.values, models.benchmark.errors, prior);
  if (!models.production.noisy) benchmark.condition(y);
  for (let round = -SETTLING, draw = 0; draw < resamples; round++) {
    if (models.production.noisy) {
      production.condition(b);
      // Conditioning takes most of the time, so several draws are taken from each.
      const last = round < 0 ? 1 : DRAWS_A_ROUND;
      for (let k = 0; k < last; k++) {
        production.draw(generator, y);
        if (round >= 0 && draw < resamples) visit(b, y, draw++);
      }
      benchmark.condition(y);
    } else if (round >= 0) visit(b, y, draw++);
    benchmark.draw(generator, b);
  }
}

function isConstant(values: Float64Array): boolean {
  return values.every((value) => value === values[0]);
}

function drawAlone(side: Side, out: Float64Array, normal: () => number): void {
  for (let i = 0; i < out.length; i++) out[i] = side.values[i] + side.errors[i] * normal();
}
