import { eachCluster, type Sandwich } from "./clusterSandwich";
import type { Comparisons } from "./comparisons";
import { fisherFCdf } from "./fisherF";
import { type Design, type Fit, squareOf } from "./logisticFit";
import { timesVector } from "./symmetric";

/** A pair of models of which the first won more often than the strengths say. */
export interface Misfit {
  first: number;
  second: number;
  /** The share that it won, and that the strengths say, a tie counting as half a win. */
  seen: number;
  expected: number;
}

/** Whether one strength for each model explains how the pairs of models went. */
export interface LackOfFit {
  f: number;
  degrees: [number, number];
  p: number;
  /** The pairs furthest from their fit. */
  furthest: Misfit[];
}

/** Pairs of models up to which their covariance is held at once. */
const MOST_PAIRS = 1000;
const FURTHEST = 3;

/**
 * Tests whether one strength for each model explains how all pairs went: it does not where preferences go round in a
 * circle.
 *
 * @remarks The sum of squared residuals of the pairs over its expectation from clusters, as an F with Satterthwaite's
 * degrees of freedom: Rao and Scott 1984, https://doi.org/10.1214/aos/1176346391. Of two ways of clustering, the variance
 * of both together, and the fewer clusters.
 * @returns undefined where the strengths leave no pair to test by, or there are too many to hold at once
 */
export function lackOfFit(
  comparisons: Comparisons,
  { design, fit, ways }: { design: Design; fit: Fit; ways: readonly Sandwich[] },
): LackOfFit | undefined {
  const pairs = pairsOf(comparisons, design, fit);
  const count = pairs.residual.length;
  if (count > MOST_PAIRS) return undefined;
  // What the fit itself takes out of the residuals.
  const taken = pairs.slopes.map((row) => timesVector(fit.inverse, row));
  const free = pairs.slopes.reduce((left, row, p) => left - dot(row, taken[p]), count);
  const several = ways.filter(({ clusters }) => clusters > 1);
  if (free < 0.5 || several.length === 0) return undefined;
  const found = several.map((way) => tracesOf(design, fit, way, pairs, taken));
  const most = found.reduce((a, b) => (b.trace > a.trace ? b : a));
  const together = found.reduce((sum, { trace }) => sum + trace - free, free);
  // No less than comparisons that have nothing in common would vary: few clusters may be alike by chance.
  const f = dot(pairs.residual, pairs.residual) / Math.max(free, most.trace, together);
  const fewest = Math.min(...several.map(({ clusters }) => clusters));
  const degrees: [number, number] = [Math.min(free, Math.max(1, most.trace ** 2 / most.squared)), fewest - 1];
  return { f, degrees, p: 1 - fisherFCdf(f, ...degrees), furthest: furthestOf(pairs) };
}

interface Pairs {
  /** The pair of each row, and -1 where its first model is the second of the pair. */
  of: Int32Array;
  sign: Int8Array;
  models: [number, number][];
  n: Float64Array;
  won: Float64Array;
  expected: Float64Array;
  /** The standard deviation of what each pair won, and in its unit the residual and how it moves with the parameters. */
  deviation: Float64Array;
  residual: Float64Array;
  slopes: Float64Array[];
}

function pairsOf({ first, second, preferred }: Comparisons, design: Design, fit: Fit): Pairs {
  const { rows, kind, at, factor, tie } = design;
  const most = rows.reduce((last, row) => Math.max(last, first[row], second[row]), 0) + 1;
  const places = new Map<number, number>();
  const models: [number, number][] = [];
  const of = new Int32Array(rows.length);
  const sign = Int8Array.from(rows, (row) => (first[row] < second[row] ? 1 : -1));
  for (let row = 0; row < rows.length; row++) {
    const [a, b] = [first[rows[row]], second[rows[row]]];
    const key = Math.min(a, b) * most + Math.max(a, b);
    of[row] = places.get(key) ?? models.length;
    if (of[row] < models.length) continue;
    places.set(key, models.length);
    models.push([Math.min(a, b), Math.max(a, b)]);
  }
  const [n, won, expected, variance] = [0, 0, 0, 0].map(() => new Float64Array(models.length));
  const slopes = models.map(() => new Float64Array(design.parameters));
  const { share, byOdds, byTies } = fit.expected;
  for (let row = 0; row < rows.length; row++) {
    const [pair, own, by] = [of[row], kind[row], sign[row]];
    n[pair] += 1;
    won[pair] += 0.5 + by * (preferred[rows[row]] - 0.5);
    expected[pair] += 0.5 + by * (share[own] - 0.5);
    variance[pair] += byOdds[own];
    const [parameters, factors] = [at[own], factor[own]];
    for (let k = 0; k < parameters.length; k++) slopes[pair][parameters[k]] += by * byOdds[own] * factors[k];
    if (tie !== undefined) slopes[pair][tie] += by * byTies[own];
  }
  const deviation = variance.map(Math.sqrt);
  for (const [pair, row] of slopes.entries()) for (let k = 0; k < row.length; k++) row[k] /= deviation[pair];
  const residual = won.map((sum, pair) => (sum - expected[pair]) / deviation[pair]);
  return { of, sign, models, n, won, expected, deviation, residual, slopes };
}

/** The trace of the covariance of the pairs' residuals over clusters, and that of its square. */
function tracesOf(
  design: Design,
  fit: Fit,
  way: Sandwich,
  { of, sign, deviation, residual, slopes }: Pairs,
  taken: readonly Float64Array[],
): { trace: number; squared: number } {
  const pairs = slopes.length;
  // What a cluster leaves of each pair is its residual less what its scores move the fit by: the sums of the products of
  // residuals, of residuals and scores, and of scores are kept apart, since a small cluster touches few of each.
  const covariance = squareOf(pairs);
  const crossed = slopes.map(() => new Float64Array(design.parameters));
  const scores = squareOf(design.parameters);
  const own = new Float64Array(pairs);
  const isMet = new Uint8Array(pairs);
  eachCluster(design, fit, way, (rows, touched, score) => {
    const met: number[] = [];
    for (let k = 0; k < rows.length; k++) {
      const pair = of[rows[k]];
      if (isMet[pair] === 0) met.push(pair);
      isMet[pair] = 1;
      own[pair] += (sign[rows[k]] * fit.residuals[rows[k]]) / deviation[pair];
    }
    for (const p of met) {
      for (const q of met) covariance[p][q] += own[p] * own[q];
      for (const place of touched) crossed[p][place] += own[p] * score[place];
    }
    for (const i of touched) for (const k of touched) scores[i][k] += score[i] * score[k];
    for (const p of met) own[p] = isMet[p] = 0;
  });
  const half = taken.map((row) => timesVector(scores, row));
  const { clusters } = way;
  let [trace, squared] = [0, 0];
  for (let p = 0; p < pairs; p++)
    for (let q = 0; q <= p; q++) {
      const moved = dot(crossed[p], taken[q]) + dot(crossed[q], taken[p]) - dot(half[p], taken[q]);
      // Around what all clusters have in common, so that a lack of fit does not pass for variance.
      const mean = (residual[p] * residual[q]) / clusters;
      const entry = (clusters / (clusters - 1)) * (covariance[p][q] - moved - mean);
      if (p === q) trace += entry;
      squared += (p === q ? 1 : 2) * entry * entry;
    }
  return { trace, squared };
}

function furthestOf({ models, n, won, expected, residual }: Pairs): Misfit[] {
  const order = models.map((_, pair) => pair).sort((a, b) => Math.abs(residual[b]) - Math.abs(residual[a]));
  return order.slice(0, FURTHEST).map((pair) => {
    const [first, second] = models[pair];
    const [seen, said] = [won[pair] / n[pair], expected[pair] / n[pair]];
    return residual[pair] >= 0
      ? { first, second, seen, expected: said }
      : { first: second, second: first, seen: 1 - seen, expected: 1 - said };
  });
}

const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k] * b[k];
  return sum;
};
