import { join } from "node:path";
import { unclustered } from "../../facts/cluster";
import { chiSquareCdf } from "../../stats/chiSquare";
import type { Estimate } from "../../stats/estimate";
import { holm } from "../../stats/multiplicity";
import { pickedOf } from "../../stats/picked";
import { clopperPearson } from "../../stats/rate";
import { rowsOf, run } from "../../store/run";
import { statements } from "../../store/statements";
import { defineMeasure, type Result } from "../define";
import { type Keyed, namingRows, type Row } from "../table";

const sql = statements<"hours" | "rows">(join(__dirname, "errorBursts.sql"));

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
  /** The p-value of the dispersion under a constant rate, adjusted by Holm over the rows. */
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
 * so its rate is likely overstated; its interval is wide enough for whichever hour is picked, if calls of an hour fail
 * independently of each other: then it is wrong in at most 5 of 100 logs, and where each failure is tried again three times
 * at once, in 44.
 *
 * @remarks Methods: Pearson's chi-square of equal rates over hours (over its degrees of freedom: the dispersion),
 * Holm's p-values; Clopper-Pearson for the worst hour, Bonferroni over all hours. Counts: docs/simulations/suspicions.md.
 * @returns a table with a row for each group of `by` (default provider); hours are UTC
 * @throws RangeError for an invalid column or level
 * @example
 * const store = await openDemo();
 * const { rows } = await errorBursts(store, { by: "model" });
 * `${rows[0].failed} failed, at worst ${rows[0].longest_run} in a row` // "30 failed, at worst 2 in a row"
 */
export const errorBursts = defineMeasure({
  name: "bursts",
  of: "reliability",
  was: "error-bursts",
  caller: "errorBursts",
  title: "error bursts",
  about: "whether failures come in bursts, hour by hour",
  needs: ["status", "started_at"],
  fixed: {
    cluster: "its interval is over the calls of one hour",
    seed: "nothing is drawn: its interval is exact",
    interval: "it has one rate, with the exact interval",
  },
  selects: ({ options }) => ({ by: options.by ?? "provider", cluster: unclustered }),
  async table({ selection, options }): Promise<Result<BurstRow>> {
    const { connection, by } = selection;
    await run(connection, sql.hours);
    type Group = { by: Row; pearson: number | null; longest: number; worst_hour: string } & Record<
      "calls" | "failed" | "hours" | "worst_calls" | "worst_failed",
      number
    >;
    const groups = await rowsOf<Group>(connection, sql.rows);
    const p = holm(
      groups.map(({ pearson, hours }) =>
        pearson === null || hours < 2 ? Number.NaN : Math.max(0, 1 - chiSquareCdf(pearson, hours - 1)),
      ),
    );
    const rows = groups.map((group, place): BurstRow => {
      const { calls, failed, hours, pearson, longest, worst_hour, worst_calls, worst_failed } = group;
      return {
        ...(by.length === 0 ? {} : group.by),
        calls,
        failed,
        hours,
        dispersion: pearson === null || hours < 2 ? Number.NaN : pearson / (hours - 1),
        p_value: p[place],
        longest_run: longest,
        worst_hour,
        worst_rate: worstRate({ calls: worst_calls, failed: worst_failed, hours }, options.level),
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

/** The failure rate of an hour that was picked from several as the worst. */
export const worstRate = (
  { calls, failed, hours }: Record<"calls" | "failed" | "hours", number>,
  level = 0.95,
): Estimate =>
  pickedOf(hours, "hours", level, (each) => ({
    ...clopperPearson(failed, calls, { level: each }),
    clusterBy: "call_id",
  }));
