import type { Estimate } from "../../stats/estimate";
import { ratioInterval } from "../../stats/ratioInterval";

/**
 * Maximum number of clusters for drawing resamples if the bootstrap distribution does not follow from sums.
 */
export const mostDrawn = 2000;

/** The total and the size of each cluster of a group. */
export interface ClusterTotals {
  totals: number[];
  sizes: number[];
}

/** The options for resampling ratios of few or uneven clusters. */
export interface DrawOptions {
  level?: number;
  seed?: number;
  clusterBy?: string;
  unit?: string;
}

/** A bootstrap interval of total over size, from resampling whole clusters; n counts what the sizes count. */
export function drawnRatio({ totals, sizes }: ClusterTotals, n: number, options: DrawOptions): Estimate {
  return { ...ratioInterval(totals, sizes, options), n };
}
