import type { Estimate } from "./estimate";
import { normalQuantile } from "./normal";

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
