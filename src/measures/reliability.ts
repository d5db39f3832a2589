import { join } from "node:path";
import type { Estimate } from "../stats/estimate";
import type { PowerSums } from "../stats/powerSums";
import { type RateSums, rateFromSums } from "../stats/rate";
import { ratioFromPowerSums } from "../stats/ratioInterval";
import type { Store } from "../store/open";
import { rowsOf, run } from "../store/query";
import { select } from "../store/select";
import { statements } from "../store/statements";
import { type ClusterTotals, drawnRatio, mostDrawn } from "./clusterTotals";
import { checkOptions, type MeasureOptions } from "./options";
import type { Row, Table } from "./table";

const sql = statements<"groups" | "counts" | "clusters" | "sums" | "power_sums" | "totals">(
  join(__dirname, "reliability.sql"),
);

/** One line of a reliability table: rates are shares of calls. */
export interface ReliabilityRow extends Row {
  calls: number;
  /** Calls that failed for any reason but being cancelled: errors, timeouts and rate limits together. */
  error_rate: Estimate;
  timeout_rate: Estimate;
  rate_limited_rate: Estimate;
  cancelled_rate: Estimate;
  /** Calls that are a second or later attempt of their task. */
  retry_rate: Estimate;
  /** Calls that stand in for another model. */
  fallback_rate: Estimate;
}

type Count = "calls" | "known" | "attempts" | Kind;
type Kind = "error" | "timeout" | "rate_limited" | "cancelled" | "retry" | "fallback";
type Counts = Record<Count, number> & { g: number | string };
/** A group, as the engine's key of it, and a kind. */
interface Key {
  g: number | string;
  kind: Kind;
}
type Sums = Omit<RateSums, "n" | "events"> & Key;
const keyOf = ({ g, kind }: Key) => `${g} ${kind}`;
const byKey = <T extends Key>(rows: T[]) => new Map(rows.map((row) => [keyOf(row), row]));

/** Each kind with the calls that can tell. A tool that numbers attempts leaves the number out of the first. */
const tells: Record<Kind, "known" | "calls"> = {
  error: "known",
  timeout: "known",
  rate_limited: "known",
  cancelled: "known",
  retry: "calls",
  fallback: "calls",
};

/**
 * How often calls fail, are cut off, are limited, are made again or are answered by another model.
 *
 * Rates have Wilson intervals on the effective number of independent calls; n counts the calls that can tell:
 * those with a status, for retries and fallbacks all of them.
 *
 * @returns a table with a row for each group of `by`: calls and the rates
 * @throws RangeError for a column, cluster or level that is none
 * @example
 * const table = await reliability(await open(":memory:"));
 * table.rows.length // 0
 */
export async function reliability(
  store: Store,
  options: MeasureOptions = {},
): Promise<Table<ReliabilityRow>> {
  checkOptions("reliability", options);
  const selection = await select(store, options);
  try {
    const { connection, by, clusterBy } = selection;
    const groups = await rowsOf<{ g: Key["g"]; by: Row }>(connection, sql.groups);
    const counts = await rowsOf<Counts>(connection, sql.counts);
    await run(connection, sql.clusters);
    const sums = clusterBy === "call_id" ? [] : await rowsOf<Sums>(connection, sql.sums);
    const bootstrap = options.interval === "bootstrap";
    const laws = bootstrap ? await rowsOf<PowerSums & Key>(connection, sql.power_sums) : [];
    const few = bootstrap
      ? await rowsOf<ClusterTotals & Key>(connection, sql.totals, { most: mostDrawn })
      : [];
    const [clustered, law, totals] = [byKey(sums), byKey(laws), byKey(few)];
    const counted = new Map(counts.map((one) => [one.g, one]));
    const rows = groups.map((group) => {
      const found = counted.get(group.g) as Counts;
      const estimated = (Object.keys(tells) as Kind[]).map((kind) => {
        const key = keyOf({ g: group.g, kind });
        const known = { sums: clustered.get(key), law: law.get(key), totals: totals.get(key) };
        return [`${kind}_rate`, rateOf(found, kind, known, { ...options, clusterBy })];
      });
      const own = by.length === 0 ? {} : group.by;
      return { ...own, calls: found.calls, ...Object.fromEntries(estimated) } as ReliabilityRow;
    });
    return { measure: "reliability", by, rows, notes: [...selection.notes, ...notes(counts)] };
  } finally {
    selection.close();
  }
}

interface Known {
  sums?: Sums;
  law?: PowerSums;
  totals?: ClusterTotals;
}

function rateOf(
  counts: Counts,
  kind: Kind,
  { sums, law, totals }: Known,
  { level = 0.95, seed, clusterBy }: { level?: number; seed?: number; clusterBy: string },
): Estimate {
  // Without a single numbered attempt, retries cannot be told from first calls.
  const told = kind !== "retry" || counts.attempts > 0;
  const n = told ? counts[tells[kind]] : 0;
  const events = told ? counts[kind] : 0;
  const options = { level, clusterBy, counted: "calls", unit: "1" };
  const plain = rateFromSums({ ...(n > 0 ? sums : {}), n, events }, options);
  if (!told) return { ...plain, note: "no call has an attempt number" };
  // Where no call is bad, or every one, all resamples are alike and say nothing: the plain interval stands.
  if (law === undefined || events === 0 || events === n) return plain;
  const bootstrapped = ratioFromPowerSums(law, options);
  if (bootstrapped.method.startsWith("bootstrap")) return { ...bootstrapped, n };
  return totals === undefined ? plain : drawnRatio(totals, n, { ...options, seed });
}

function notes(counts: Counts[]): string[] {
  const total = (name: Count) => counts.reduce((sum, row) => sum + row[name], 0);
  const calls = total("calls");
  if (calls === 0) return ["No call is selected."];
  const said = [
    "The error rate counts errors, timeouts and rate limits; cancelled calls have a rate of their own.",
  ];
  const known = total("known");
  if (known === 0) {
    said.push("No call has a status: the rates of failure cannot be measured on this log.");
  } else if (known < calls) {
    said.push(`${calls - known} of ${calls} calls have no status and are left out of those rates.`);
  }
  if (total("attempts") === 0) said.push("No call has an attempt number: retries cannot be told.");
  return said;
}
