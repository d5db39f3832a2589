import { join } from "node:path";
import { clusterSampleRate } from "../../facts/grain";
import { select } from "../../facts/select";
import type { Estimate } from "../../stats/estimate";
import type { Store } from "../../store/open";
import { quoteText } from "../../store/quote";
import { rowsOf, run } from "../../store/run";
import { statements } from "../../store/statements";
import { withCalls } from "../behind";
import { type GroupKey, ratiosOf } from "../estimate/ratios";
import { type MeasureOptions, requestOf } from "../options";
import type { Row, Table } from "../table";

const sql = statements<"sums" | "rows">(join(__dirname, "attainment.sql"));

/** The limits that calls should keep. */
export interface AttainmentOptions extends MeasureOptions {
  /** Limits on the time to the first token, in seconds. Default 0.4 and 2 if there are no limits on the duration. */
  firstToken?: readonly number[];
  /** Limits on the duration, in seconds. Default 10 if there are no limits on the first token. */
  duration?: readonly number[];
}

/** The share of calls within each limit. */
export interface AttainmentRow extends Row {
  calls: number;
  /** The share, by limit: "time to first token <= 0.4 s". */
  within: Record<string, Estimate>;
}

/**
 * How often calls keep within time limits: the share that a service level objective counts.
 *
 * A call that failed, timed out or was refused has kept no limit (but a timeout has kept the limit for the
 * first token if that came in time); cancelled calls, and calls without the metric, are left out. n counts
 * the calls that remain.
 *
 * @remarks Method: Wilson's interval on the effective number of independent calls.
 * @returns a table with a row for each group of `by`
 * @throws RangeError for a limit that is not above 0, and for an invalid column, cluster or level
 * @example
 * const store = await openDemo();
 * const { rows } = await attainment(store, { by: "model", duration: [5] });
 * rows[0].within["duration <= 5 s"].value.toFixed(2) // "0.22"
 */
export async function attainment(
  store: Store,
  options: AttainmentOptions = {},
): Promise<Table<AttainmentRow>> {
  const request = requestOf("attainment", options);
  const limits = limitsOf(options);
  const selection = await select(store, request, { hours: true });
  try {
    const { connection, by, clusterBy } = selection;
    await run(connection, `set variable limits = ${quoteText(JSON.stringify(limits))}`);
    const found = await rowsOf<{ g: GroupKey; by: Row; calls: number }>(connection, sql.rows);
    const every = clusterSampleRate(
      found.reduce((sum, { calls }) => sum + calls, 0),
      found.length,
    );
    const settings = { ...options, hours: selection.hours, every, clusterBy, whole: true };
    const ratios = await ratiosOf(selection, sql.sums, settings);
    // Of the usual limits, those on a number that no call has would be columns without a value.
    const known = limits.filter(
      ({ name, isUsual }) => !isUsual || found.some(({ g }) => ratios.size(g, name) > 0),
    );
    const shown = known.length > 0 ? known : limits;
    const without = [...new Set(limits.filter((one) => !shown.includes(one)).map(({ metric }) => metric))];
    const rows = found.map(({ g, by: own, calls }) => ({
      ...(by.length === 0 ? {} : own),
      calls,
      within: Object.fromEntries(
        shown.map(({ name, metric }) => {
          const n = ratios.size(g, name);
          return [
            name,
            ratios.rate(g, name, { n, unit: "1", counted: `calls with a ${metric.replaceAll("_", " ")}` }),
          ];
        }),
      ),
    }));
    const notes = [
      ...selection.notes,
      rows.length === 0
        ? "No call is selected."
        : "Failed calls and timeouts count as outside every limit; cancelled calls are left out.",
      ...without.map(
        (metric) => `No call has a ${metric.replaceAll("_", " ")}: its usual limits are left out.`,
      ),
    ];
    return withCalls({ measure: "attainment", by, rows, notes }, (again) => attainment(again, options), {
      from: "select g, at_row, lasted as amount from selected",
      amount: { name: "duration", sum: "all waiting", first: "slowest" },
      n: ({ calls }) => calls,
    });
  } finally {
    selection.close();
  }
}

function limitsOf({
  firstToken,
  duration,
}: AttainmentOptions): { name: string; metric: string; most: number; isUsual: boolean }[] {
  const [usualFirst, usual] = firstToken === undefined && duration === undefined ? [[0.4, 2], [10]] : [];
  const given = [
    ["firstToken", "time_to_first_token", firstToken ?? usualFirst ?? []],
    ["duration", "duration", duration ?? usual ?? []],
  ] as const;
  return given.flatMap(([option, metric, seconds]) => {
    if (!Array.isArray(seconds))
      throw new TypeError(
        `attainment requires ${option} as a list of seconds, such as [10], got ${String(seconds)}`,
      );
    return seconds.map((most) => {
      if (!(Number.isFinite(most) && most > 0))
        throw new RangeError(`attainment requires limits > 0 seconds, got ${option} ${String(most)}`);
      const isUsual = usual !== undefined;
      return { name: `${metric.replaceAll("_", " ")} <= ${most} s`, metric, most, isUsual };
    });
  });
}
