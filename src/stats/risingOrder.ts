import type { Side } from "./noisyModels";
import { random } from "./random";

/** A run of neighbours to which a rising fit has to give one value. */
interface Run {
  from: number;
  to: number;
  /** The squares of how far the run's values lie from that one, in their errors. */
  cost: number;
}

/** The rising fit of least squares, in the order given: pool adjacent violators, Barlow et al. (1972). */
function risingFit(y: Float64Array, errors: Float64Array): { fit: Float64Array; runs: Run[] } {
  const pooled: { from: number; to: number; weight: number; sum: number }[] = [];
  for (let i = 0; i < y.length; i++) {
    const weight = 1 / errors[i] ** 2;
    let last = { from: i, to: i + 1, weight, sum: weight * y[i] };
    for (let before = pooled.at(-1); before !== undefined; before = pooled.at(-1)) {
      if (before.sum / before.weight < last.sum / last.weight) break;
      pooled.pop();
      const { weight, sum } = { weight: before.weight + last.weight, sum: before.sum + last.sum };
      last = { from: before.from, to: last.to, weight, sum };
    }
    pooled.push(last);
  }
  const fit = new Float64Array(y.length);
  const runs = pooled.map(({ from, to, weight, sum }): Run => {
    fit.fill(sum / weight, from, to);
    let cost = 0;
    for (let i = from; i < to; i++) cost += ((y[i] - fit[i]) / errors[i]) ** 2;
    return { from, to, cost };
  });
  return { fit, runs };
}

const costOf = (runs: readonly Run[]) => runs.reduce((sum, { cost }) => sum + cost, 0);

/** Draws of the noise from which follows how far measured values lie from a rising order if the true ones rise. */
const DRAWS = 400;
/** The least error, on a scale on which values have a standard deviation of 1: no value is quite exact. */
const LEAST = 1e-6;
/** A step that sets the values of a repaired run apart. */
const STEP = 1e-9;

/**
 * Values that rise as much as noise allows: runs of neighbours that fall are put in rising order, those that cost least
 * first, as long as together they lie no further from the measured values than noise takes true values that rise.
 */
function risen(y: Float64Array, errors: Float64Array, tail: number, seed: number): Float64Array {
  const { fit, runs } = risingFit(y, errors);
  const { normal } = random(seed, 1);
  const costs = Float64Array.from({ length: DRAWS }, () =>
    costOf(
      risingFit(
        fit.map((value, i) => value + errors[i] * normal()),
        errors,
      ).runs,
    ),
  ).sort();
  let left = costs[Math.min(DRAWS - 1, Math.ceil((1 - tail) * DRAWS))];
  const out = y.slice();
  for (const { from, to, cost } of runs
    .filter((run) => run.to - run.from > 1)
    .sort((a, b) => a.cost - b.cost)) {
    left -= cost;
    if (left < 0) break;
    for (let i = from; i < to; i++) out[i] = fit[i] + STEP * (i - from);
  }
  return out;
}

/**
 * Production's values with as much of the benchmark's order as noise allows, and with as much of its reverse.
 *
 * A line through the models, with one spread around it, cannot know that a relation is curved: where it is flat, noise
 * alone mixes up the order, and draws around the line repeat it. So an interval of the rank correlation must at least
 * hold the orders found here. An error of the benchmark counts by how steep a parabola is at its model.
 *
 * @param tail the chance with which true values in the benchmark's order lie further from the measured ones
 */
export function possibleOrders(
  benchmark: Side,
  production: Side,
  { tail, seed }: { tail: number; seed: number },
): { rising: Float64Array; falling: Float64Array } {
  const slopes = benchmark.noisy ? parabola(benchmark.values, production.values) : undefined;
  const errors = production.errors.map((error, i) =>
    Math.max(LEAST, slopes === undefined ? error : Math.hypot(error, slopes[i] * benchmark.errors[i])),
  );
  const turned = production.values.map((value) => -value);
  return {
    rising: risen(production.values, errors, tail, seed),
    falling: risen(turned, errors, tail, seed).map((value) => -value),
  };
}

/** The slope at each x of the parabola of least squares through points whose x have mean 0. */
function parabola(x: Float64Array, y: Float64Array): Float64Array {
  const sum = (of: (i: number) => number) => x.reduce((total, _, i) => total + of(i), 0);
  const xx = sum((i) => x[i] ** 2);
  const middle = xx / x.length;
  const along = sum((i) => x[i] * (x[i] ** 2 - middle)) / xx;
  const rest = x.map((value) => value * value - middle - along * value);
  const square = sum((i) => rest[i] ** 2);
  const bend = square > 0 ? sum((i) => rest[i] * y[i]) / square : 0;
  const slope = sum((i) => x[i] * y[i]) / xx - bend * along;
  return x.map((value) => slope + 2 * bend * value);
}
