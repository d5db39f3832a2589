import { clusterNotes, FEWEST_CLUSTERS } from "../../stats/clusterError";
import { type Estimate, noEnds, renoted } from "../../stats/estimate";

/**
 * Drops the interval of an estimate that rests on fewer than 5 effective clusters: too few to show how others
 * would differ. If every value is its own cluster, this minimum does not apply.
 *
 * @param n the sum of the clusters' sizes, and `squares` that of their squares
 */
export function withheld(estimate: Estimate, n: number, squares: number): Estimate {
  const effective = (n * n) / squares;
  if (!(effective < FEWEST_CLUSTERS && effective < n * (1 - 1e-9))) return estimate;
  return renoted({ ...estimate, ...noEnds }, clusterNotes(effective));
}

/** True if the interval was dropped for this reason. */
export const isWithheld = ({ high, reservations = [] }: Estimate): boolean =>
  Number.isNaN(high) && reservations.some(({ id }) => id === "clusters.none");
