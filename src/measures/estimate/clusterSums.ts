import { logOdds } from "../../stats/clusteredQuantile";
import { fewestHours, timeSquares } from "../../stats/hourSeries";
import { type SharedTime, sharedTime } from "../../stats/sharedTime";
import type { GroupKey, Summaries, SumsOfClusters, Thresholds } from "./summaries";

/** Sums over the clusters of one group: for the mean, and for each threshold asked. */
export interface ClusterSums extends SumsOfClusters {
  /** What shared hours add to the variance of the mean, and of the share below each threshold. */
  shared?: SharedTime;
  sharedBelow?: SharedTime[];
  /** How few hours hold half of what lies above each threshold. */
  restsOn?: RestsOn[];
}

/** The fewest hours that hold over half of some values, of how many hours, and how many values those are. */
export type RestsOn = ReturnType<typeof fewestHours>;

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
      residualSquares: rounded(row.residualSquares),
      residualSizes: rounded(row.residualSizes),
      residualSizeSquares: rounded(row.residualSizeSquares),
      residualCubes: rounded(row.residualCubes),
      leaveOneOut: row.leaveOneOut.slice(0, count).map(rounded),
      leaveOneOutCubes: row.leaveOneOutCubes.slice(0, count).map(rounded),
    });
  if (summaries.hours) await addTime(summaries, groups, sums, tails);
  return sums;
}

/** What hours, or days, that clusters share add. */
async function addTime(
  summaries: Summaries,
  groups: readonly Thresholds[],
  sums: Map<GroupKey, ClusterSums>,
  tails: number,
): Promise<void> {
  const about = groups.map((group) => {
    const { n, below } = sums.get(group.g) as ClusterSums;
    return { ...group, n, shares: below.slice(0, group.thresholds.length).map((one) => one / n) };
  });
  const found = await summaries.sharedTimes(about, tails);
  const parts = new Map(found.parts.map((row) => [row.g, row]));
  for (const { g, mean } of groups) {
    const [one, part, time] = [sums.get(g), parts.get(g), found.hours.get(g)];
    if (one === undefined || part === undefined || time === undefined) continue;
    const { n } = one;
    const { hours, sizes, totals } = time;
    const shared = (units: number, both: number, deviations: number[]) => {
      const { squares, ...spans } = timeSquares({ hours, sizes, deviations });
      return sharedTime({ units, hours: squares, both, effective: spans.effective, degrees: spans.degrees });
    };
    const deviations = totals.map((total, at) => total - mean * sizes[at]);
    one.shared = shared(one.residualSquares, part.residualSquares, deviations);
    one.restsOn = [];
    one.sharedBelow = one.leaveOneOut.map((shifts, at) => {
      const [below, inside] = [one.below[at], time.below[at]];
      // Left-out clusters shift log odds, which are steeper than shares by 1 / (n p (1 - p)); so do left-out hours.
      const slope = (Math.max(below, 0.5) * Math.max(n - below, 0.5)) / n;
      const whole = logOdds(below, n);
      const left = inside.map((c, hour) => slope * (whole - logOdds(below - c, n - sizes[hour])));
      (one.restsOn as RestsOn[])[at] = fewestHours(inside.map((c, hour) => sizes[hour] - c));
      return shared(shifts * slope * slope, part.belowSquares[at], left);
    });
  }
}

/** Twelve digits of a sum: an engine adds up in any order, and the last digits are no part of the answer. */
const rounded = (sum: number) => Number(sum.toPrecision(12));
