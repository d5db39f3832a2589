import { type SharedTime, sharedTime } from "../../stats/sharedTime";
import type { GroupKey, Summaries, SumsOfClusters, Thresholds } from "./summaries";

/** Sums over the clusters of one group: for the mean, and for each threshold asked. */
export interface ClusterSums extends SumsOfClusters {
  /** What shared hours add to the variance of the mean, and of the share below each threshold. */
  shared?: SharedTime;
  sharedBelow?: SharedTime[];
}

/** Sums over clusters, for every group at its mean and thresholds, of which the last `tails` lie in expected tails. */
export async function clusterSums(
  summaries: Summaries,
  groups: readonly Thresholds[],
  tails: number,
): Promise<Map<GroupKey, ClusterSums>> {
  const count = groups[0]?.thresholds.length ?? 0;
  const sums = new Map<GroupKey, ClusterSums>();
  for (const row of await summaries.clusterSums(groups, tails))
    sums.set(row.g, {
      ...row,
      residualSquares: settled(row.residualSquares),
      residualSizes: settled(row.residualSizes),
      residualSizeSquares: settled(row.residualSizeSquares),
      residualCubes: settled(row.residualCubes),
      leaveOneOut: row.leaveOneOut.slice(0, count).map(settled),
      leaveOneOutCubes: row.leaveOneOutCubes.slice(0, count).map(settled),
    });
  if (summaries.hours) await addHours(summaries, groups, sums, tails);
  return sums;
}

/** What hours that clusters share add. */
async function addHours(
  summaries: Summaries,
  groups: readonly Thresholds[],
  sums: Map<GroupKey, ClusterSums>,
  tails: number,
): Promise<void> {
  const about = groups.map((group) => {
    const { n, below } = sums.get(group.g) as ClusterSums;
    return { ...group, n, shares: below.slice(0, group.thresholds.length).map((one) => one / n) };
  });
  const squares = await summaries.sharedSquares(about, tails);
  const parts = new Map(squares.parts.map((row) => [row.g, row]));
  for (const hour of squares.hours) {
    const [one, part] = [sums.get(hour.g), parts.get(hour.g)];
    if (one === undefined || part === undefined) continue;
    const { n } = one;
    const hourly = { count: hour.clusters, effective: (n * n) / hour.sizeSquares };
    one.shared = sharedTime({
      units: one.residualSquares,
      hours: hour.residualSquares,
      both: part.residualSquares,
      ...hourly,
    });
    // Left-out clusters shift log odds, which are steeper than shares by 1 / (n p (1 - p)).
    one.sharedBelow = one.leaveOneOut.map((shifts, at) => {
      const below = one.below[at];
      const slope = (Math.max(below, 0.5) * Math.max(n - below, 0.5)) / n;
      const [hours, both] = [hour.belowSquares[at], part.belowSquares[at]];
      return sharedTime({ units: shifts * slope * slope, hours, both, ...hourly });
    });
  }
}

/** Twelve digits of a sum: an engine adds up in any order, and the last digits are no part of the answer. */
const settled = (sum: number) => Number(sum.toPrecision(12));
