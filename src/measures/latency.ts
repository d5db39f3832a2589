import { join } from "node:path";
import { clusteredQuantileRanks } from "../stats/clusteredQuantile";
import type { Estimate } from "../stats/estimate";
import { meanFromSums } from "../stats/mean";
import type { PowerSums } from "../stats/powerSums";
import { interpolateRank, quantileRank } from "../stats/quantile";
import { quantileEstimate } from "../stats/quantileEstimate";
import { type QuantileRanks, quantileRanks, ranksToFetch } from "../stats/quantileRanks";
import { ratioFromPowerSums } from "../stats/ratioInterval";
import { didYouMean } from "../store/nearest";
import type { Store } from "../store/open";
import { run } from "../store/query";
import { type Selection, select } from "../store/select";
import { statements } from "../store/statements";
import { type ClusterSums, clusterSums, meanPowerSums, meanTotals } from "./clusterSums";
import { type ClusterTotals, drawnRatio } from "./clusterTotals";
import { deviations, type GroupSummary, groupSummaries } from "./distribution";
import { checkOptions, type MeasureOptions } from "./options";
import { type Fetched, fetchOrderStatistics } from "./orderStatistics";
import type { Row, Table } from "./table";

const sql = statements<"measured">(join(__dirname, "latency.sql"));

/** The statement that makes the view `measured`, of the metric that the variable `metric` names. */
export const latencyView = sql.measured;

/** The metrics, their short names and units. */
const metrics = {
  duration: { unit: "s", names: ["duration"], what: "duration" },
  time_to_first_token: { unit: "s", names: ["time_to_first_token", "ttft"], what: "time to first token" },
  time_per_output_token: {
    unit: "s",
    names: ["time_per_output_token", "tpot"],
    what: "time per output token",
  },
  output_tokens_per_second: {
    unit: "tokens/s",
    names: ["output_tokens_per_second", "tps"],
    what: "number of output tokens with a duration",
  },
} as const;

/** What `latency` can measure. */
export type LatencyMetric = keyof typeof metrics;

/** How latency is measured. */
export interface LatencyOptions extends MeasureOptions {
  /** "duration" (default), "time_to_first_token" or "ttft", "time_per_output_token" or "tpot", "output_tokens_per_second". */
  metric?: LatencyMetric | "ttft" | "tpot" | "tps";
  /** Quantiles asked for. Default 0.5, 0.95, 0.99 and 0.999. */
  q?: readonly number[];
}

/** One line of a latency table. */
export interface LatencyRow extends Row {
  /** Calls that have the metric, timeouts included. */
  n: number;
  mean: Estimate;
  /** By probability, "0.99". */
  quantiles: Record<string, Estimate>;
  /** Of n, the timeouts: calls known only to last at least as long. */
  timeouts: number;
  /** Calls that failed, which have no latency. */
  failed: number;
}

/**
 * How long calls take: mean and quantiles of a metric, each with its interval.
 *
 * Quantiles are of type 7, their intervals fractional order statistics on the effective number of independent
 * calls; n counts calls. Timeouts stay in as waits of at least their duration; failed calls are counted apart.
 *
 * @returns a table with a row for each group of `by`: n, mean, quantiles by probability, timeouts, failed
 * @throws RangeError for a metric, probability, column, cluster or level that is none
 * @example
 * const table = await latency(await open(":memory:"));
 * table.rows.length // 0
 */
export async function latency(store: Store, options: LatencyOptions = {}): Promise<Table<LatencyRow>> {
  checkOptions("latency", options);
  const metric = metricOf(options.metric ?? "duration");
  const q = probabilities(options.q ?? [0.5, 0.95, 0.99, 0.999]);
  const selection = await select(store, options);
  try {
    await run(selection.connection, `set variable metric = '${metric}'; ${sql.measured}`);
    const groups = (await groupSummaries(selection)).map((group) => asStreamed(group, metric));
    const estimated = await estimates(selection, groups, q, metric, options);
    const rows = groups.map((group) => ({
      ...group.by,
      n: group.n,
      ...(estimated.get(group.g) as Pick<LatencyRow, "mean" | "quantiles">),
      timeouts: group.censored,
      failed: group.failed,
    }));
    return {
      measure: "latency",
      by: selection.by,
      rows,
      notes: [...selection.notes, ...notes(groups, metric)],
    };
  } finally {
    selection.close();
  }
}

/**
 * Where calls that went well have no time to first token, answers are not streamed, and the wait that a timeout cut
 * off was for the whole answer: it has none either.
 */
export function asStreamed(group: GroupSummary, metric: LatencyMetric): GroupSummary {
  const { n, censored, missing } = group;
  if (metric !== "time_to_first_token" || n === 0 || n > censored || missing === 0) return group;
  return { ...group, n: 0, censored: 0, missing: missing + n, total: 0, buckets: [] };
}

/** The metric that a name or short name stands for. */
export function metricOf(asked: string): LatencyMetric {
  for (const [metric, { names }] of Object.entries(metrics)) {
    if ((names as readonly string[]).includes(asked)) return metric as LatencyMetric;
  }
  const known = Object.values(metrics).flatMap(({ names }) => names as readonly string[]);
  throw new RangeError(
    `latency requires a metric of ${known.join(", ")}, got "${asked}"${didYouMean(asked, known)}`,
  );
}

function probabilities(q: readonly number[]): number[] {
  for (const p of q) {
    if (!(p >= 0 && p <= 1)) {
      throw new RangeError(
        `latency requires 0 <= q <= 1, got ${p}${p > 1 && p <= 100 ? `; did you mean ${p / 100}?` : ""}`,
      );
    }
  }
  return [...new Set(q)].sort((a, b) => a - b);
}

type Estimated = Pick<LatencyRow, "mean" | "quantiles">;

/** Mean and quantiles of every group, by the units and options of a metric. */
export async function estimates(
  selection: Selection,
  groups: GroupSummary[],
  q: number[],
  metric: LatencyMetric,
  options: LatencyOptions,
): Promise<Map<bigint, Estimated>> {
  const { level = 0.95, interval = "auto" } = options;
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
  const { unit } = metrics[metric];
  const means =
    interval === "bootstrap"
      ? await bootstrapMeans(selection, groups, { level, seed: options.seed, clusterBy, unit })
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
  const estimate =
    bootstrapped ??
    meanFromSums({ n, total, deviations: squares, ...(sums ?? { residualCubes: cubes }) }, options);
  if (censored === 0) return estimate;
  // A timeout would have lasted longer: the mean is known from below alone.
  const note = `at least this: ${censored} of ${n} calls are timeouts`;
  return {
    ...estimate,
    high: Number.POSITIVE_INFINITY,
    note: estimate.note ? `${note}; ${estimate.note}` : note,
  };
}

function notes(groups: GroupSummary[], metric: LatencyMetric): string[] {
  const sum = (count: (group: GroupSummary) => number) =>
    groups.reduce((all, group) => all + count(group), 0);
  const [n, missing, failed, timeouts] = [
    sum((group) => group.n),
    sum((group) => group.missing),
    sum((group) => group.failed),
    sum((group) => group.censored),
  ];
  const calls = n + missing + failed;
  const { what } = metrics[metric];
  const said: string[] = [];
  if (calls === 0) return ["No call is selected."];
  if (n === 0 && failed < calls) return [`No call has a ${what}: latency cannot be measured on this log.`];
  if (missing > 0) said.push(`${missing} of ${calls} calls have no ${what} and are left out.`);
  if (failed > 0) said.push(`${failed} of ${calls} calls failed; they have no latency and are left out.`);
  if (timeouts > 0) {
    said.push(`${timeouts} calls timed out; they stay in as waits of at least their duration.`);
  }
  return said;
}
