import { join } from "node:path";
import { inspect } from "node:util";
import { type Selection, select } from "../../facts/select";
import { grouped } from "../../stats/text";
import { didYouMean } from "../../store/nearest";
import type { Store } from "../../store/open";
import { rowsOf, run } from "../../store/query";
import { statements } from "../../store/statements";
import { type GroupSummary, groupSummaries } from "../estimate/distribution";
import { duckdbSummaries } from "../estimate/duckdbSummaries";
import { type Spread, spreads } from "../estimate/spread";
import { checkOptions, type MeasureOptions } from "../options";
import type { Row, Table } from "../table";

const sql = statements<"measured" | "known">(join(__dirname, "latency.sql"));

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
export interface LatencyRow extends Row, Spread {
  /** Calls that have the metric, timeouts included. */
  n: number;
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
 * @throws RangeError for an invalid metric, probability, column, cluster or level
 * @example
 * const store = await openDemo();
 * const { rows } = await latency(store, { by: "model", where: "workload = 'document-review'", q: [0.5] });
 * rows[0].quantiles["0.5"].value.toFixed(1) // "14.9"
 */
export async function latency(store: Store, options: LatencyOptions = {}): Promise<Table<LatencyRow>> {
  checkOptions("latency", options);
  const metric = metricOf(options.metric ?? "duration");
  const q = probabilities(options.q ?? [0.5, 0.95, 0.99, 0.999]);
  const selection = await select(store, { ...options, hours: true });
  try {
    await run(selection.connection, `set variable metric = '${metric}'; ${sql.measured}`);
    const summaries = await duckdbSummaries(selection);
    const groups = (await groupSummaries(summaries, selection.by)).map((group) => asStreamed(group, metric));
    const estimated = await spreads(summaries, groups, q, { ...options, unit: metrics[metric].unit });
    const rows = groups.map((group) => ({
      ...group.by,
      n: group.n,
      ...(estimated.get(group.g) as Spread),
      timeouts: group.censored,
      failed: group.failed,
    }));
    return {
      measure: "latency",
      by: selection.by,
      rows,
      notes: [...selection.notes, ...notes(groups, metric), ...(await withoutStatus(selection, groups))],
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
  if (!Array.isArray(q))
    throw new TypeError(`latency requires q to be a list of shares, such as [0.5, 0.95], got ${inspect(q)}`);
  for (const p of q) {
    if (!(p >= 0 && p <= 1)) {
      throw new RangeError(
        `latency requires 0 <= q <= 1, got ${p}${p > 1 && p <= 100 ? `; did you mean ${p / 100}?` : ""}`,
      );
    }
  }
  return [...new Set(q)].sort((a, b) => a - b);
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
  if (missing > 0)
    said.push(
      `${grouped(missing)} of ${grouped(calls)} calls have no ${what}, or one below 0, and are left out.`,
    );
  if (failed > 0)
    said.push(`${grouped(failed)} of ${grouped(calls)} calls failed; they have no latency and are left out.`);
  if (timeouts > 0) {
    said.push(`${grouped(timeouts)} calls timed out; they stay in as waits of at least their duration.`);
  }
  return said;
}

// No failed call and no timeout is known to be none only where some call says how it went.
async function withoutStatus({ connection }: Selection, groups: GroupSummary[]): Promise<string[]> {
  const calls = groups.some(({ n }) => n > 0);
  if (!calls || groups.some(({ failed, censored }) => failed + censored > 0)) return [];
  const [{ known }] = await rowsOf<{ known: boolean }>(connection, sql.known);
  return known ? [] : ["No call has a status: failed calls and timeouts, if any, are among the others."];
}
