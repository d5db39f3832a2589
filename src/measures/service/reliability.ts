import { join } from "node:path";
import type { Estimate } from "../../stats/estimate";
import { grouped } from "../../stats/quantileEstimate";
import { rateFromSums } from "../../stats/rate";
import { sparing } from "../../store/grain";
import type { Store } from "../../store/open";
import { rowsOf, run } from "../../store/query";
import { select } from "../../store/select";
import { statements } from "../../store/statements";
import { type GroupKey, type Ratios, ratiosOf } from "../estimate/ratios";
import { checkOptions, type MeasureOptions } from "../options";
import type { Row, Table } from "../table";

const sql = statements<"groups" | "counts" | "kinds">(join(__dirname, "reliability.sql"));

/** One line of a reliability table: rates are shares of calls. */
export interface ReliabilityRow extends Row {
  calls: number;
  /** Calls with any status but "ok" and "cancelled": errors, timeouts, rate limits and statuses of no known word. */
  error_rate: Estimate;
  timeout_rate: Estimate;
  rate_limited_rate: Estimate;
  cancelled_rate: Estimate;
  /** Calls that are a second or later attempt of their task. */
  retry_rate: Estimate;
  /** Calls that stand in for another model. */
  fallback_rate: Estimate;
}

type Count = "calls" | "known" | "attempts" | "strange" | Kind;
type Kind = "error" | "timeout" | "rate_limited" | "cancelled" | "retry" | "fallback";
type Counts = Record<Count, number> & { g: GroupKey; a_strange: string | null };

/** Each kind with the calls that can tell. A tool that numbers attempts may leave the number out of the first. */
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
 * those with a status; for retries and fallbacks all of them, where the log numbers attempts at all.
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
  const selection = await select(store, { ...options, hours: true });
  try {
    const { connection, by, clusterBy } = selection;
    const groups = await rowsOf<{ g: GroupKey; by: Row }>(connection, sql.groups);
    const counts = await rowsOf<Counts>(connection, sql.counts);
    const counted = new Map(counts.map((one) => [one.g, one]));
    const settings = { ...options, clusterBy };
    let ratios: Ratios | undefined;
    // Where every call is its own, the counts have all that a plain interval needs.
    if (clusterBy !== "call_id" || options.interval === "bootstrap") {
      await run(connection, sql.kinds);
      const calls = counts.reduce((sum, row) => sum + row.calls, 0);
      const every = sparing(calls, counts.length);
      ratios = await ratiosOf(connection, { ...settings, hours: selection.hours, every, whole: true });
    }
    const rows = groups.map(({ g, by: own }) => {
      const found = counted.get(g) as Counts;
      const rates = (Object.keys(tells) as Kind[]).map((kind) => [
        `${kind}_rate`,
        rateOf(found, kind, ratios, settings),
      ]);
      const named = by.length === 0 ? {} : own;
      return { ...named, calls: found.calls, ...Object.fromEntries(rates) } as ReliabilityRow;
    });
    return { measure: "reliability", by, rows, notes: [...selection.notes, ...notes(counts)] };
  } finally {
    selection.close();
  }
}

function rateOf(
  counts: Counts,
  kind: Kind,
  ratios: Ratios | undefined,
  { level, clusterBy }: { level?: number; clusterBy: string },
): Estimate {
  const plain = { level, clusterBy, unit: "1", counted: "calls" };
  const unknown = untold(counts, kind);
  if (unknown !== undefined) return { ...rateFromSums({ n: 0, events: 0 }, plain), note: unknown };
  const n = counts[tells[kind]];
  if (ratios === undefined || n === 0) return rateFromSums({ n, events: counts[kind] }, plain);
  return ratios.rate(counts.g, kind, { n, unit: "1", counted: "calls" });
}

/** Why a log cannot tell: none of a kind, in a log that never names it, is not known to be none. */
function untold({ attempts, fallback }: Counts, kind: Kind): string | undefined {
  if (attempts > 0) return undefined;
  if (kind === "retry") return "no call has an attempt number";
  if (kind === "fallback" && fallback === 0) return "no call has an attempt number or names a fallback";
  return undefined;
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
    said.push(
      `${grouped(calls - known)} of ${grouped(calls)} calls have no status and are left out of those rates.`,
    );
  }
  const strange = total("strange");
  if (strange > 0) {
    const [word] = counts.flatMap(({ a_strange }) => a_strange ?? []).sort();
    said.push(
      `${grouped(strange)} of ${grouped(calls)} calls have a status that is none of ok, error, timeout, rate_limited and cancelled, such as ${JSON.stringify(word)}: they count as errors; a mapping can tell what it means.`,
    );
  }
  if (total("attempts") === 0)
    said.push("No call has an attempt number: retries and fallbacks cannot be told.");
  return said;
}
