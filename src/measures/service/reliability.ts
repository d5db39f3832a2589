import { join } from "node:path";
import { callsAlone } from "../../facts/cluster";
import { clusterSampleRate } from "../../facts/grain";
import { groupsOf } from "../../facts/select";
import { type Estimate, renoted } from "../../stats/estimate";
import { rateFromSums } from "../../stats/rate";
import { type Reservation, reserve } from "../../stats/reservation";
import { grouped } from "../../stats/text";
import { rowsOf } from "../../store/run";
import { statements } from "../../store/statements";
import { sumOf } from "../behind";
import { defineMeasure, type Result } from "../define";
import { doubted } from "../doubted";
import { countsAlone } from "../estimate/duckdbRatios";
import { type GroupKey, ratiosOf } from "../estimate/ratios";
import { metricSums } from "../metricSums";
import { ratiosIn } from "../metrics";
import type { Keyed } from "../table";
import { noCallSelected } from "../whyEmpty";

const sql = statements<"counts">(join(__dirname, "reliability.sql"));

/** One line of a reliability table: rates are shares of calls. */
export type ReliabilityRow = Keyed<{
  calls: number;
  /** Calls with any status but "ok" and "cancelled": errors, timeouts, rate limits and unknown statuses. */
  error_rate: Estimate;
  timeout_rate: Estimate;
  rate_limited_rate: Estimate;
  cancelled_rate: Estimate;
  /** Calls that are a second or later attempt of their task. */
  retry_rate: Estimate;
  /** Calls to a model that stands in for another (fallbacks). */
  fallback_rate: Estimate;
}>;

/** A rate of errors, doubted below for the statuses that nothing knows: each may be of a call that went well. */
function statusesDoubted(rate: Estimate, { strange, with_status, a_strange }: Counts): Estimate {
  if (strange === 0) return rate;
  const numbers = { strange, of: with_status, example: JSON.stringify(a_strange) };
  return doubted(rate, { less: strange / with_status }, reserve("doubt.statuses", numbers));
}

const ofStatus: readonly string[] = ["error_rate", "timeout_rate", "rate_limited_rate", "cancelled_rate"];

/** A rate of calls with a status, doubted where others have none: all of them may have gone well, or none. */
function withoutStatusDoubted(rate: Estimate, { calls, with_status }: Counts): Estimate {
  const without = calls - with_status;
  if (without === 0 || with_status === 0) return rate;
  const [less, more] = [rate.value, 1 - rate.value].map((of) => (of * without) / calls);
  // Nothing is below none of the calls, nor above all of them.
  const id =
    less === 0 ? "doubt.no-status-of-none" : more === 0 ? "doubt.no-status-of-all" : "doubt.no-status";
  return doubted(rate, { less, more }, reserve(id, { without, of: calls }));
}

/** The engine's counts for one group, besides the rates. */
interface Counts {
  g: GroupKey;
  calls: number;
  with_status: number;
  attempts: number;
  fallbacks: number;
  strange: number;
  a_strange: string | null;
}

/**
 * How often calls fail, are cut off, are rate limited, are retried or are answered by another model.
 *
 * Rates have Wilson intervals on the effective number of independent calls; n counts the calls with a status;
 * for retries and fallbacks it counts all calls, if the log numbers attempts at all.
 *
 * @returns a table with a row for each group of `by`: calls and the rates
 * @throws RangeError for an invalid column, cluster or level
 * @example
 * const store = await openDemo();
 * const { rows } = await reliability(store, { by: "model" });
 * rows[0].error_rate.value.toFixed(3) // "0.029"
 */
export const reliability = defineMeasure({
  name: "reliability",
  about: "rates of errors, timeouts, rate limits, retries and fallbacks",
  needs: ["status"],
  parts: { "reliability: retries": ["attempt"] },
  selects: { hours: true },
  async table({ selection, options }): Promise<Result<ReliabilityRow>> {
    const { connection, by, clusterBy } = selection;
    const { level = 0.95, interval } = options;
    const metrics = ratiosIn("reliability");
    const counts = await rowsOf<Counts>(connection, sql.counts);
    const countsOf = new Map(counts.map((group) => [String(group.g), group]));
    const calls = counts.reduce((sum, row) => sum + row.calls, 0);
    // If every call is its own cluster, a plain interval needs only counts.
    const alone = callsAlone(clusterBy) && interval !== "bootstrap";
    const ratios = await ratiosOf(selection, metricSums(metrics, "selected", "hash(cluster)"), {
      ...options,
      hours: selection.hours,
      every: clusterSampleRate(calls, counts.length),
      clusterBy,
      whole: true,
      ...(alone ? { law: countsAlone(metricSums(metrics, "selected", "0::ubigint")) } : {}),
    });
    const rows = (await groupsOf(selection)).map(({ g, by: keys }) => {
      const group = countsOf.get(g) as Counts;
      const rates = metrics.map(({ name, unit }) => {
        const why = unknown(group, name);
        const n = why === undefined ? ratios.size(group.g, name) : 0;
        const about = { level, clusterBy, unit, counted: "calls" };
        const none = n === 0 ? rateFromSums({ n, events: 0 }, about) : undefined;
        const rate = none ?? ratios.rate(group.g, name, { ...about, n });
        if (why !== undefined) return [name, renoted(rate, [why])];
        const known = ofStatus.includes(name) ? withoutStatusDoubted(rate, group) : rate;
        return [name, name === "error_rate" ? statusesDoubted(known, group) : known];
      });
      return {
        ...(by.length === 0 ? {} : keys),
        calls: group.calls,
        ...Object.fromEntries(rates),
      } as ReliabilityRow;
    });
    return {
      rows,
      notes: notesOf(counts),
      behind: {
        from: `select g, at_row, (${metrics[0].source.numerator})::int as amount from selected`,
        amount: { name: "failed", first: "failed" },
        n: ({ calls }) => calls,
        total: ({ error_rate }) => sumOf(error_rate),
      },
    };
  },
});

/** Says that the log does not number attempts. */
export const noAttempt = reserve("none.has", { unit: "call", what: "an attempt number" });

/**
 * Why a rate isn't known: if the log never mentions a kind of call, its absence doesn't mean that there were
 * none.
 */
function unknown({ attempts, fallbacks }: Counts, name: string): Reservation | undefined {
  if (attempts > 0) return undefined;
  if (name === "retry_rate") return noAttempt;
  if (name === "fallback_rate" && fallbacks === 0)
    return reserve("none.has", { unit: "call", what: "an attempt number or names a fallback" });
  return undefined;
}

function notesOf(counts: Counts[]): string[] {
  const total = (name: Exclude<keyof Counts, "g" | "a_strange">) =>
    counts.reduce((sum, row) => sum + row[name], 0);
  const calls = total("calls");
  if (calls === 0) return [noCallSelected];
  const notes = [
    "The error rate counts errors, timeouts and rate limits among all calls with a status; cancelled calls count as not failed and have a rate of their own.",
  ];
  const known = total("with_status");
  if (known === 0) {
    notes.push("No call has a status: the rates of failure cannot be measured on this log.");
  } else if (known < calls) {
    notes.push(
      `${grouped(calls - known)} of ${grouped(calls)} calls have no status and are left out of those rates.`,
    );
  }
  const strange = total("strange");
  if (strange > 0) {
    const [word] = counts.flatMap(({ a_strange }) => a_strange ?? []).sort();
    notes.push(
      `${grouped(strange)} of ${grouped(calls)} calls have an unknown status (not ok, error, timeout, rate_limited or cancelled), such as ${JSON.stringify(word)}: they count as errors; a mapping can translate it.`,
    );
  }
  if (total("attempts") === 0)
    notes.push("No call has an attempt number: retries and fallbacks cannot be measured.");
  return notes;
}
