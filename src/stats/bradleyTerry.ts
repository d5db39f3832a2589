import { checkLevel, checkSameLength } from "./checks";
import { clusterNotes, FEWEST_CLUSTERS } from "./clusterError";
import { type Comparisons, countsOf, joined, logistic } from "./comparisons";
import { defined } from "./defined";
import { type Estimate, noEnds, noted } from "./estimate";
import { designOf, fitted, sandwichesOf } from "./logisticFit";
import { normalQuantile } from "./normal";
import { random } from "./random";
import { type Reservation, reserve } from "./reservation";
import { studentTQuantile } from "./studentT";
import { choleskyOf, quadraticForm } from "./symmetric";

export interface BradleyTerryOptions {
  /** Number of models. */
  models: number;
  /** The model that win rates are measured against. Default: each of the others, equally often. */
  baseline?: number;
  /** Confidence. Default 0.95. */
  level?: number;
  /** Joint draws of the strengths. Default 1,999. */
  resamples?: number;
  /** Random seed. Default 1. */
  seed?: number;
}

/** What the comparisons say about the models. */
export interface BradleyTerry {
  /** Log-odds of each model against the average of the models that have a strength. */
  strength: Estimate[];
  /**
   * Share of comparisons that each model wins if neither is shown first and all controls are equal; a tie is
   * half a win.
   */
  winRate: Estimate[];
  /** Joint draws of the strengths of the models that have one, in their order. */
  draws: Float64Array[];
  /** Share of even pairs that the answer shown first wins; absent if the order is unknown. */
  shownFirst?: Estimate;
  /** What a step of 1 in each control adds to the log-odds. */
  controls: Estimate[];
  /** Why a model has no strength. */
  without: ReadonlyMap<number, Reservation>;
}

/**
 * Strengths of models from comparisons of two at a time (Bradley-Terry), with intervals by cluster.
 *
 * In: comparisons, with a tie counting as half a win; the strengths, the advantage of the answer shown first and
 * the controls are fitted together. n counts a model's comparisons. A model that never won or never lost, or
 * that no chain of wins and losses connects with the others, has no strength: its win rate is NaN, and its note
 * says why.
 *
 * @remarks Logistic regression by Newton's method; strengths exist by Ford (1957),
 * doi:10.1080/00029890.1957.11989117. Covariance clustered in one way or two (Cameron, Gelbach and Miller 2011,
 * doi:10.1198/jbes.2010.07136), with no variance smaller than either way alone gives; t quantiles with the
 * effective clusters less 1. Win rates by the delta method on the scale of log-odds. Controls as in the style
 * control of Chatbot Arena.
 * @throws RangeError for arrays of different lengths, values outside 0 to 1, or an invalid level
 * @example
 * const wins = { first: [0, 0, 0, 0, 0, 0], second: [1, 1, 1, 1, 1, 1], preferred: [1, 1, 1, 0.5, 1, 0] };
 * bradleyTerry(wins, { models: 2 }).winRate[0].value.toFixed(3) // "0.750"
 */
export function bradleyTerry(comparisons: Comparisons, options: BradleyTerryOptions): BradleyTerry {
  const { models, level = 0.95, resamples = 1999, seed = 1 } = options;
  check(comparisons, level);
  const { column, without } = joined(comparisons, models);
  const design = designOf(comparisons, column);
  const fit = fitted(design);
  const { covariances, effective, clusters } = sandwichesOf(design, fit, comparisons.clusters);
  const isKnown = effective >= FEWEST_CLUSTERS && fit.converged;
  const quantile = isKnown ? studentTQuantile((1 + level) / 2, effective - 1) : Number.NaN;
  const [fewClusters] = clusterNotes(effective);
  const errorOf = (gradient: Float64Array) =>
    Math.sqrt(covariances.reduce((most, one) => Math.max(most, quadraticForm(one, gradient)), 0));
  const estimate = (value: number, gradient: Float64Array, n: number, back = same): Estimate => {
    const reach = quantile * errorOf(gradient);
    return defined({
      value: back(value),
      low: back(value - reach),
      high: back(value + reach),
      level,
      method: "bradley-terry",
      n,
      clusters,
      clusterBy: "",
      ...noted([fewClusters]),
    });
  };
  const counts = countsOf(comparisons, models);
  const known = column.flatMap((at, model) => (at >= 0 ? [model] : []));
  const values = centred(fit.values, column, known);
  const gradients = known.map((model) => centredGradient(model, known, column, design.parameters));
  const reasonOf = (model: number) =>
    without.get(model) ?? (fit.converged ? undefined : reserve("none.fit", { what: "strengths" }));
  const strength = counts.map((n, model): Estimate => {
    const reason = reasonOf(model);
    return reason === undefined
      ? estimate(values[model], gradients[known.indexOf(model)], n)
      : unknown(n, level, reason);
  });
  const winRate = counts.map((n, model): Estimate => {
    const others = options.baseline === undefined ? known.filter((one) => one !== model) : [options.baseline];
    const reason = reasonOf(model) ?? againstNothing(model, others, column);
    if (reason !== undefined) return { ...unknown(n, level, reason), unit: "1" };
    const gradient = new Float64Array(design.parameters);
    let rate = 0;
    for (const other of others) {
      const won = logistic(values[model] - values[other]);
      rate += won / others.length;
      const slope = (won * (1 - won)) / others.length;
      if (column[model] > 0) gradient[column[model] - 1] += slope;
      if (column[other] > 0) gradient[column[other] - 1] -= slope;
    }
    const onLogit = gradient.map((slope) => slope / (rate * (1 - rate)));
    return { ...estimate(Math.log(rate / (1 - rate)), onLogit, n, logistic), unit: "1" };
  });
  const alone = (place: number, back?: typeof same) =>
    estimate(fit.values[place], unitVector(design.parameters, place), design.rows.length, back);
  return {
    strength,
    winRate,
    draws: isKnown
      ? strengthDraws(gradients, covariances, errorOf, quantile, { level, resamples, seed })
      : [],
    ...(design.place === undefined ? {} : { shownFirst: { ...alone(design.place, logistic), unit: "1" } }),
    controls: design.controls.map((place) => alone(place)),
    without,
  };
}

const same = (x: number) => x;

function check(
  { first, second, preferred, shown, controls = [], clusters = [] }: Comparisons,
  level: number,
) {
  checkLevel("bradleyTerry", level);
  for (const [name, side] of Object.entries({ second, preferred, shown }))
    if (side !== undefined) checkSameLength("bradleyTerry", "first", first.length, name, side.length);
  for (const one of controls) checkSameLength("bradleyTerry", "first", first.length, "a control", one.length);
  for (const one of clusters) checkSameLength("bradleyTerry", "first", first.length, "a cluster", one.length);
  for (let at = 0; at < preferred.length; at++)
    if (!(preferred[at] >= 0 && preferred[at] <= 1))
      throw new RangeError(`bradleyTerry requires preferred from 0 to 1, got ${preferred[at]}`);
}

/** Strengths around the mean of the known ones; the reference is column 0 and has no parameter of its own. */
function centred(values: Float64Array, column: readonly number[], known: readonly number[]): Float64Array {
  const own = (model: number) => (column[model] === 0 ? 0 : values[column[model] - 1]);
  const centre = known.reduce((sum, model) => sum + own(model), 0) / known.length;
  return Float64Array.from(column, (at, model) => (at < 0 ? Number.NaN : own(model) - centre));
}

/** How the centred strength of a model moves with the parameters. */
function centredGradient(
  model: number,
  known: readonly number[],
  column: readonly number[],
  parameters: number,
): Float64Array {
  const gradient = new Float64Array(parameters);
  for (const one of known) if (column[one] > 0) gradient[column[one] - 1] -= 1 / known.length;
  if (column[model] > 0) gradient[column[model] - 1] += 1;
  return gradient;
}

function againstNothing(model: number, others: readonly number[], column: readonly number[]) {
  if (others.includes(model)) return reserve("none.itself");
  return others.some((one) => column[one] < 0) ? reserve("none.baseline") : undefined;
}

function unknown(n: number, level: number, why: Reservation): Estimate {
  const none = { value: Number.NaN, ...noEnds };
  return { ...none, level, method: "none", n, clusters: 0, clusterBy: "", ...noted([why]) };
}

function unitVector(length: number, at: number): Float64Array {
  const vector = new Float64Array(length);
  vector[at] = 1;
  return vector;
}

/**
 * Draws with the correlations of the clustering under which the strengths vary most, each as wide as its
 * interval.
 */
function strengthDraws(
  gradients: readonly Float64Array[],
  covariances: readonly Float64Array[][],
  errorOf: (gradient: Float64Array) => number,
  quantile: number,
  { level, resamples, seed }: { level: number; resamples: number; seed: number },
): Float64Array[] {
  const size = covariances[0].length;
  // The third matrix, for both ways together, need not be a valid covariance.
  const widest = covariances.slice(0, 2).reduce((a, b) => (traceOf(b) > traceOf(a) ? b : a));
  const lower = choleskyOf(widest);
  const tails = quantile / normalQuantile((1 + level) / 2);
  const scale = gradients.map((one) => (tails * errorOf(one)) / Math.sqrt(quadraticForm(widest, one) || 1));
  const draws = gradients.map(() => new Float64Array(resamples));
  const source = random(seed);
  const normal = new Float64Array(size);
  const drawn = new Float64Array(size);
  for (let draw = 0; draw < resamples; draw++) {
    for (let i = 0; i < size; i++) {
      normal[i] = source.normal();
      let sum = 0;
      for (let k = 0; k <= i; k++) sum += lower[i][k] * normal[k];
      drawn[i] = sum;
    }
    for (const [at, gradient] of gradients.entries()) {
      let sum = 0;
      for (let k = 0; k < size; k++) sum += gradient[k] * drawn[k];
      draws[at][draw] = scale[at] * sum;
    }
  }
  return draws;
}

const traceOf = (matrix: readonly Float64Array[]) => matrix.reduce((sum, row, at) => sum + row[at], 0);
