import type { Estimate } from "../stats/estimate";
import { normalQuantile } from "../stats/normal";
import { random } from "../stats/random";
import { choleskyOf } from "../stats/symmetric";

/** The value of a metric at z standard deviations from its estimate, high values for high z. */
export type Marginal = (z: number) => number;

/**
 * What an estimate says about the true value, as a function of a standard normal: the estimate's value at 0, and
 * the ends of its interval at the interval's own quantiles, so it is as skewed as the interval. Positive amounts
 * are drawn on the log scale. On the side of an end that the data do not bound, every draw is infinite: half of
 * the draws.
 *
 * @returns undefined if the good side has no end, or nothing is known: the model cannot be chosen by it
 */
export function marginalOf(estimate: Estimate, higherGood: boolean): Marginal | undefined {
  const { value, low, high, level } = estimate;
  if (!Number.isFinite(higherGood ? high : low)) return undefined;
  const z = normalQuantile(0.5 + level / 2);
  if (!Number.isFinite(value)) {
    // Only bounded, like a cost with no task resolved: no better than the end, and arbitrarily bad.
    return higherGood ? (at) => (at > 0 ? high : -Infinity) : (at) => (at < 0 ? low : Infinity);
  }
  const share = estimate.unit === "1" && low >= 0 && high <= 1;
  if (low > 0 && !share) {
    const [down, up] = [Math.log(value / low) / z, Math.log(high / value) / z];
    return (at) => (at < 0 ? value * Math.exp(at * down) : openAt(at, up, Math.exp(at * up) * value));
  }
  const [down, up] = [(value - low) / z, (high - value) / z];
  const least = low >= 0 ? 0 : -Infinity;
  const most = share ? 1 : Infinity;
  return (at) =>
    at < 0
      ? openAt(at, down, Math.max(least, value + at * down))
      : openAt(at, up, Math.min(most, value + at * up));
}

/** A side without an end, or with an unknown end, extends to infinity. */
function openAt(at: number, step: number, value: number): number {
  if (Number.isFinite(step)) return value;
  return at === 0 ? value : at > 0 ? Infinity : -Infinity;
}

/**
 * Jointly drawn standard normals: one array per dimension, correlated as given.
 *
 * @param correlation symmetric, one row and column per dimension; it is shrunk by a twentieth towards
 * independence, so that a matrix estimated from few clusters can be drawn from at all
 */
export function jointNormals(
  correlation: readonly ArrayLike<number>[],
  { draws, seed }: { draws: number; seed: number },
): Float64Array[] {
  const size = correlation.length;
  const shrunk = correlation.map((row, i) =>
    Float64Array.from(row, (one, j) => (i === j ? 1 : (1 - TOWARDS_INDEPENDENCE) * one)),
  );
  // Rounded correlations may leave slightly less than zero.
  const lower = choleskyOf(shrunk, 1e-9);
  const source = random(seed);
  const out = Array.from({ length: size }, () => new Float64Array(draws));
  const own = new Float64Array(size);
  for (let draw = 0; draw < draws; draw++) {
    for (let i = 0; i < size; i++) {
      own[i] = source.normal();
      let sum = 0;
      for (let j = 0; j <= i; j++) sum += lower[i][j] * own[j];
      out[i][draw] = sum;
    }
  }
  return out;
}

const TOWARDS_INDEPENDENCE = 0.05;
