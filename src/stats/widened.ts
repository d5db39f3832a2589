import type { Estimate } from "./estimate";
import { type SharedTime, sharedDegrees } from "./sharedTime";
import { studentTQuantile } from "./studentT";

/**
 * An estimate whose interval over clusters learns of the time that they share: both ends move away from the value in
 * the proportion of the standard errors, and of the t quantiles of their degrees of freedom.
 *
 * Multiplying every cluster's deviation from a ratio moves each of its resamples by just that factor, so the shape of
 * a bootstrap law (its skewness) is kept.
 *
 * @example
 * const one = { value: 2, low: 1, high: 4, level: 0.95, method: "bootstrap-bca", n: 400, clusters: 400, clusterBy: "user_id" };
 * widened(one, { added: 0, degrees: Infinity }).high // 4
 */
export function widened(estimate: Estimate, shared: SharedTime): Estimate {
  const { value, low, high, level, clusters, designEffect } = estimate;
  if (!(shared.added > 0 && clusters > 1)) return estimate;
  const more = 1 + shared.added;
  const t = (degrees: number) => studentTQuantile((1 + level) / 2, degrees);
  const factor = Math.sqrt(more) * (t(sharedDegrees(clusters - 1, shared)) / t(clusters - 1));
  return {
    ...estimate,
    low: value - factor * (value - low),
    high: value + factor * (high - value),
    ...(designEffect === undefined ? {} : { designEffect: designEffect * more }),
  };
}
