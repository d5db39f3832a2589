import { clusterNotes, FEWEST_CLUSTERS } from "../../stats/clusterError";
import type { Estimate } from "../../stats/estimate";

/**
 * An estimate without its interval where it rests on fewer than 5 effective clusters: they are too few to tell how others
 * would differ. Where every value is a cluster of its own, an interval needs no more of them than any.
 *
 * @param n the sum of the clusters' sizes, and `squares` that of their squares
 */
export function withheld(estimate: Estimate, n: number, squares: number): Estimate {
  const effective = (n * n) / squares;
  if (!(effective < FEWEST_CLUSTERS && effective < n * (1 - 1e-9))) return estimate;
  return { ...estimate, low: Number.NaN, high: Number.NaN, note: clusterNotes(effective).join("; ") };
}
