import type { Estimate } from "../../stats/estimate";
import { ratioInterval } from "../../stats/ratioInterval";

/** Clusters up to which resamples are drawn where the law of a bootstrap does not follow from sums. */
export const mostDrawn = 2000;

/** The total and the size of each cluster of a group. */
export interface ClusterTotals {
  totals: number[];
  sizes: number[];
}

/** What ratios of few or uneven clusters are drawn with. */
export interface DrawOptions {
  level?: number;
  seed?: number;
  clusterBy?: string;
  unit?: string;
}

/** A bootstrap interval of the total over the size, by drawing whole clusters; n counts what the sizes count. */
export function drawnRatio({ totals, sizes }: ClusterTotals, n: number, options: DrawOptions): Estimate {
  return { ...ratioInterval(totals, sizes, options), n };
}
