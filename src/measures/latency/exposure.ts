import { unclustered } from "../../facts/cluster";
import { type Estimate, withNotesFirst } from "../../stats/estimate";
import { reserve } from "../../stats/reservation";
import { rowsOf, run } from "../../store/run";
import { statements } from "../../store/statements";
import { columnDoubts } from "../columnDoubts";
import { defineMeasure, type Result } from "../define";
import { ratiosOf } from "../estimate/ratios";
import type { Keyed } from "../table";

const sql = statements(__dirname, "exposure.sql");

const countsUsers =
  "it counts users, by how much they use the service; --where selects the calls of one model";

/** What one tenth of the users experience, or all of them. */
export type ExposureRow = Keyed<{
  /** "all", or "1" (the lightest users) to "10" (the heaviest). */
  tenth: string;
  users: number;
  calls: number;
  calls_per_user: string;
  /** Share of slow calls: every call counts the same. */
  of_calls: Estimate;
  /** Mean over users of their share of slow calls: every user counts the same. */
  of_users: Estimate;
  /** The share of users who had at least one slow call during the log. */
  met_slow: Estimate;
}>;

/**
 * Who meets the tail: how likely a user is to have had a slow call, by how much they use the service.
 *
 * Nearly everyone who makes hundreds of calls meets a tail of one call in a hundred. Users are the
 * independent clusters; n counts calls in `of_calls` and users otherwise. Calls without a user are left out.
 *
 * @remarks Method: bootstrap over users; Wilson's interval for the chance.
 * @returns a table with a row for all users and one for each tenth of them by number of calls, lightest first
 * @throws RangeError for an invalid limit or quantile
 * @example
 * const store = await openDemo();
 * const { rows } = await latencyExposure(store, { slow: 10 });
 * rows[0].met_slow.value.toFixed(2) // "0.58"
 */
export const latencyExposure = defineMeasure({
  name: "exposure",
  of: "latency",
  was: "exposure",
  about: "who meets the tail: the chance that a user met a slow call",
  needs: ["duration", "user_id"],
  fixed: { by: countsUsers, candidate: countsUsers, cluster: "it counts users" },
  options: {
    slow: {
      value: "<seconds>",
      about: "slow is longer than this (default: the 99th percentile)",
      as: "number",
      check(caller: string, slow: number) {
        if (!(Number.isFinite(slow) && slow >= 0))
          throw new RangeError(`${caller} requires slow >= 0 seconds, got ${String(slow)}`);
      },
    },
    p: {
      value: "<share>",
      about: "without `slow`: the quantile of all durations above which a call is slow",
      as: "number",
      hidden: true,
      default: 0.99,
      check(caller: string, p: number) {
        if (!(p > 0 && p < 1))
          throw new RangeError(
            `${caller} requires 0 < p < 1, got ${p}${p > 1 && p < 100 ? `; did you mean ${p / 100}?` : ""}`,
          );
      },
    },
  },
  selects: { by: "", cluster: unclustered },
  async table({ selection, options, store, request }): Promise<Result<ExposureRow>> {
    const { connection } = selection;
    const { slow, p } = options;
    const [limit] =
      slow === undefined
        ? await rowsOf<{ most: number | null }>(connection, sql.limit, { p })
        : [{ most: slow }];
    const most = limit.most ?? 0;
    await run(connection, sql.users, { most });
    const groups = await rowsOf<{ g: number; users: number; calls: number; least: number; most: number }>(
      connection,
      sql.rows,
    );
    const ratios = await ratiosOf(selection, sql.sums, { ...options, clusterBy: "user_id" });
    const doubtedBy = await columnDoubts(store, request, []);
    // A wait in another unit may be slow or not, whoever met it.
    const told = (share: Estimate) => doubtedBy?.({}, share, "share") ?? share;
    const rows = groups.map(({ g: tenth, users, calls, least, most: heaviest }): ExposureRow => {
      const g = String(tenth);
      const met = ratios.rate(g, "met", { n: users, unit: "1", counted: "users" });
      const ofUsers = ratios.ratio(g, "users", { n: users, unit: "1", counted: "users" });
      return {
        tenth: g === "0" ? "all" : g,
        users,
        calls,
        calls_per_user: least === heaviest ? String(least) : `${least} to ${heaviest}`,
        of_calls: told(ratios.rate(g, "calls", { n: calls, unit: "1", counted: "calls" })),
        // Each user's share is at most 1, so the mean is at most the share of users who have any slow call.
        of_users: told(met.value === 0 ? withNotesFirst(met, [reserve("method.at-most")]) : ofUsers),
        met_slow: told(met),
      };
    });
    const whose = slow === undefined ? `, the p${Number((100 * p).toPrecision(12))} of all calls` : "";
    return {
      rows,
      by: ["tenth"],
      notes: rows.length === 0 ? [] : [`Slow is more than ${Number(most.toPrecision(3))} s${whose}.`],
      none: "No call has a user and a duration: who meets slow calls is unknown.",
      behind: {
        from: sql.behind,
        amount: { name: "duration", sum: "all waiting", first: "slowest" },
        n: ({ calls }) => calls,
      },
    };
  },
});
