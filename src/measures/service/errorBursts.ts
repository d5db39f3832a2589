import { isOfCalls, withoutIntervals } from "../../facts/cluster";
import { select } from "../../facts/select";
import { chiSquareCdf } from "../../stats/chiSquare";
import type { Estimate } from "../../stats/estimate";
import { holm } from "../../stats/multiplicity";
import { pickedOf } from "../../stats/picked";
import { clopperPearson } from "../../stats/rate";
import { rowsOf, run } from "../../store/run";
import { statements } from "../../store/statements";
import { defineMeasure, type Result } from "../define";
import { type Keyed, namingRows, type Row } from "../table";

const sql = statements(__dirname, "errorBursts.sql");

/** The result for one row: do its failures come in bursts? */
export type BurstRow = Keyed<{
  calls: number;
  failed: number;
  /** Hours with calls. */
  hours: number;
  /**
   * Variance of failures per hour, divided by the variance that chance alone gives at a constant rate: 1
   * without bursts.
   */
  dispersion: number;
  /**
   * The p-value of the dispersion under a constant rate, of failures that come together within a cluster as they do, adjusted
   * by Holm over the rows.
   */
  p_value: number;
  /** Longest run of failed calls. */
  longest_run: number;
  /** The hour with the largest excess of failures, and its failure rate; the interval pays for having picked it. */
  worst_hour: string;
  worst_rate: Estimate;
}>;

/**
 * Tests whether failures come in bursts: incidents that a mean failure rate hides.
 *
 * Failures are errors, timeouts and rate limits. n counts the calls of the worst hour. It is picked for being the worst,
 * so its rate is likely overstated; its interval is wide enough for whichever hour is picked. Calls of one cluster (a user, or
 * five minutes in logs without ids) count as far as they fail together, so that a failure that is tried again at once, or a user
 * whose calls all fail, is no incident: wrong in at most 5 of 100 logs. Without ids, retries much later count as failures of their own.
 *
 * @remarks Methods: Pearson's chi-square of equal rates over hours (over its degrees of freedom: the dispersion), for its p-value
 * over the design effect within hours (Rao & Scott 1984, doi:10.1214/aos/1176346391), and Holm's; Clopper-Pearson for the worst hour
 * at its effective n (Korn & Graubard 1998, Survey Methodology 24, 193), by the larger design effect of all hours and its own,
 * Bonferroni over all hours. Counts: docs/simulations/suspicions.md.
 * @returns a table with a row for each group of `by` (default provider); hours are UTC
 * @throws RangeError for an invalid column or level
 * @example
 * const store = await openDemo();
 * const { rows } = await reliabilityBursts(store, { by: "model" });
 * `${rows[0].failed} failed, at worst ${rows[0].longest_run} in a row` // "30 failed, at worst 2 in a row"
 */
export const reliabilityBursts = defineMeasure({
  name: "bursts",
  of: "reliability",
  was: "error-bursts",
  about: "whether failures come in bursts, hour by hour",
  needs: ["status", "started_at"],
  fixed: {
    seed: "nothing is drawn: its interval is exact",
    interval: "it has one rate, with the exact interval",
  },
  async open({ store, request, options }) {
    const selection = await select(store, request, { by: options.by ?? "provider" });
    // Calls without ids count by the five minutes in which they began here, and not alone.
    const notes = isOfCalls(selection.clusterBy) ? withoutIntervals(selection) : selection.notes;
    return { selection: { ...selection, notes } };
  },
  async table({ selection, options }): Promise<Result<BurstRow>> {
    const { connection, by } = selection;
    await run(connection, sql.hours);
    const groups = await rowsOf<Group>(connection, sql.rows);
    const p = holm(
      groups.map(({ pearson, hours, ...group }) =>
        pearson === null || hours < 2
          ? Number.NaN
          : Math.max(0, 1 - chiSquareCdf(pearson / ofAllHours(group), hours - 1)),
      ),
    );
    const rows = groups.map((group, place): BurstRow => {
      const { calls, failed, hours, pearson, longest, worst_hour } = group;
      return {
        ...(by.length === 0 ? {} : group.by),
        calls,
        failed,
        hours,
        dispersion: pearson === null || hours < 2 ? Number.NaN : pearson / (hours - 1),
        p_value: p[place],
        longest_run: longest,
        worst_hour,
        worst_rate: worstRate(group, { level: options.level, clusterBy: clusterOf(selection.clusterBy) }),
      };
    });
    return {
      rows,
      by: options.by === undefined ? namingRows(by, rows) : by,
      notes:
        rows.length === 0
          ? []
          : [
              "The worst hour was picked for being the worst: its rate is likely overstated, and its interval allows for that.",
            ],
      none: "No call has both a status and a start: bursts of failures cannot be measured.",
      behind: {
        from: "select g, at_row, failed::int as amount from known",
        amount: { name: "failed", first: "failed" },
        n: ({ calls }) => calls,
        total: ({ failed }) => failed,
      },
    };
  },
});

type Group = { by: Row; longest: number; worst_hour: string; hours: number } & Record<
  "calls" | "failed" | "worst_calls" | "worst_failed" | "worst_apart" | "worst_chance" | "worst_squares",
  number
> &
  // Empty where no call failed, or all did.
  Record<"pearson" | "apart" | "chance", number | null>;

const clusterOf = (clusterBy: string) => (isOfCalls(clusterBy) ? "5 minutes" : clusterBy);

/** How much more the failures of clusters vary within hours than those of as many independent calls; at least 1. */
const ofAllHours = ({ apart, chance }: Pick<Group, "apart" | "chance">): number =>
  apart === null || chance === null || chance <= 0 ? 1 : Math.max(1, apart / chance);

/** What `worstRate` needs: the worst hour of so many, and how its clusters and those of all hours fail together. */
export type WorstHour = Pick<
  Group,
  | "hours"
  | "apart"
  | "chance"
  | "worst_calls"
  | "worst_failed"
  | "worst_apart"
  | "worst_chance"
  | "worst_squares"
>;

/**
 * The failure rate of an hour that was picked from several as the worst. One hour may be the worst by a single cluster's
 * failures, which those of all hours hardly show: the larger of both design effects counts.
 */
export function worstRate(
  hour: WorstHour,
  { level = 0.95, clusterBy = "call_id" }: { level?: number | undefined; clusterBy?: string } = {},
): Estimate {
  const { hours, worst_calls: calls, worst_failed: failed, worst_apart, worst_chance } = hour;
  // All calls failed, or one cluster made them: nothing tells its clusters' calls apart, so that each may be one.
  const own = worst_chance > 0 ? worst_apart / worst_chance : failed === 0 ? 1 : hour.worst_squares / calls;
  const effect = Math.max(ofAllHours(hour), own);
  return pickedOf(hours, "hours", level, (each) => ({
    ...clopperPearson(failed / effect, calls / effect, { level: each }),
    n: calls,
    clusters: calls / effect,
    clusterBy,
  }));
}
