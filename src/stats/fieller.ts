import { checkLevel } from "./checks";
import { fewerThan } from "./clusterError";
import { defined } from "./defined";
import { type Estimate, noEnds, withNotes } from "./estimate";
import { type PowerSums, recentred, totals } from "./powerSums";
import { reserve } from "./reservation";
import { studentTQuantile } from "./studentT";

/** Fieller's set of the ratios that the data do not contradict; `g` >= 1 means that it is unbounded. */
export interface FiellerBounds {
  low: number;
  high: number;
  g: number;
}

/** Fieller's bounds from power sums over at least two clusters with a denominator other than 0. */
export function fiellerBounds(sums: PowerSums, level: number): FiellerBounds {
  const { numerator, denominator } = totals(sums);
  const ratio = numerator / denominator;
  const { clusters, d1r0, d0r1, d2r0, d1r1, d0r2 } = recentred(sums, ratio);
  const t = studentTQuantile((1 + level) / 2, clusters - 1);
  const scale = (t * t) / clusters / (clusters - 1);
  const meanR = d0r1 / clusters;
  const variance = Math.max(0, d2r0 - (d1r0 * d1r0) / clusters) * scale;
  const covariance = (d1r1 - (d1r0 * d0r1) / clusters) * scale;
  const varianceR = Math.max(0, d0r2 - (d0r1 * d0r1) / clusters) * scale;
  const g = varianceR / (meanR * meanR);
  // a x^2 - 2 b x + c <= 0 for x = ratio - estimate
  const a = meanR * meanR - varianceR;
  const b = -covariance;
  const c = -variance;
  const root = Math.sqrt(Math.max(0, b * b - a * c));
  if (g < 1) {
    // The root without cancellation, then the other from their product c / a.
    const far = b >= 0 ? (b + root) / a : (b - root) / a;
    const near = far === 0 ? 0 : c / (a * far);
    return { low: ratio + Math.min(far, near), high: ratio + Math.max(far, near), g };
  }
  const none = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY, g };
  if (a === 0 || b * b - a * c < 0) return none;
  // Outside the two roots, which lie on one side of the estimate: the ray that contains it.
  const roots = [(b + root) / a, (b - root) / a] as const;
  return roots[0] < 0
    ? { ...none, low: ratio + Math.max(...roots) }
    : { ...none, high: ratio + Math.min(...roots) };
}

/**
 * A ratio of sums over clusters with Fieller's interval, from power sums alone.
 *
 * @remarks Method: Fieller (1954), doi:10.1111/j.2517-6161.1954.tb00159.x, with t on one degree less than clusters.
 * @param sums see `PowerSums`
 * @returns an Estimate; n and clusters are the clusters. If the denominator is not clearly above 0, the set is
 * unbounded and an end is infinite, with a note.
 * @throws RangeError for a level outside (0, 1)
 * @example
 * fieller(powerSums([1, 2, 3, 2, 1], [1, 1, 1, 1, 1])).value.toFixed(1) // "1.8"
 */
export function fieller(
  sums: PowerSums,
  { level = 0.95, clusterBy = "", unit }: { level?: number; clusterBy?: string; unit?: string } = {},
): Estimate {
  checkLevel("fieller", level);
  const { numerator, denominator } = totals(sums);
  const estimate = defined({
    value: denominator === 0 ? Number.NaN : numerator / denominator,
    ...noEnds,
    level,
    method: "fieller",
    n: sums.clusters,
    clusters: sums.clusters,
    clusterBy,
    unit,
  });
  if (denominator === 0) return withNotes(estimate, [reserve("none.denominator")]);
  if (sums.clusters < 2) return withNotes(estimate, [fewerThan(2, "clusters", sums.clusters)]);
  const { low, high, g } = fiellerBounds(sums, level);
  return withNotes({ ...estimate, low, high }, [g < 1 ? undefined : reserve("method.unbounded")]);
}
