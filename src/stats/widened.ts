import { clusterError } from "./clusterError";
import { type Estimate, withNotes } from "./estimate";
import { type PowerSums, recentred, totals } from "./powerSums";
import { type SharedTime, timeNotes } from "./sharedTime";
import { clearlySkewed, skewedT, skewNotes } from "./skewedT";
import { studentTQuantile } from "./studentT";

/** Clusters from which their skewness corrects an interval. */
const SKEW_FROM = 20;

/**
 * A ratio whose bootstrap interval is widened for what resampling clusters does not show: that they are of very
 * unequal size, that they share time, and that the most expensive ones may be missing.
 *
 * Both ends move away from the value in proportion to the standard errors and of the t quantiles of their degrees
 * of freedom. Multiplying the deviation of every cluster from the ratio moves each resample by exactly that
 * factor, so the shape of the distribution (its skewness) is kept. Clusters of about one size that share nothing
 * leave the interval as it is. If the deviations are clearly skewed to the right, the upper end is at least that
 * of Hall's transformation, which covers in simulation where resamples of what was seen do not, and a note warns
 * if they are very skewed.
 *
 * @remarks Method: see `clusterError` for the error, `sharedTime` for the time, `skewedT` for the skewness.
 * @param sums the power sums that the ratio was made from
 * @param options `shared`, what shared time adds, if known; `even`, true if every cluster is a single value
 * @example
 * const one = ratioFromPowerSums(powerSums([3, 5, 4, 6, 2], [1, 1, 1, 1, 1]));
 * widened(one, powerSums([3, 5, 4, 6, 2], [1, 1, 1, 1, 1])).high === one.high // true
 */
export function widened(
  estimate: Estimate,
  sums: PowerSums,
  { shared, even = false }: { shared?: SharedTime | undefined; even?: boolean } = {},
): Estimate {
  const { value, level } = estimate;
  const { clusters } = sums;
  const { numerator, denominator } = totals(sums);
  if (!(clusters > 1 && denominator > 0)) return estimate;
  const about = recentred(sums, numerator / denominator);
  const plain = Math.sqrt((about.d2r0 * clusters) / (clusters - 1)) / denominator;
  if (!(plain > 0)) return estimate;
  const { error, degrees } = even
    ? { error: plain, degrees: clusters - 1 }
    : clusterError(
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
        level,
      );
  const t = (of: number) => studentTQuantile((1 + level) / 2, of);
  const factor = Math.max(1, (error * t(degrees)) / (plain * t(clusters - 1)));
  const low = factor > 1 + 1e-12 ? value - factor * (value - estimate.low) : estimate.low;
  let high = factor > 1 + 1e-12 ? value + factor * (estimate.high - value) : estimate.high;
  // The last digits of cubes depend on the order of summation and are arbitrary.
  const skew = Number((about.d3r0 / about.d2r0 ** 1.5).toPrecision(8));
  // Differences due only to rounding are not spread.
  const still = !(plain > 1e-9 * Math.abs(value));
  const isSkewed = !still && clusters >= SKEW_FROM && skew > 0 && clearlySkewed(skew, clusters);
  if (isSkewed) high = Math.max(high, value - error * skewedT(-t(degrees), skew));
  const notes = [...(isSkewed ? skewNotes(skew, clusters) : []), ...(still ? [] : timeNotes(shared))];
  if (!isSkewed && !(factor > 1 + 1e-12)) return estimate;
  return withNotes({ ...estimate, low, high }, notes);
}
