import { join } from "node:path";
import { inspect } from "node:util";
import type { Selection } from "../../facts/select";
import { grouped } from "../../stats/text";
import type { Store } from "../../store/open";
import { rowsOf } from "../../store/run";
import { statements } from "../../store/statements";
import { withCalls } from "../behind";
import type { GroupSummary } from "../estimate/distribution";
import { type Spread, spreads } from "../estimate/spread";
import { type LatencyMetric, waits } from "../metrics";
import { type MeasureOptions, requestOf } from "../options";
import type { Row, Table } from "../table";
import { meanOrTail } from "./meanOrTail";
import { behindNumber, measuredNumber, type UnitNumber, waitNamed } from "./number";
import { shapeQuantiles, type TailShape, tailShapes } from "./tailShape";

export type { LatencyMetric } from "../metrics";

const sql = statements<"known">(join(__dirname, "latency.sql"));

/** How latency is measured. */
export interface LatencyOptions extends MeasureOptions {
  /** "duration" (default), "time_to_first_token" or "ttft", "time_per_output_token" or "tpot", "output_tokens_per_second". */
  metric?: LatencyMetric | "ttft" | "tpot" | "tps";
  /** Quantiles to estimate. Default 0.5, 0.95, 0.99 and 0.999. */
  q?: readonly number[];
  /** Also the trimmed mean, p99 over p50, and the share of all waiting in the slowest 1 %. Default false. */
  more?: boolean;
}

/** One line of a latency table. */
export interface LatencyRow extends Row, Spread, Partial<TailShape> {
  /** Calls that have the metric, timeouts included. */
  n: number;
  /** The timeouts among n: calls known only to last at least that long. */
  timeouts: number;
  /** Calls that failed, which have no latency. */
  failed: number;
}

/**
 * How long calls take: mean and quantiles of a metric, each with its interval.
 *
 * Quantiles are of type 7; their intervals are fractional order statistics on the effective number of
 * independent calls. n counts calls. Timeouts stay in as waits of at least their duration; failed calls are
 * counted apart. With `more`, the notes also say where one model is fastest by the mean and another by p95.
 *
 * @returns a table with a row for each group of `by`: n, mean, quantiles by probability, timeouts, failed
 * @throws RangeError for an invalid metric, probability, column, cluster or level
 * @example
 * const store = await openDemo();
 * const { rows } = await latency(store, { by: "model", where: "workload = 'document-review'", q: [0.5] });
 * rows[0].quantiles["0.5"].value.toFixed(1) // "14.9"
 */
export async function latency(store: Store, options: LatencyOptions = {}): Promise<Table<LatencyRow>> {
  const request = requestOf("latency", options);
  const wait = waitNamed("latency", options.metric ?? "duration");
  const q = probabilities("latency", options.q ?? [0.5, 0.95, 0.99, 0.999]);
  const measured = await measuredNumber(store, wait, request, true);
  const { selection, summaries, groups } = measured;
  try {
    const { unit } = wait;
    const allQuantiles = options.more ? [...new Set([...q, ...shapeQuantiles])].sort((a, b) => a - b) : q;
    const estimated = await spreads(summaries, groups, allQuantiles, { ...options, unit, what: wait.what });
    const shapes = options.more ? await tailShapes(measured, estimated, { ...options, unit }) : undefined;
    const rows = groups.map((group): LatencyRow => {
      const { mean, quantiles } = estimated.get(group.g) as Spread;
      return {
        ...group.by,
        n: group.n,
        mean,
        quantiles: Object.fromEntries(q.map((p) => [String(p), quantiles[String(p)]])),
        ...shapes?.get(group.g),
        timeouts: group.censored,
        failed: group.failed,
      };
    });
    const said = options.more
      ? meanOrTail(
          groups.map(({ g, by }) => ({ ...by, ...(estimated.get(g) as Spread) })),
          selection.by,
          wait,
        )
      : [];
    const without = await withoutStatus(selection, groups);
    return withCalls(
      {
        measure: "latency",
        by: selection.by,
        rows,
        notes: [...selection.notes, ...notes(groups, wait), ...without, ...said],
      },
      (again) => latency(again, options),
      behindNumber<LatencyRow>(wait),
    );
  } finally {
    selection.close();
  }
}

/** The requested quantiles, ascending. */
export function probabilities(caller: string, q: readonly number[]): number[] {
  if (!Array.isArray(q))
    throw new TypeError(
      `${caller} requires q to be a list of shares, such as [0.5, 0.95], got ${inspect(q)}`,
    );
  for (const p of q) {
    if (!(p >= 0 && p <= 1)) {
      throw new RangeError(
        `${caller} requires 0 <= q <= 1, got ${p}${p > 1 && p <= 100 ? `; did you mean ${p / 100}?` : ""}`,
      );
    }
  }
  return [...new Set(q)].sort((a, b) => a - b);
}

function notes(groups: GroupSummary[], { name, what }: UnitNumber): string[] {
  const sum = (count: (group: GroupSummary) => number) =>
    groups.reduce((all, group) => all + count(group), 0);
  const [n, missing, failed, timeouts] = [
    sum((group) => group.n),
    sum((group) => group.missing),
    sum((group) => group.failed),
    sum((group) => group.censored),
  ];
  const calls = n + missing + failed;
  const said: string[] = [];
  if (calls === 0) return ["No call is selected."];
  if (n === 0 && failed < calls) return [`No call has a ${what}: latency cannot be measured on this log.`];
  if (missing > 0)
    said.push(
      `${grouped(missing)} of ${grouped(calls)} calls have no ${what}, or one below 0, and are left out.`,
    );
  // A rate of tokens is that of whole answers: a timeout has none either.
  const isCut = !(name in waits) || waits[name as LatencyMetric].cut !== "false";
  if (failed > 0)
    said.push(
      isCut
        ? `${grouped(failed)} of ${grouped(calls)} calls failed; they have no latency and are left out.`
        : `${grouped(failed)} of ${grouped(calls)} calls failed or timed out; they have no whole answer and are left out.`,
    );
  if (timeouts > 0) {
    said.push(`${grouped(timeouts)} calls timed out; they stay in as waits of at least their duration.`);
  }
  return said;
}

// A count of 0 failed calls or timeouts is only known if some call has a status.
async function withoutStatus({ connection }: Selection, groups: GroupSummary[]): Promise<string[]> {
  const calls = groups.some(({ n }) => n > 0);
  if (!calls || groups.some(({ failed, censored }) => failed + censored > 0)) return [];
  const [{ known }] = await rowsOf<{ known: boolean }>(connection, sql.known);
  return known ? [] : ["No call has a status: failed calls and timeouts, if any, are among the others."];
}
