import { checkWhole, scaledError, wholeReason } from "../../facts/drawn";
import { type Estimate, renoted } from "../../stats/estimate";
import { grouped, percent } from "../../stats/text";
import { rowsOf, run } from "../../store/run";
import { statements } from "../../store/statements";
import { sumOf } from "../behind";
import { columnDoubts } from "../columnDoubts";
import { defineMeasure, type Result } from "../define";
import { binsOption, cutBins, ratiosOfBins, waitsOfBins } from "../estimate/bins";
import { openAbove } from "../estimate/openAbove";
import { type GroupKey, ratiosOf } from "../estimate/ratios";
import type { Keyed, Row } from "../table";
import { noCallSelected } from "../whyEmpty";
import { kneeNotes } from "./knee";
import { noAttempt } from "./reliability";

const sql = statements(__dirname, "throughput.sql");

/** One line of a throughput table. */
export type ThroughputRow = Keyed<{
  calls: number;
  /**
   * Users with an id; NaN if none has one. For a sampled store, this and the sums below are scaled up to the
   * whole log.
   */
  users: number;
  /** From the first start to the last known end; NaN if no call has a start. */
  calls_per_hour: number;
  /** Tokens read and written per hour, over the calls that report them; NaN if none does. */
  tokens_per_hour: number;
  /** Output tokens per second of all answers together, over the same time; NaN if no call reports them. */
  service_tokens_per_second: number;
  /** Calls in the busiest clock hour over those in a mean hour; NaN for less than an hour. */
  peak_to_mean: number;
  /** The same for minutes; NaN for less than ten. */
  minute_peak_to_mean: number;
  /** Output tokens per second of a single call: tokens over the summed seconds of the answers. */
  tokens_per_second: Estimate;
  /** Calls in flight at once: the mean over time, and the maximum. */
  in_flight: number;
  in_flight_peak: number;
  /** The share of all waiting for calls that is in second and later attempts. */
  retry_wait: Estimate;
  /**
   * Arrivals times mean duration over calls in flight: 1 by Little's law if every call has a start and a
   * duration.
   */
  littles_law: number;
}>;

interface Group {
  g: GroupKey;
  by: Row;
  calls: number;
  started: number;
  attempts: number;
  timed: number;
  answered: number;
  peak: number | null;
  mean: number | null;
  seconds: number | null;
  /** Seconds from the first start to the last end of the calls that have both. */
  swept: number | null;
  duration: number | null;
  busiest: number | null;
  busiest_minute: number | null;
  users: number | null;
  counted: number;
  tokens: number;
  written: number | null;
}

/**
 * How much load a service carries: users, calls and tokens per hour, tokens per second, calls in flight, and
 * how unevenly they arrive. Arrivals need only the starts of calls; calls in flight need their durations too.
 *
 * Calls in flight follow from every call's start and end. Counts and peaks describe this log, without
 * intervals; tokens per second and the share of waiting in retries are ratios of sums with bootstrap
 * intervals over clusters.
 *
 * @remarks Method: Little (1961), doi:10.1287/opre.9.3.383, as a check of the log.
 * @returns a table with a row for each group of `by`; n of an estimate counts calls
 * @throws RangeError for an invalid column, cluster or level
 * @example
 * const store = await openDemo();
 * const { rows } = await throughput(store, { by: "model" });
 * rows[0].tokens_per_second.value.toFixed(0) // "36"
 */
export const throughput = defineMeasure({
  name: "throughput",
  about: "calls an hour, tokens a second, calls in flight, and the share of waiting that is retry",
  needs: ["started_at", "duration"],
  async table({ selection, options, store, request }): Promise<Result<ThroughputRow>> {
    const { connection, by, clusterBy, drawn } = selection;
    // Sums over sampled calls are scaled up; a peak of some of the calls says nothing about all of them.
    const whole = 1 / (drawn?.share ?? 1);
    const peakOf = (peak: number) => (drawn === undefined ? peak : Number.NaN);
    await run(connection, sql.sweep);
    const groups = await rowsOf<Group>(connection, sql.rows);
    const ratios = await ratiosOf(selection, sql.sums, { ...options, clusterBy });
    const doubtedBy = await columnDoubts(store, request, by);
    const rows = groups.map((group): ThroughputRow => {
      const { g, calls, started, timed, seconds, swept, mean, peak, duration, busiest, busiest_minute } =
        group;
      const perHour = seconds ? (3600 * started) / seconds : Number.NaN;
      const counted = "calls with output tokens and a duration";
      const speed = ratios.ratio(g, "speed", { n: group.answered, unit: "tokens/s", counted });
      const again = ratios.ratio(g, "again", { n: timed, unit: "1", counted: "calls with a duration" });
      return {
        ...(by.length === 0 ? {} : group.by),
        calls,
        users:
          drawn === undefined || drawn.unit === "user" ? whole * (group.users ?? Number.NaN) : Number.NaN,
        calls_per_hour: whole * perHour,
        tokens_per_hour: seconds && group.counted > 0 ? (whole * 3600 * group.tokens) / seconds : Number.NaN,
        service_tokens_per_second:
          seconds && group.written !== null ? (whole * group.written) / seconds : Number.NaN,
        // In less than an hour there is no mean hour to compare with, and a mean minute needs several
        // minutes.
        peak_to_mean: peakOf(busiest === null || !seconds || seconds < 3600 ? Number.NaN : busiest / perHour),
        minute_peak_to_mean: peakOf(
          busiest_minute === null || !seconds || seconds < 600 ? Number.NaN : (60 * busiest_minute) / perHour,
        ),
        tokens_per_second: doubtedBy?.(group.by, speed) ?? speed,
        in_flight: whole * (mean ?? Number.NaN),
        in_flight_peak: peakOf(peak ?? Number.NaN),
        retry_wait: group.attempts > 0 ? again : unknown(again),
        littles_law: swept && mean && duration !== null ? ((started / swept) * duration) / mean : Number.NaN,
      };
    });
    return {
      rows,
      notes: [
        ...(drawn === undefined ? [] : [scaledNote(await scaledError(connection, drawn))]),
        ...notesOf(groups),
      ],
      behind: {
        from: "select g, at_row, lasted as amount from selected",
        amount: { name: "duration", sum: "all waiting", first: "slowest" },
        n: ({ calls }) => calls,
      },
    };
  },
});

const scaledNote = (error: number) =>
  `Users, calls, tokens and calls in flight are scaled up from what was drawn: calls an hour are within ${percent(error, 2)} of the whole log's, at 95 %. Peaks are not given: ${wholeReason}.`;

function unknown(estimate: Estimate): Estimate {
  const none = { value: Number.NaN, low: Number.NaN, high: Number.NaN };
  return renoted({ ...estimate, ...none }, [noAttempt]);
}

function notesOf(groups: readonly Group[]): string[] {
  const sum = (name: "calls" | "started" | "timed" | "counted") =>
    groups.reduce((all, row) => all + row[name], 0);
  const [calls, started, timed, counted] = [sum("calls"), sum("started"), sum("timed"), sum("counted")];
  if (calls === 0) return [noCallSelected];
  if (started === 0) return ["No call has a start: neither arrivals nor calls in flight can be measured."];
  const notes = [
    "Calls in flight, peaks and calls an hour are counts of this log; another week will differ.",
  ];
  if (counted > 0 && counted < started)
    notes.push(
      `${grouped(started - counted)} of ${grouped(started)} calls have no token counts and are left out of the tokens per hour.`,
    );
  if (timed === 0) notes.push("No call has a start and a duration: calls in flight cannot be measured.");
  else if (timed < calls) {
    notes.push(
      `${grouped(calls - timed)} of ${grouped(calls)} calls have no start or no duration: calls in flight are undercounted by that share.`,
    );
  }
  return notes;
}

/** Calls that began with a certain number of others of their row in flight. */
export type LoadRow = Keyed<{
  in_flight_from: number;
  in_flight_to: number;
  calls: number;
  duration: Estimate;
  /** Quantiles of duration, by probability: 0.5 and 0.95. */
  quantiles: Record<string, Estimate>;
}>;

/**
 * The mean, median and 95th percentile of duration against the number of calls in flight when a call began:
 * shows where waiting starts to grow with load.
 *
 * The notes say between which loads the 95th percentile turns, that is, from where it stays clearly above
 * that of the lowest load, or up to which load no turn is seen.
 *
 * This is association, not cause: busy hours may bring longer prompts as well. Timeouts count at the time
 * waited, so a mean that includes them is a lower bound.
 *
 * @returns a table with a row for each group of `by` and bin of calls in flight; n counts calls
 * @throws RangeError for invalid bins, and as `throughput`
 * @example
 * const store = await openDemo();
 * const { rows } = await throughputLoad(store, { by: "workload" });
 * rows[0].quantiles["0.5"].value.toFixed(1) // "3.2"
 */
export const throughputLoad = defineMeasure({
  name: "load",
  of: "throughput",
  was: "load-curve",
  about: "duration by how many other calls were in flight",
  needs: ["started_at", "duration"],
  options: { bins: binsOption("bins with about as many calls each", 6) },
  selects: { hours: true },
  async table({ selection, options, store, request }): Promise<Result<LoadRow>> {
    checkWhole("throughputLoad", selection.drawn);
    const { connection, by, clusterBy } = selection;
    await run(connection, sql.sweep);
    await cutBins(selection, sql.load, { requested: options.bins, usual: 6 });
    const bins = await rowsOf<LoadRow & { g: GroupKey; by: Row; timeouts: number }>(
      connection,
      sql.load_rows,
    );
    const ratios = await ratiosOfBins(selection, sql.load_sums, bins, { ...options, clusterBy });
    const times = await waitsOfBins(selection, [0.5, 0.95], options);
    const doubtedBy = await columnDoubts(store, request, by);
    const rows = bins.map(({ g, by: keys, in_flight_from, in_flight_to, calls, timeouts }) => {
      const told = (estimate: Estimate) => doubtedBy?.(keys, estimate) ?? estimate;
      const mean = ratios.ratio(g, "mean", { n: calls, unit: "s", counted: "calls" });
      return {
        ...(by.length === 0 ? {} : keys),
        in_flight_from,
        in_flight_to,
        calls,
        duration: told(openAbove(mean, timeouts, { among: calls })),
        quantiles: Object.fromEntries(
          Object.entries(times.get(g) ?? {}).map(([p, estimate]) => [p, told(estimate)]),
        ),
      };
    });
    const related =
      "Load and duration may be related for other reasons: busy hours may bring longer prompts.";
    return {
      by: [...by, "in_flight_from"],
      rows,
      notes: rows.length === 0 ? [] : [...kneeNotes(rows, by), related],
      none: "No call has a start and a duration: load cannot be measured.",
      behind: {
        from: sql.behind_load,
        amount: { name: "duration", sum: "all waiting", first: "slowest" },
        n: ({ calls }) => calls,
        total: ({ duration }) => sumOf(duration),
      },
    };
  },
});
