import { callsAlone } from "../../facts/cluster";
import { logOdds } from "../../stats/clusteredQuantile";
import { defined } from "../../stats/defined";
import { fewestHours, timeSquares } from "../../stats/hourSeries";
import { pooledDays, type SharedTime, sharedTime } from "../../stats/sharedTime";
import type { GroupKey, Summaries, SumsOfClusters, Thresholds } from "./summaries";

/** Sums over the clusters of one group: for the mean, and for each requested threshold. */
export interface ClusterSums extends SumsOfClusters {
  /** The variance that shared hours add to the mean, and to the share below each threshold. */
  shared?: SharedTime;
  sharedBelow?: SharedTime[];
  /** For each threshold, how few hours hold half of the values above it. */
  restsOn?: RestsOn[];
}

/**
 * The fewest hours that hold more than half of some values, out of how many hours, and the number of values.
 */
export type RestsOn = ReturnType<typeof fewestHours>;

/**
 * Sums over clusters for every group, at its mean and thresholds; the last `tails` thresholds lie in the
 * expected tails.
 */
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

/** The variance that shared hours, or days, add. */
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
  const alone = callsAlone(summaries.clusterBy);
  for (const { g, mean } of groups) {
    const [one, part, time] = [sums.get(g), parts.get(g), found.hours.get(g)];
    if (one === undefined || time === undefined || (part === undefined && !alone)) continue;
    const { n } = one;
    const { hours, sizes, totals } = time;
    // A call is in one hour: its part there is the whole of it.
    const shared = (units: number, both = units, deviations: number[] = []) => {
      const { squares, ...spans } = timeSquares({ hours, sizes, deviations });
      return sharedTime({ units, hours: squares, both, ...spans });
    };
    const deviations = totals.map((total, at) => total - mean * sizes[at]);
    one.shared = shared(one.residualSquares, part?.residualSquares, deviations);
    one.restsOn = [];
    one.sharedBelow = one.leaveOneOut.map((shifts, at) => {
      const [below, inside] = [one.below[at], time.below[at]];
      // Leaving out a cluster shifts the log odds, which are steeper than shares by 1 / (n p (1 - p)); so
      // does leaving out an hour.
      const slope = (Math.max(below, 0.5) * Math.max(n - below, 0.5)) / n;
      const whole = logOdds(below, n);
      const left = inside.map((c, hour) => slope * (whole - logOdds(below - c, n - sizes[hour])));
      (one.restsOn as RestsOn[])[at] = fewestHours(inside.map((c, hour) => sizes[hour] - c));
      return shared(shifts * slope * slope, part?.belowSquares[at], left);
    });
  }
  poolRows([...sums.values()].filter(({ shared }) => shared !== undefined));
}

/** Each row's numbers learn from those of the other rows whether days share anything. */
function poolRows(rows: readonly ClusterSums[]): void {
  const means = pooledDays(rows.map(({ shared }) => shared));
  const below = (rows[0]?.sharedBelow ?? []).map((_, at) =>
    pooledDays(rows.map(({ sharedBelow }) => sharedBelow?.[at])),
  );
  for (const [i, row] of rows.entries()) {
    Object.assign(row, defined({ shared: means[i] }));
    if (row.sharedBelow !== undefined)
      row.sharedBelow = row.sharedBelow.map((one, at) => below[at][i] ?? one);
  }
}

/** Rounds a sum to twelve digits: an engine adds in any order, so the last digits mean nothing. */
const rounded = (sum: number) => Number(sum.toPrecision(12));
