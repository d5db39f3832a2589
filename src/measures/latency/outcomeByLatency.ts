import { carrierOf, scoreByOneKind } from "../../facts/judgements";
import { taskTables, taskUnit } from "../../facts/tasks";
import type { Estimate } from "../../stats/estimate";
import { rateAtWorst } from "../../stats/worstCase";
import { quoteText } from "../../store/quote";
import { rowsOf, run } from "../../store/run";
import { statements } from "../../store/statements";
import { defineMeasure, type Result } from "../define";
import { binsOption, cutBins, ratiosOfBins } from "../estimate/bins";
import type { GroupKey } from "../estimate/ratios";
import { raterOption } from "../measure";
import { correctedCell, rowCorrections } from "../quality/corrections";
import type { Keyed, Row } from "../table";

const sql = statements(__dirname, "outcomeByLatency.sql");

/** Tasks, or calls, that took about as long. */
export type OutcomeRow = Keyed<{
  from_seconds: number;
  to_seconds: number;
  /** All tasks of the bin, or calls or tasks with the score. */
  n: number;
  /**
   * The share resolved of the tasks whose outcome is known, with `worst_case` if that of more than 5 % is not. Of a
   * score: a rate if it is 0 or 1, else its mean.
   */
  outcome: Estimate;
  /** If people labelled some of what a judge judged: the score corrected for the judge's errors, as in `quality`. */
  corrected?: Estimate;
}>;

/**
 * Outcomes by how long people waited: whether slow answers go with unresolved tasks or poor ratings.
 *
 * This is association, not cause. Hard tasks have longer prompts, more attempts and worse outcomes: they
 * would be slow and unresolved even if nobody minded waiting. n counts tasks with times, or the calls (else the
 * tasks) that carry the score; n of an outcome counts those whose outcome is known.
 *
 * @remarks Method: bins of equal count; rates by Wilson on effective clusters, means by bootstrap over clusters.
 * @returns a table with a row for each group of `by` and bin of waiting, shortest first
 * @throws RangeError for invalid bins, and for an invalid column, cluster or level
 * @example
 * const store = await openDemo();
 * const { rows } = await latencyByOutcome(store, { by: "workload" });
 * rows[0].outcome.value.toFixed(2) // "0.68"
 */
export const latencyByOutcome = defineMeasure({
  name: "by-outcome",
  of: "latency",
  was: "outcome-by-latency",
  about: "outcomes of tasks by how long they took",
  needs: ["duration"],
  options: {
    outcome: { value: "<score>", about: "resolved, or a score of the log", default: "resolved" },
    rater: raterOption,
    bins: binsOption("bins with about as many tasks or calls each", 5),
  },
  selects: { population: "tasks", hours: true },
  async table({ selection, options }): Promise<Result<OutcomeRow>> {
    const { connection, by } = selection;
    const { outcome, bins, rater } = options;
    await taskTables(selection);
    await run(connection, `set variable outcome = ${quoteText(outcome)}`);
    const raterNotes = await scoreByOneKind("latencyByOutcome", selection, outcome, rater);
    const isOutcome = outcome === "resolved";
    const scored = isOutcome ? undefined : await carrierOf(connection, outcome);
    const tasks = isOutcome || scored?.carrier === "task";
    const clusterBy = tasks ? taskUnit(selection) : selection.clusterBy;
    await cutBins(selection, sql.waits, { requested: bins, usual: 5 });
    const correction = isOutcome
      ? undefined
      : await rowCorrections(connection, sql.units, { ...options, clusterBy });
    const sums = await rowsOf<BinSums>(connection, sql.rows);
    const ratios = await ratiosOfBins(selection, sql.sums, sums, { ...options, clusterBy });
    const counted = isOutcome
      ? "tasks whose outcome is known"
      : `${tasks ? "tasks" : "calls"} with a score "${outcome}"`;
    const rows = sums.map(({ g, by: values, from_seconds, to_seconds, n, known, plain }): OutcomeRow => {
      const about = { n: known, unit: plain ? "1" : "", counted };
      return {
        ...(by.length === 0 ? {} : values),
        from_seconds,
        to_seconds,
        n,
        outcome: plain
          ? rateAtWorst(ratios.rate(g, "outcome", about), { known, all: n })
          : ratios.ratio(g, "outcome", about),
        ...correctedCell(correction?.corrected, g),
      };
    });
    return {
      rows,
      by: [...by, "from_seconds", "to_seconds"],
      more: { named: { outcome } },
      notes: [
        ...raterNotes,
        ...(scored?.notes ?? []),
        ...(correction?.notes ?? []),
        rows.length === 0
          ? (scored?.none ?? "No task with times is known to be resolved or not.")
          : "Waiting and outcome may be related for other reasons: hard tasks have long prompts, several attempts and worse outcomes.",
      ],
      behind: {
        from: tasks ? sql.behind_tasks : sql.behind_calls,
        amount: { name: "outcome", first: "lowest", least: true },
        counted: isOutcome ? "tasks" : counted,
        n: ({ n }) => n,
        total: ({ outcome: { n, value } }) => (n === 0 ? 0 : n * value),
      },
    };
  },
});

interface BinSums {
  g: GroupKey;
  by: Row;
  from_seconds: number;
  to_seconds: number;
  n: number;
  known: number;
  plain: boolean;
}
