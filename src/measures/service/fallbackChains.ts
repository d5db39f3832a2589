import { taskTables, taskUnit } from "../../facts/tasks";
import type { Estimate } from "../../stats/estimate";
import { rateAtWorst } from "../../stats/worstCase";
import { rowsOf, run } from "../../store/run";
import { statements } from "../../store/statements";
import { unpricedGroups } from "../cost/costRatios";
import { moneyOf } from "../cost/costUnpriced";
import { defineMeasure, type Result } from "../define";
import { type GroupKey, ratiosOf } from "../estimate/ratios";
import type { Keyed, Row } from "../table";

const sql = statements(__dirname, "fallbackChains.sql");

/** Tasks of a row with the same kind of chain and the same serving model. */
export type ChainRow = Keyed<{
  /**
   * "one call"; "several calls", none of which failed or is marked as a retry, like the steps of an agent;
   * "retry" (the last call went to the model asked first) or "fallback" (it went to another).
   */
  chain: string;
  /** The model whose answer ended the task; "nobody" if its last call failed. */
  served: string;
  tasks: number;
  /** The share of all tasks of the group. */
  share: Estimate;
  attempts: Estimate;
  cost_per_task: Estimate;
  /** Seconds from the start of the first answering call to the end of the last. */
  wait: Estimate;
  /** The share of that wait spent before the last answering call began. */
  lost_share: Estimate;
  /** Of the tasks whose outcome is known; with `worst_case` if that of more than 5 % is not. */
  resolve_rate: Estimate;
}>;

/**
 * What happened to tasks whose first call was not enough: which model served them in the end, at what cost
 * and wait.
 *
 * A task belongs to the row of its first answering call. n counts tasks; clusters are users, conversations or tasks.
 *
 * @remarks Method: shares and rates by Wilson on effective clusters, ratios by bootstrap over clusters (see
 * `ratioInterval`).
 * @returns a table with a row for each group of `by`, kind of chain and serving model
 * @throws RangeError for an invalid column, cluster or level
 * @example
 * const store = await openDemo();
 * const { rows } = await reliabilityFallbacks(store, { by: "model" });
 * `${rows[0].chain}: ${rows[0].share.value.toFixed(2)}` // "one call: 0.84"
 */
export const reliabilityFallbacks = defineMeasure({
  name: "fallbacks",
  of: "reliability",
  was: "fallback-chains",
  about: "what happened to tasks whose first call failed: who answered in the end, at what cost and wait",
  needs: ["task_id"],
  selects: { population: "tasks" },
  async table({ selection, options }): Promise<Result<ChainRow>> {
    const { connection, by } = selection;
    const clusterBy = taskUnit(selection);
    await taskTables(selection);
    await unpricedGroups(selection);
    await run(connection, sql.chains);
    type Chain = { g: GroupKey; by: Row; chain: string; served: string; none_known: boolean } & Record<
      "tasks" | "timed" | "with_outcome" | "every" | "all_calls" | "unpriced",
      number
    >;
    const chains = await rowsOf<Chain>(connection, sql.rows);
    const ratios = await ratiosOf(selection, sql.sums, { ...options, clusterBy });
    const rows = chains.map((sums): ChainRow => {
      const { g, by: keys, chain, served, tasks, timed, with_outcome, every } = sums;
      const priced = { calls: sums.all_calls, unpriced: sums.unpriced, unknown: sums.none_known };
      const ofTasks = { n: tasks, counted: "tasks" };
      const ofTimed = { n: timed, counted: "tasks with times" };
      return {
        ...(by.length === 0 ? {} : keys),
        chain,
        served,
        tasks,
        share: ratios.rate(g, "share", { n: every, unit: "1", counted: "tasks" }),
        attempts: ratios.ratio(g, "attempts", { ...ofTasks, unit: "calls/task" }),
        cost_per_task: moneyOf(ratios, g, "cost", { ...ofTasks, unit: "USD/task", priced }),
        wait: ratios.ratio(g, "wait", { ...ofTimed, unit: "s" }),
        lost_share: ratios.ratio(g, "lost", { ...ofTimed, unit: "1" }),
        resolve_rate: rateAtWorst(
          ratios.rate(g, "resolved", {
            n: with_outcome,
            unit: "1",
            counted: "tasks whose outcome is known",
          }),
          { known: with_outcome, all: tasks },
        ),
      };
    });
    const harder =
      "Tasks that needed a second call may be the harder ones, so chains do not compare the models fairly.";
    return {
      rows,
      by: [...by, "chain", "served"],
      notes: rows.length === 0 ? [] : [harder],
      none: "No task belongs to these calls: chains of calls cannot be measured.",
      behind: {
        from: sql.behind,
        amount: { name: "duration", sum: "all waiting", first: "slowest" },
        counted: "tasks",
        n: ({ tasks }) => tasks,
      },
    };
  },
});
