import assert from "node:assert/strict";
import type { LatencyRow } from "../../src/measures/latency/latency";
import { type LatencyMetric, waits } from "../../src/measures/metricKinds";
import type { Table } from "../../src/measures/table";
import { type Estimate, noteOf, toldBy } from "../../src/stats/estimate";
import { meanInterval } from "../../src/stats/meanInterval";
import { quantile } from "../../src/stats/quantile";
import { quantileInterval } from "../../src/stats/quantileInterval";
import { near } from "../same";
import type { Call } from "./calls";

/** The expected latency row, from plain rows. */
export interface Expected {
  n: number;
  timeouts: number;
  failed: number;
  missing: number;
  values: number[];
  clusters: string[];
  censored: boolean[];
}

// No wait is below 0, and no number of tokens.
const has = (x: unknown): x is number => typeof x === "number" && x >= 0;

/** The metric of one call by definition: a value, a lower limit, a failed call or a missing value. */
export function measure(
  call: Call,
  metric: LatencyMetric,
): number | { atLeast: number } | "failed" | "missing" {
  const [duration, first, tokens] = [call.duration, call.time_to_first_token, call.output_tokens];
  const value = (x: unknown) => (has(x) ? x : "missing");
  const status = call.status ?? "ok";
  if (status !== "ok" && status !== "timeout") return "failed";
  const late = status === "timeout";
  if (metric === "duration") return late && has(duration) ? { atLeast: duration } : value(duration);
  if (metric === "time_to_first_token") {
    if (has(first)) return first;
    return late && has(duration) && call.stream !== false ? { atLeast: duration } : "missing";
  }
  if (late) return "failed";
  if (metric === "time_per_output_token")
    return has(duration) && has(first) && has(tokens) && tokens > 1 && duration >= first
      ? (duration - first) / (tokens - 1)
      : "missing";
  return has(duration) && has(tokens) && duration > 0 ? tokens / duration : "missing";
}

/** Groups calls and gathers each group's values, clusters and flags. */
export function gather(
  calls: readonly Call[],
  { metric = "duration", by, cluster }: { metric?: LatencyMetric; by: string[]; cluster: string },
): Map<string, Expected> {
  const groups = new Map<string, Expected>();
  for (const [at, call] of calls.entries()) {
    const key = keyOf(by, call);
    const group = groups.get(key) ?? {
      n: 0,
      timeouts: 0,
      failed: 0,
      missing: 0,
      values: [],
      clusters: [],
      censored: [],
    };
    groups.set(key, group);
    const found = measure(call, metric);
    if (found === "failed") group.failed++;
    else if (found === "missing") group.missing++;
    else {
      group.n++;
      group.values.push(typeof found === "number" ? found : found.atLeast);
      group.censored.push(typeof found !== "number");
      if (typeof found !== "number") group.timeouts++;
      group.clusters.push(String(call[cluster] ?? call.call_id ?? `c${at}`));
    }
  }
  // If no successful call has a first token, answers are not streamed.
  for (const [key, group] of groups) {
    if (metric !== "time_to_first_token" || group.missing === 0 || group.n > group.timeouts) continue;
    const missing = group.missing + group.n;
    groups.set(key, { ...group, n: 0, timeouts: 0, missing, values: [], clusters: [], censored: [] });
  }
  return groups;
}

/** A group's `by` values as one text. */
export function keyOf(by: readonly string[], row: Record<string, unknown>): string {
  return JSON.stringify(by.map((name) => row[name] ?? null));
}

/** Fails unless two estimates are the same. */
export function same(
  actual: Estimate,
  wanted: Estimate,
  what: string,
  { relative = 1e-9, absolute = 0 }: { relative?: number; absolute?: number } = {},
): void {
  near(actual.value, wanted.value, `${what} value`, relative, absolute);
  near(actual.low, wanted.low, `${what} low`, relative, absolute);
  near(actual.high, wanted.high, `${what} high`, relative, absolute);
  for (const name of ["method", "n", "clusters", "clusterBy", "level"] as const)
    assert.equal(actual[name], wanted[name], `${what} ${name}`);
  if (wanted.designEffect !== undefined)
    near(actual.designEffect ?? Number.NaN, wanted.designEffect, `${what} designEffect`, 1e-6);
  // What looks wrong in a log, plain numbers do not know.
  const [told, expected] = [actual, wanted].map((estimate) =>
    noteOf(toldBy(estimate).filter(({ id }) => !id.startsWith("doubt."))),
  );
  assert.equal(told, expected, `${what} note`);
}

/** Fails unless a latency table for these calls matches statistics on plain arrays. */
export function sameAsPlain(
  table: Table<LatencyRow>,
  calls: readonly Call[],
  {
    by,
    cluster,
    metric = "duration",
    q,
    level = 0.95,
  }: { by: string[]; cluster: string; metric?: LatencyMetric; q: readonly number[]; level?: number },
): void {
  const groups = gather(calls, { by, cluster, metric });
  assert.deepEqual(
    table.rows.map((row) => keyOf(by, row)).sort(),
    [...groups.keys()].sort(),
    "one row per group",
  );
  const clustered = cluster !== "call_id";
  for (const row of table.rows) {
    const key = keyOf(by, row);
    const group = groups.get(key) as Expected;
    const { values, censored, clusters } = group;
    assert.deepEqual(
      { n: row.n, timeouts: row.timeouts, failed: row.failed },
      { n: group.n, timeouts: group.timeouts, failed: group.failed },
      key,
    );
    const options = {
      level,
      clusterBy: cluster,
      counted: values.length === 0 ? `calls with a ${waits[metric].what}` : "calls",
      ...(clustered ? { clusters } : {}),
      ...(group.timeouts > 0 ? { censored } : {}),
    };
    for (const p of q) {
      const actual = row.quantiles[String(p)];
      assert.equal(actual.value, quantile(values, p), `${key} p=${p}: type 7, to the last bit`);
      same(actual, quantileInterval(values, p, options), `${key} p=${p}`);
    }
    sameMean(row.mean, values, options, key);
  }
}

function sameMean(
  actual: Estimate,
  values: number[],
  options: Parameters<typeof meanInterval>[1] & object,
  key: string,
): void {
  const wanted = meanInterval(values, options);
  const what = `${key} mean`;
  const size = values.reduce((sum, x) => sum + Math.abs(x), 0) / values.length;
  const absolute = Number.isFinite(size) ? 1e-9 * size : 0;
  near(actual.value, wanted.value, what, 1e-9, absolute);
  assert.equal(actual.n, wanted.n, what);
  if (options.clusters === undefined && actual.method !== wanted.method) return;
  // Without clusters the skewness is computed from buckets, which loses a little of it.
  const slack = options.clusters === undefined ? 0.02 * (wanted.high - wanted.low) : 0;
  const wide = Number.isFinite(slack)
    ? Math.max(absolute, slack)
    : Math.max(absolute, 0.02 * (wanted.value - wanted.low));
  near(actual.low, Math.max(0, wanted.low), `${what} low`, 1e-6, wide);
  near(actual.high, wanted.high, `${what} high`, 1e-6, wide);
}
