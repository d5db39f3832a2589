import type { Estimate } from "../../stats/estimate";
import { grouped } from "../../stats/text";
import { rowsOf, run } from "../../store/run";
import { statements } from "../../store/statements";
import { defineMeasure, type Result } from "../define";
import { groupSummaries } from "../estimate/distribution";
import { duckdbSummaries } from "../estimate/duckdbSummaries";
import { type GroupKey, ratiosOf } from "../estimate/ratios";
import { spreads } from "../estimate/spread";
import type { Keyed, Row } from "../table";

const sql = statements(__dirname, "retryAfter.sql");

/** What happened to the refused calls of one row. */
export type RetryAfterRow = Keyed<{
  /** Calls refused by a rate limit, and any others that were asked to wait. */
  refused: number;
  /** The share of these that were told how long to wait. */
  reported: Estimate;
  /** Seconds they were told to wait, by probability: 0.5 and 0.95. */
  retry_after: Record<string, Estimate>;
  /** The share of those told how long whose task was retried. */
  retried: Estimate;
  /** The share of these retries that waited as long as they were told. */
  obeyed: Estimate;
  /** The share of retries that succeeded, among those that waited and those that came early. */
  ok_obeyed: Estimate;
  ok_early: Estimate;
}>;

/**
 * How long providers asked refused calls to wait (Retry-After), whether retries waited that long, and whether
 * they succeeded.
 *
 * A retry is the next answering call of the same task, whichever model it asks. n counts refused calls: all,
 * those told, and those retried. Whether a retry succeeds has other reasons too: long waits come with hard
 * limits.
 *
 * @returns a table with a row for each group of `by` that has a refused call
 * @throws RangeError for an invalid column, cluster or level
 * @example
 * const store = await openDemo({ log: "releases" });
 * const [row] = (await reliabilityRetryAfter(store, { by: "provider" })).rows;
 * `${row.refused} refused, ${row.reported.value.toFixed(2)} told how long to wait` // "113 refused, 0.80 told how long to wait"
 */
export const reliabilityRetryAfter = defineMeasure({
  name: "retry-after",
  of: "reliability",
  about: "how long providers asked refused calls to wait, and whether retries waited as long",
  needs: ["status"],
  fixed: { seed: "nothing is drawn at random" },
  async table({ selection, options }): Promise<Result<RetryAfterRow>> {
    const { connection, by, clusterBy } = selection;
    await run(connection, sql.refused);
    const groups = await rowsOf<Counts & { g: GroupKey; by: Row }>(connection, sql.rows);
    const ratios = await ratiosOf(selection, sql.sums, { ...options, clusterBy, whole: true });
    await run(connection, sql.measured);
    const summaries = await duckdbSummaries({ ...selection, hours: false });
    const counted = "calls that were told how long";
    const waits = await spreads(summaries, await groupSummaries(summaries), [0.5, 0.95], {
      ...options,
      unit: "s",
      counted,
    });
    const rows = groups.map(({ g, by: keys, refused }): RetryAfterRow => {
      const rate = (kind: string, words: string) =>
        ratios.rate(g, kind, { n: ratios.size(g, kind), unit: "1", counted: words });
      return {
        ...(by.length === 0 ? {} : keys),
        refused,
        reported: rate("reported", "refused calls"),
        retry_after: waits.get(g)?.quantiles ?? {},
        retried: rate("retried", counted),
        obeyed: rate("obeyed", "retries of calls that were told how long"),
        ok_obeyed: rate("ok_obeyed", "retries that waited as told"),
        ok_early: rate("ok_early", "retries that came early"),
      };
    });
    return {
      rows,
      notes: groups.length === 0 ? [] : [noteOf(groups)],
      none: "No call was refused by a rate limit, and none was told to wait.",
      behind: {
        from: "select g, at_row, retry_after as amount from refused",
        amount: { name: "retry_after", first: "longest told" },
        n: ({ refused }) => refused,
      },
    };
  },
});

interface Counts {
  refused: number;
  reported: number;
}

function noteOf(groups: readonly Counts[]): string {
  const sum = (name: keyof Counts) => groups.reduce((all, group) => all + group[name], 0);
  return sum("reported") === 0
    ? `None of ${grouped(sum("refused"))} refused calls says how long it was told to wait: log the header Retry-After (docs/exports.md), or the error's message.`
    : "A retry is the next answering call of the same task. One that succeeded need not have done so because it waited.";
}
