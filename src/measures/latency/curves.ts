import { unclustered } from "../../facts/cluster";
import { derived } from "../../facts/request";
import type { Estimate } from "../../stats/estimate";
import type { Store } from "../../store/open";
import { rowsOf } from "../../store/run";
import { statements } from "../../store/statements";
import type { OptionsOf } from "../define";
import { fetchOrderStatistics } from "../estimate/orderStatistics";
import { requestOf } from "../options";
import type { Row } from "../table";
import { latencyDistribution } from "./distribution";
import { measuredNumber, numberNamed } from "./number";

const sql = statements(__dirname, "curves.sql");

/** The distribution of one group as a curve: the share y[i], from 0 to 1, of values is at most x[i]. */
export interface LatencyCurve {
  /** The values of the group's `by` columns, as one name. */
  name: string;
  points: { x: number[]; y: number[] };
  /** Calls, or tasks, behind it. */
  n: number;
  /** Counts per bin: bins of equal width on a logarithmic axis, and one for all values of 0. */
  bins: { from: number; to: number; n: number }[];
  /** The table's quantiles with their intervals. */
  marks: { p: number; estimate: Estimate }[];
}

const steps = 160;

/**
 * Returns the whole distribution of a number for every group, as curves to draw: exact order statistics,
 * close together in the tail, and counts in ten bins per decade. Options as for `distribution`, whose
 * quantiles are the marks.
 *
 * @returns one curve per group that has values; n counts calls or tasks; timeouts count at the time waited,
 * unknown costs at 0
 * @example
 * const store = await openDemo();
 * const [curve] = await latencyCurves(store, { by: "model" });
 * `${curve.name} ${curve.n}` // "orrery-apex 1005"
 */
export async function latencyCurves(
  store: Store,
  options: OptionsOf<typeof latencyDistribution> = {},
): Promise<LatencyCurve[]> {
  const table = await latencyDistribution(store, { ...options, q: options.q ?? [0.5, 0.95, 0.99, 0.999] });
  const number = numberNamed("latencyCurves", options.metric ?? "duration");
  const request = requestOf("latencyCurves", options);
  const found = await measuredNumber(store, number, derived(request, { cluster: unclustered }));
  const { selection, summaries } = found;
  try {
    const groups = found.groups.filter(({ n }) => n > 0);
    const fetched = await fetchOrderStatistics(summaries, groups, ({ n }) => ranksToDraw(n));
    const bins = await rowsOf<{ g: string; from: number; to: number; n: number }>(
      selection.connection,
      sql.bins,
    );
    return groups.flatMap((group) => {
      const ranks = ranksToDraw(group.n);
      const at = fetched.get(group.g)?.atLeast as (rank: number) => number;
      const row = table.rows.find((one: Row) =>
        table.by.every((name) => String(one[name]) === String(group.by[name])),
      );
      // Costs none of which is known have no curve.
      if (row !== undefined && Number.isNaN(row.mean.value)) return [];
      return {
        name: table.by.map((name) => String(group.by[name] ?? "not known")).join(" · ") || "all calls",
        points: { x: ranks.map(at), y: ranks.map((rank) => rank / (group.n + 1)) },
        n: group.n,
        bins: bins.filter(({ g }) => g === group.g).map(({ from, to, n }) => ({ from, to, n })),
        marks: Object.entries(row?.quantiles ?? {}).map(([p, estimate]) => ({ p: Number(p), estimate })),
      };
    });
  } finally {
    selection.close();
  }
}

/** Ranks spaced evenly over the body, and by a constant ratio towards the largest value. */
function ranksToDraw(n: number): number[] {
  const ranks = new Set<number>();
  for (let step = 0; step <= steps; step++) ranks.add(Math.round(1 + ((n - 1) * step) / steps));
  for (let step = 0; step <= steps; step++) ranks.add(n + 1 - Math.round(n ** (step / steps)));
  return [...ranks].sort((a, b) => a - b);
}
