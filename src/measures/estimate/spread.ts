import { clusteredQuantileRanks } from "../../stats/clusteredQuantile";
import type { Estimate } from "../../stats/estimate";
import { meanFromSums } from "../../stats/mean";
import { interpolateRank, quantileRank } from "../../stats/quantile";
import { quantileEstimate } from "../../stats/quantileEstimate";
import { type QuantileRanks, quantileRanks, ranksToFetch } from "../../stats/quantileRanks";
import { ratioFromPowerSums } from "../../stats/ratioInterval";
import { type Reservation, reserve } from "../../stats/reservation";
import type { MeasureOptions } from "../options";
import { type ClusterSums, clusterSums, type RestsOn } from "./clusterSums";
import { drawnRatio, mostDrawn } from "./clusterTotals";
import { deviations, type GroupSummary } from "./distribution";
import { openAbove } from "./openAbove";
import { type Fetched, fetchOrderStatistics } from "./orderStatistics";
import type { Expected, GroupKey, Summaries } from "./summaries";
import { withheld } from "./withheld";

/** The estimates for one group. */
export interface Spread {
  mean: Estimate;
  /** By probability, "0.99". */
  quantiles: Record<string, Estimate>;
}

/** At this probability or higher, few enough values lie above a quantile to be kept. */
const tail = 0.9;
/**
 * The number of standard errors, of independent values, around a quantile within which the bounds of its
 * interval nearly always lie.
 */
const neighbourhood = 10;

/**
 * Mean and quantiles of every group, each with its interval, at the ascending probabilities q.
 *
 * @param options `counted`, what n counts (default "calls"), and `what`, the number that a group without any lacks
 */
export async function spreads(
  summaries: Summaries,
  groups: GroupSummary[],
  q: number[],
  {
    unit,
    level = 0.95,
    interval = "auto",
    seed,
    counted: one = "calls",
    what,
  }: MeasureOptions & { unit: string; counted?: string; what?: string },
): Promise<Map<GroupKey, Spread>> {
  const { clusterBy } = summaries;
  const countedIn = ({ n }: GroupSummary) => (n === 0 && what !== undefined ? `${one} with a ${what}` : one);
  const method = interval === "bootstrap" ? "bootstrap-bca" : "fractional";
  // Among many groups, most have the same number of calls as another, and so the same ranks.
  const known = new Map<number, QuantileRanks[]>();
  const independent = ({ n }: GroupSummary) => {
    const ranks = known.get(n) ?? q.map((p) => quantileRanks(n, p, { level, method }));
    known.set(n, ranks);
    return ranks;
  };
  let ranks = new Map(groups.map((group) => [group.g, independent(group)]));
  let sums: Map<GroupKey, ClusterSums> | undefined;
  if (clusterBy !== "call_id") {
    await summaries.expect(groups.map((group) => expected(group, q)));
    const points = (group: GroupSummary) => q.flatMap((p) => around(quantileRank(group.n, p)));
    const at = await fetchOrderStatistics(summaries, groups, points);
    const measured = groups.filter(({ n }) => n > 0);
    sums = await clusterSums(
      summaries,
      measured.map((group) => ({
        g: group.g,
        mean: group.total / group.n,
        thresholds: q.map((p) =>
          interpolateRank(quantileRank(group.n, p), (at.get(group.g) as Fetched).atLeast),
        ),
      })),
      q.filter((p) => p >= tail).length,
    );
    ranks = new Map(
      groups.map((group) => [group.g, clusteredRanks(group, q, { level, method }, sums?.get(group.g))]),
    );
  }
  const means =
    interval === "bootstrap"
      ? await bootstrapMeans(summaries, groups, { level, seed, clusterBy, unit })
      : undefined;
  const fetched = await fetchOrderStatistics(summaries, groups, (group) =>
    (ranks.get(group.g) as QuantileRanks[]).flatMap(ranksToFetch),
  );
  return new Map(
    groups.map((group) => {
      const { atLeast, atMost } = fetched.get(group.g) as Fetched;
      const counted = countedIn(group);
      const named = (ranks.get(group.g) as QuantileRanks[]).map((one, at) => {
        const notes = one.p >= tail ? restsOnNotes(sums?.get(group.g)?.restsOn?.[at]) : [];
        return [String(one.p), quantileEstimate(one, atLeast, { atMost, unit, counted, clusterBy, notes })];
      });
      const mean = meanOf(group, sums?.get(group.g), means?.get(group.g), {
        level,
        clusterBy,
        unit,
        counted,
      });
      return [group.g, { mean, quantiles: Object.fromEntries(named) }];
    }),
  );
}

/** Hours that hold half of a tail count as few up to this number, or up to this share of all hours. */
const fewHours = 3;
const smallPart = 0.05;
/** With fewer values of the tail per such hour, the hours may be few by chance. */
const crowded = 2;

/** The note for when a few hours hold most of the values above a quantile. */
function restsOnNotes(found: RestsOn | undefined): Reservation[] {
  if (found === undefined) return [];
  const { hours, of, total } = found;
  if (hours > Math.max(fewHours, smallPart * of) || total < 2 * crowded * hours) return [];
  return [reserve("time.hours", { hours, of })];
}

const around = (rank: number) => [Math.floor(rank), Math.ceil(rank)];

/** The buckets in which quantiles and their bounds will lie, and all buckets of the tail. */
function expected({ g, n, buckets }: GroupSummary, q: number[]): Expected {
  const ranges = q.map((p) => {
    const width = neighbourhood * Math.sqrt(n * p * (1 - p)) + 1;
    const rank = quantileRank(n, p);
    return [rank - width, p >= tail ? n : rank + width];
  });
  const lowest = Math.min(...ranges.filter((_, at) => q[at] >= tail).map(([low]) => low));
  const found: Expected = { g, buckets: [], tail: Number.POSITIVE_INFINITY };
  let below = 0;
  for (const { bucket, n: inside } of buckets) {
    const last = below + inside;
    if (ranges.some(([low, high]) => low <= last && high > below)) found.buckets.push(bucket);
    if (last >= lowest) found.tail = Math.min(found.tail, bucket);
    below = last;
  }
  return found;
}

function clusteredRanks(
  group: GroupSummary,
  q: number[],
  options: { level: number; method: "fractional" | "bootstrap-bca" },
  sums?: ClusterSums,
): QuantileRanks[] {
  return q.map((p, at) =>
    sums === undefined
      ? quantileRanks(0, p, options)
      : clusteredQuantileRanks(
          p,
          {
            ...sums,
            n: group.n,
            below: sums.below[at],
            leaveOneOut: sums.leaveOneOut[at],
            leaveOneOutCubes: sums.leaveOneOutCubes[at],
            shared: sums.sharedBelow?.[at],
          },
          options,
        ),
  );
}

/** From the bootstrap distribution if it follows from sums; from resamples if clusters are few or uneven. */
async function bootstrapMeans(
  summaries: Summaries,
  groups: GroupSummary[],
  options: { level: number; seed?: number; clusterBy: string; unit: string },
): Promise<Map<GroupKey, Estimate>> {
  const { laws, totals } = summaries.means();
  const n = new Map(groups.map((group) => [group.g, group.n]));
  const means = new Map<GroupKey, Estimate>();
  for (const { g, ...law } of await laws(false))
    means.set(g, { ...ratioFromPowerSums(law, options), n: n.get(g) as number });
  const few = [...means]
    .filter(([, { method, clusters }]) => !method.startsWith("bootstrap") && clusters <= mostDrawn)
    .map(([g]) => ({ g, kind: "mean" }));
  if (few.length === 0) return means;
  for (const { g, ...one } of await totals(few)) means.set(g, drawnRatio(one, n.get(g) as number, options));
  return means;
}

function meanOf(
  group: GroupSummary,
  sums: ClusterSums | undefined,
  bootstrapped: Estimate | undefined,
  options: { level: number; clusterBy: string; unit: string; counted: string },
): Estimate {
  const { n, total, censored } = group;
  const { squares, cubes } = deviations(group);
  const { unit } = options;
  const found =
    bootstrapped ??
    meanFromSums({ n, total, deviations: squares, ...(sums ?? { residualCubes: cubes }) }, options);
  // Times and speeds, and so their means, are never below 0; a score, which has no unit, may be.
  const estimate = unit !== "" && found.value >= 0 ? { ...found, low: Math.max(0, found.low) } : found;
  const held = sums === undefined ? estimate : withheld(estimate, n, sums.sizeSquares);
  return openAbove(held, censored, { among: n, counted: options.counted });
}
