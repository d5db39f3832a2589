import { clusteredQuantileRanks } from "../../stats/clusteredQuantile";
import type { Estimate } from "../../stats/estimate";
import { meanFromSums } from "../../stats/mean";
import type { PowerSums } from "../../stats/powerSums";
import { interpolateRank, quantileRank } from "../../stats/quantile";
import { quantileEstimate } from "../../stats/quantileEstimate";
import { type QuantileRanks, quantileRanks, ranksToFetch } from "../../stats/quantileRanks";
import { ratioFromPowerSums } from "../../stats/ratioInterval";
import type { Selection } from "../../store/select";
import type { MeasureOptions } from "../options";
import { type ClusterSums, clusterSums, meanPowerSums, meanTotals } from "./clusterSums";
import { type ClusterTotals, drawnRatio } from "./clusterTotals";
import { deviations, type GroupSummary } from "./distribution";
import { type Fetched, fetchOrderStatistics } from "./orderStatistics";

/** What is estimated of one group. */
export interface Spread {
  mean: Estimate;
  /** By probability, "0.99". */
  quantiles: Record<string, Estimate>;
}

/** Mean and quantiles of every group of the view `measured`, each with its interval, at the probabilities q. */
export async function spreads(
  selection: Selection,
  groups: GroupSummary[],
  q: number[],
  { unit, level = 0.95, interval = "auto", seed }: MeasureOptions & { unit: string },
): Promise<Map<bigint, Spread>> {
  const { clusterBy } = selection;
  const method = interval === "bootstrap" ? "bootstrap-bca" : "fractional";
  // Among many groups most have as many calls as another: their ranks are the same.
  const known = new Map<number, QuantileRanks[]>();
  const independent = ({ n }: GroupSummary) => {
    const ranks = known.get(n) ?? q.map((p) => quantileRanks(n, p, { level, method }));
    known.set(n, ranks);
    return ranks;
  };
  let ranks = new Map(groups.map((group) => [group.g, independent(group)]));
  let sums: Map<bigint, ClusterSums> | undefined;
  if (clusterBy !== "call_id") {
    const points = (group: GroupSummary) => q.flatMap((p) => around(quantileRank(group.n, p)));
    const at = await fetchOrderStatistics(selection, groups, points);
    const measured = groups.filter(({ n }) => n > 0);
    sums = await clusterSums(
      selection,
      measured.map((group) => ({
        g: group.g,
        mean: group.total / group.n,
        thresholds: q.map((p) =>
          interpolateRank(quantileRank(group.n, p), (at.get(group.g) as Fetched).atLeast),
        ),
      })),
    );
    ranks = new Map(
      groups.map((group) => [group.g, clusteredRanks(group, q, { level, method }, sums?.get(group.g))]),
    );
  }
  const means =
    interval === "bootstrap"
      ? await bootstrapMeans(selection, groups, { level, seed, clusterBy, unit })
      : undefined;
  const fetched = await fetchOrderStatistics(selection, groups, (group) =>
    (ranks.get(group.g) as QuantileRanks[]).flatMap(ranksToFetch),
  );
  return new Map(
    groups.map((group) => {
      const { atLeast, atMost } = fetched.get(group.g) as Fetched;
      const named = (ranks.get(group.g) as QuantileRanks[]).map((one) => [
        String(one.p),
        quantileEstimate(one, atLeast, { atMost, unit, counted: "calls", clusterBy }),
      ]);
      const mean = meanOf(group, sums?.get(group.g), means?.get(group.g), { level, clusterBy, unit });
      return [group.g, { mean, quantiles: Object.fromEntries(named) }];
    }),
  );
}

const around = (rank: number) => [Math.floor(rank), Math.ceil(rank)];

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

/** By the law of the bootstrap where it follows from sums; by resamples where the clusters are few or uneven. */
async function bootstrapMeans(
  selection: Selection,
  groups: GroupSummary[],
  options: { level: number; seed?: number; clusterBy: string; unit: string },
): Promise<Map<bigint, Estimate>> {
  const measured = groups.filter(({ n }) => n > 0);
  const laws = await meanPowerSums(
    selection,
    measured.map(({ g, n, total }) => ({ g, mean: total / n })),
  );
  const means = new Map(
    measured.map(({ g, n }) => [g, { ...ratioFromPowerSums(laws.get(g) as PowerSums, options), n }]),
  );
  if ([...means.values()].every(({ method }) => method.startsWith("bootstrap"))) return means;
  const few: Map<bigint, ClusterTotals> = await meanTotals(selection);
  for (const { g, n } of measured) {
    const totals = few.get(g);
    if (totals !== undefined && means.get(g)?.method.startsWith("bootstrap") !== true)
      means.set(g, drawnRatio(totals, n, options));
  }
  return means;
}

function meanOf(
  group: GroupSummary,
  sums: ClusterSums | undefined,
  bootstrapped: Estimate | undefined,
  { level, clusterBy, unit }: { level: number; clusterBy: string; unit: string },
): Estimate {
  const { n, total, censored } = group;
  const { squares, cubes } = deviations(group);
  const options = { level, clusterBy, unit, counted: "calls" };
  const found =
    bootstrapped ??
    meanFromSums({ n, total, deviations: squares, ...(sums ?? { residualCubes: cubes }) }, options);
  // No time and no speed is below 0, and so no mean of them; a score, which has no unit, may be.
  const estimate = unit !== "" && found.value >= 0 ? { ...found, low: Math.max(0, found.low) } : found;
  if (censored === 0) return estimate;
  // A timeout would have lasted longer: the mean is known from below alone.
  const note = `at least this: ${censored} of ${n} calls are timeouts`;
  return {
    ...estimate,
    high: Number.POSITIVE_INFINITY,
    note: estimate.note ? `${note}; ${estimate.note}` : note,
  };
}
