import type { Selection } from "../../facts/select";
import { taskTables, taskUnit } from "../../facts/tasks";
import { type Estimate, renoted } from "../../stats/estimate";
import { type Reservation, reserve } from "../../stats/reservation";
import { grouped } from "../../stats/text";
import { rowsOf, run } from "../../store/run";
import { statements } from "../../store/statements";
import { sumOf } from "../behind";
import { unpricedGroups } from "../cost/costRatios";
import { moneyOf, unpricedOf } from "../cost/costUnpriced";
import { defineMeasure, type Result } from "../define";
import { type GroupKey, type Ratios, ratiosOf } from "../estimate/ratios";
import type { Keyed, Row } from "../table";
import { whyEmpty } from "../whyEmpty";
import { spansWithTools } from "./toolSpans";

const sql = statements(__dirname, "trajectories.sql");

/** The tasks of a group with the same outcome. */
export type TrajectoryRow = Keyed<{
  /** "resolved", "not resolved" or "not known". */
  outcome: string;
  tasks: number;
  /** Answering calls and uses of tools, per task. */
  steps: Estimate;
  /** The uses of tools among these. */
  tool_uses: Estimate;
  /** The share of tasks in which a call failed, or a tool answered with an error. */
  with_failure: Estimate;
  /** The share of uses with known arguments that repeat an earlier use in the same task. */
  repeated: Estimate;
  /** The share of tasks with such uses that loop. */
  loops: Estimate;
  /** USD, for all calls of a task. */
  cost_per_task: Estimate;
  /** USD, for the calls that began after the first failed step, per task that has one. */
  cost_after_failure: Estimate;
  /** The same cost as a share of the cost of all tasks of the row. */
  share_after_failure: Estimate;
}>;

/**
 * How agents get through their tasks: steps, failures and loops, and what is spent after the first failure, by outcome.
 *
 * A step is an answering call, or one use of a tool. A failed step is a call that did not succeed or a use
 * that the log marks as an error. A task loops if it uses one tool with the same arguments `loop`
 * times or more, in a row or not. A task belongs to the row of its first answering call. n counts tasks, for
 * `repeated` uses of tools.
 *
 * @remarks Method: shares by Wilson on effective clusters, ratios by bootstrap over clusters (see
 * `ratioInterval`). If some step of a task that uses tools has no time, what came after its first failure is
 * not known, and the task is left out there.
 * @returns a table with a row for each group of `by` and outcome
 * @throws RangeError for an invalid column, cluster, level or loop
 * @example
 * const store = await openDemo();
 * const { rows } = await trajectories(store, { by: "model" });
 * `${rows[0].outcome}: ${rows[0].steps.value.toFixed(2)}` // "resolved: 1.15"
 */
export const trajectories = defineMeasure({
  name: "trajectories",
  about:
    "steps an agent takes for a task, failures and loops, and what is spent after the first failure, by outcome",
  needs: ["task_id"],
  options: {
    loop: {
      value: "<number>",
      about: "how many uses of one tool with the same arguments in a task make a loop",
      as: "whole",
      least: 2,
      default: 3,
    },
  },
  selects: { population: "tasks" },
  async table({ selection, options }): Promise<Result<TrajectoryRow>> {
    const { connection, by } = selection;
    const clusterBy = taskUnit(selection);
    const { notes, hasUses } = await tabulateSteps(selection, options.loop);
    await unpricedGroups(selection);
    const outcomes = await rowsOf<Outcome>(connection, sql.rows);
    const ratios = await ratiosOf(selection, sql.sums, { ...options, clusterBy });
    const rows = outcomes.map((sums) => ({
      ...(by.length === 0 ? {} : sums.by),
      ...rowOf(sums, ratios, hasUses),
    }));
    if (hasUses)
      notes.push(
        `A loop is ${options.loop} or more uses of one tool with the same arguments in a task, in a row or not.`,
      );
    const all = (name: "failed" | "stopped") => outcomes.reduce((sum, sums) => sum + sums[name], 0);
    const unordered = all("failed") - all("stopped");
    if (unordered > 0)
      notes.push(
        `In ${grouped(unordered)} of ${grouped(all("failed"))} tasks with a failed step some step has no time, so what came after is not known.`,
      );
    return {
      rows,
      by: [...by, "outcome"],
      notes,
      behind: {
        from: sql.behind,
        amount: { name: "steps", sum: "all steps", first: "longest" },
        counted: "tasks",
        n: ({ tasks }) => tasks,
        total: ({ steps }) => sumOf(steps),
      },
    };
  },
});

type Outcome = { g: GroupKey; by: Row; outcome: string; none_known: boolean } & Record<
  | "tasks"
  | "uses"
  | "failed"
  | "stopped"
  | "ordered"
  | "with_arguments"
  | "tasks_with_arguments"
  | "all_calls"
  | "unpriced"
  | "unpriced_later"
  | "calls_later"
  | "cost_later",
  number
>;

function rowOf(sums: Outcome, ratios: Ratios, hasUses: boolean): TrajectoryRow {
  const { g, outcome, tasks, stopped, ordered, all_calls, unpriced } = sums;
  const ofTasks = { n: tasks, counted: "tasks" };
  const ofKnown = {
    n: sums.with_arguments,
    unit: "1",
    counted: "uses of tools with known arguments",
  };
  const priced = { calls: all_calls, unpriced, unknown: sums.none_known };
  const later = {
    calls: sums.calls_later,
    unpriced: sums.unpriced_later,
    unknown: sums.none_known || sums.cost_later === 0,
  };
  const uses = ratios.ratio(g, "uses", { ...ofTasks, unit: "uses/task" });
  const share = ratios.ratio(g, "later_share", { n: ordered, unit: "1", counted: "tasks with a cost" });
  return {
    outcome,
    tasks,
    steps: ratios.ratio(g, "steps", { ...ofTasks, unit: "steps/task" }),
    tool_uses: hasUses ? uses : notKnown(uses, reserve("none.in-log", { what: "tool use" })),
    with_failure: ratios.rate(g, "failed", { ...ofTasks, unit: "1" }),
    repeated: ratios.rate(g, "repeated", ofKnown),
    loops: ratios.rate(g, "looped", {
      n: sums.tasks_with_arguments,
      unit: "1",
      counted: "tasks that use tools with known arguments",
    }),
    cost_per_task: moneyOf(ratios, g, "cost", { ...ofTasks, unit: "USD/task", priced }),
    cost_after_failure: moneyOf(ratios, g, "later", {
      n: stopped,
      unit: "USD/task",
      counted: "tasks with a failed step and known times",
      priced: later,
    }),
    share_after_failure:
      unpriced === 0
        ? share
        : unpriced === all_calls
          ? unpricedOf(share)
          : notKnown(share, reserve("costs.some", { calls: unpriced, of: all_calls })),
  };
}

const notKnown = (estimate: Estimate, why: Reservation): Estimate => {
  const none = { value: Number.NaN, low: Number.NaN, high: Number.NaN };
  return renoted({ ...estimate, ...none, method: "none" }, [why]);
};

/** Makes the tables of uses, steps and trajectories; says what the log lacks, and whether it has any use of a tool. */
export async function tabulateSteps(
  selection: Selection,
  loop = 3,
): Promise<{ notes: string[]; hasUses: boolean }> {
  const { connection } = selection;
  await taskTables(selection);
  const kept = await spansWithTools(connection);
  await run(connection, `set variable loop = ${loop}`);
  for (const name of ["uses", "steps", "trajectories", "totals"] as const) await run(connection, sql[name]);
  const [{ tasks }] = await rowsOf<{ tasks: number }>(
    connection,
    "select count(*)::double as tasks from trajectories",
  );
  const [{ uses, strange }] = await rowsOf<{ uses: number; strange: number }>(connection, sql.left_out);
  const notes: string[] = [];
  if (tasks === 0)
    notes.push(await whyEmpty(selection, "No task belongs to these calls: steps cannot be counted."));
  else if (!kept)
    notes.push(
      "This store was read before uses of tools were kept: ingest its logs again, and steps are no longer calls alone.",
    );
  else if (uses === 0) notes.push("The log has no tool use: steps are calls only.");
  else if (strange > 0)
    notes.push(
      `${grouped(strange)} of ${grouped(uses)} uses of tools belong to no task of these calls and are left out.`,
    );
  return { notes, hasUses: uses > 0 };
}
