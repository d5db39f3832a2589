import { clusterError } from "./clusterError";
import type { Estimate } from "./estimate";
import { type PowerSums, recentred, totals } from "./powerSums";
import type { SharedTime } from "./sharedTime";
import { studentTQuantile } from "./studentT";

/**
 * A ratio whose bootstrap interval learns of what resampling clusters does not show: that they are of very unequal
 * size, and that they share time.
 *
 * Both ends move away from the value in the proportion of the standard errors and of the t quantiles of their degrees
 * of freedom. To multiply the deviation of every cluster from the ratio moves each resample by just that factor, so the
 * shape of the law (its skewness) is kept. Clusters of about one size that share nothing leave the interval as it is.
 *
 * @remarks Method: see `clusterError` for the error, `sharedTime` for the time.
 * @param sums the power sums that the ratio was made from
 * @param shared what shared time adds, where it is known
 * @example
 * const one = ratioFromPowerSums(powerSums([3, 5, 4, 6, 2], [1, 1, 1, 1, 1]));
 * widened(one, powerSums([3, 5, 4, 6, 2], [1, 1, 1, 1, 1])).high === one.high // true
 */
export function widened(estimate: Estimate, sums: PowerSums, shared?: SharedTime): Estimate {
  const { value, low, high, level } = estimate;
  const { clusters } = sums;
  const { numerator, denominator } = totals(sums);
  if (!(clusters > 1 && denominator > 0)) return estimate;
  const about = recentred(sums, numerator / denominator);
  const plain = Math.sqrt((about.d2r0 * clusters) / (clusters - 1)) / denominator;
  if (!(plain > 0)) return estimate;
  const { error, degrees } = clusterError(
    {
      clusters,
      n: denominator,
      sizeSquares: about.d0r2,
      sizeCubes: about.d0r3,
      sizeFourths: about.d0r4,
      residualSquares: about.d2r0,
      residualSizes: about.d2r1,
      residualSizeSquares: about.d2r2,
      shared,
    },
    Number.NaN,
  );
  const t = (of: number) => studentTQuantile((1 + level) / 2, of);
  const factor = (error * t(degrees)) / (plain * t(clusters - 1));
  if (!(factor > 1 + 1e-12)) return estimate;
  return { ...estimate, low: value - factor * (value - low), high: value + factor * (high - value) };
}
