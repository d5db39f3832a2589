import { taskUnit } from "../../facts/tasks";
import type { Estimate } from "../../stats/estimate";
import { rateAtWorst } from "../../stats/worstCase";
import { rowsOf } from "../../store/run";
import { statements } from "../../store/statements";
import { defineMeasure, type Result } from "../define";
import { type GroupKey, ratiosOf } from "../estimate/ratios";
import type { Keyed, Row } from "../table";
import { tabulateSteps } from "./trajectories";

const sql = statements(__dirname, "trajectories.sql");

/** One tool in the tasks of a row. */
export type ToolRow = Keyed<{
  tool: string;
  uses: number;
  /** Tasks that use it. */
  tasks: number;
  /** The share of all uses of tools in the group. */
  share: Estimate;
  /** Per task that uses it. */
  uses_per_task: Estimate;
  /** The share of uses with a known status. */
  error_rate: Estimate;
  /** The share of failed uses after which the task used the tool again. */
  retried: Estimate;
  /** The share of these next uses that succeeded. */
  retry_ok: Estimate;
  /** The share of uses with known arguments that repeat an earlier use in the same task. */
  repeated: Estimate;
  /** The share of tasks that use it and have a known outcome. */
  resolve_rate: Estimate;
}>;

/**
 * Which tools agents use, how often these fail, and whether they are tried again.
 *
 * A retry is the next use of the same tool in the task, with whatever arguments. n counts uses, for
 * `resolve_rate` tasks. Tasks that use a tool may be the harder ones: its `resolve_rate` does not show the
 * effect of the tool on the outcome.
 *
 * @returns a table with a row for each group of `by` and tool, the most used first
 * @throws RangeError for an invalid column, cluster or level
 * @example
 * const store = await open(":memory:");
 * await query(store, "insert into calls (call_id, task_id, model, started_at) values ('c', 't', 'alder', '2026-03-02')");
 * await query(store, "insert into spans (task_id, tool, status) values ('t', 'search', 'ok'), ('t', 'search', 'error')");
 * const { rows } = await trajectoriesTools(store, { by: "model" });
 * `${rows[0].tool}: ${rows[0].uses} uses, ${rows[0].error_rate?.value} fail` // "search: 2 uses, 0.5 fail"
 */
export const trajectoriesTools = defineMeasure({
  name: "tools",
  of: "trajectories",
  about: "which tools are used, how often they fail, and whether they are tried again",
  needs: ["uses of tools"],
  selects: { population: "tasks" },
  async table({ selection, options }): Promise<Result<ToolRow>> {
    const { connection, by } = selection;
    const clusterBy = taskUnit(selection);
    const { notes } = await tabulateSteps(selection);
    type Tool = { g: GroupKey; by: Row; tool: string; uses: number; tasks: number; every: number };
    const tools = await rowsOf<Tool>(connection, sql.tool_rows);
    const ratios = await ratiosOf(selection, sql.tool_sums, { ...options, clusterBy, whole: true });
    const rows = tools.map(({ g, by: keys, tool, uses, tasks, every }): ToolRow => {
      const rate = (kind: string, counted: string) =>
        ratios.rate(g, kind, { n: ratios.size(g, kind), unit: "1", counted });
      const ofTasks = { n: tasks, unit: "uses/task", counted: "tasks that use it" };
      return {
        ...(by.length === 0 ? {} : keys),
        tool,
        uses,
        tasks,
        share: ratios.rate(g, "share", { n: every, unit: "1", counted: "uses of tools" }),
        uses_per_task: ratios.ratio(g, "per_task", ofTasks),
        error_rate: rate("error", "uses with a status"),
        retried: rate("again", "uses that failed"),
        retry_ok: rate("went_well", "uses after one that failed"),
        repeated: rate("repeated", "uses with known arguments"),
        resolve_rate: rateAtWorst(rate("resolved", "tasks whose outcome is known"), {
          known: ratios.size(g, "resolved"),
          all: tasks,
        }),
      };
    });
    return {
      rows,
      by: [...by, "tool"],
      notes,
      behind: {
        from: sql.tools_behind,
        amount: { name: "uses", sum: "all uses", first: "most used" },
        counted: "tasks",
        n: ({ tasks }) => tasks,
        total: ({ uses }) => uses,
      },
    };
  },
});
