import { unclustered } from "../../facts/cluster";
import { select } from "../../facts/select";
import type { Estimate } from "../../stats/estimate";
import type { Store } from "../../store/open";
import { run } from "../../store/query";
import { groupSummaries } from "../estimate/distribution";
import { duckdbSummaries } from "../estimate/duckdbSummaries";
import { fetchOrderStatistics } from "../estimate/orderStatistics";
import { asStreamed, type LatencyOptions, latency, latencyView, metricOf } from "./latency";

/** The distribution of one group as a curve: at y[i] of 0 to 1 lie the values up to x[i]. */
export interface LatencyCurve {
  /** The group's `by` columns in one name. */
  name: string;
  points: { x: number[]; y: number[] };
  /** Calls behind it. */
  n: number;
  /** The table's quantiles with their intervals. */
  marks: { p: number; estimate: Estimate }[];
}

const steps = 160;

/**
 * The whole distribution of a latency metric for every group, as curves to draw: exact order statistics, close
 * together in the tail. Options as for `latency`, whose quantiles are the marks.
 *
 * @returns one curve a group that has values; n counts calls, timeouts standing at the time waited
 * @example
 * const store = await openDemo();
 * const [curve] = await latencyCurves(store, { by: "model" });
 * `${curve.name} ${curve.n}` // "orrery-apex 1005"
 */
export async function latencyCurves(store: Store, options: LatencyOptions = {}): Promise<LatencyCurve[]> {
  const table = await latency(store, options);
  const selection = await select(store, { ...options, cluster: unclustered });
  try {
    const metric = metricOf(options.metric ?? "duration");
    await run(selection.connection, `set variable metric = '${metric}'; ${latencyView}`);
    const summaries = await duckdbSummaries(selection);
    const groups = (await groupSummaries(summaries, selection.by))
      .map((group) => asStreamed(group, metric))
      .filter(({ n }) => n > 0);
    const fetched = await fetchOrderStatistics(summaries, groups, ({ n }) => ranksToDraw(n));
    return groups.map((group) => {
      const ranks = ranksToDraw(group.n);
      const at = fetched.get(group.g)?.atLeast as (rank: number) => number;
      const row = table.rows.find((one) =>
        table.by.every((name) => String(one[name]) === String(group.by[name])),
      );
      return {
        name: table.by.map((name) => String(group.by[name] ?? "not known")).join(" · ") || "all calls",
        points: { x: ranks.map(at), y: ranks.map((rank) => rank / (group.n + 1)) },
        n: group.n,
        marks: Object.entries(row?.quantiles ?? {}).map(([p, estimate]) => ({ p: Number(p), estimate })),
      };
    });
  } finally {
    selection.close();
  }
}

/** Ranks evenly spaced over the body, and by ratio towards the largest value. */
function ranksToDraw(n: number): number[] {
  const ranks = new Set<number>();
  for (let step = 0; step <= steps; step++) ranks.add(Math.round(1 + ((n - 1) * step) / steps));
  for (let step = 0; step <= steps; step++) ranks.add(n + 1 - Math.round(n ** (step / steps)));
  return [...ranks].sort((a, b) => a - b);
}
