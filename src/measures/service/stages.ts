import { taskTables, taskUnit } from "../../facts/tasks";
import { type Estimate, renoted } from "../../stats/estimate";
import { reserve } from "../../stats/reservation";
import { grouped } from "../../stats/text";
import { rowsOf, run } from "../../store/run";
import { statements } from "../../store/statements";
import { sumOf } from "../behind";
import { defineMeasure, type Result } from "../define";
import { groupSummaries } from "../estimate/distribution";
import { duckdbSummaries } from "../estimate/duckdbSummaries";
import { type GroupKey, nothingCounted, type Ratios, ratiosOf } from "../estimate/ratios";
import { spreads } from "../estimate/spread";
import { probabilities } from "../latency/latency";
import { type Keyed, namingRows, type Row } from "../table";

const sql = statements(__dirname, "stages.sql");

/** The statement that makes the table `path`: the time waited for each stage of the table `placed`. */
export const criticalPath = sql.path;

/** The statement that makes the view `timed_spans`, of the spans that a stage's time is measured of. */
export const timedSpans = sql.timed;

/** One stage of the tasks of a row. */
export type StageRow = Keyed<{
  stage: string;
  spans: number;
  /** Tasks with this stage. */
  tasks: number;
  /** How long a span takes. */
  mean: Estimate;
  quantiles: Record<string, Estimate>;
  /** The share of the tasks' time, from first span to last, spent waiting for this stage's own work. */
  critical_path: Estimate;
  error_rate: Estimate;
}>;

/**
 * Where the time of a task goes: each stage of the system around the model, and its share of the critical path.
 *
 * At every moment a task waits for the innermost span that ends last: a stage that contains others gets the
 * share of its own work, and moments without a span are "between stages". A stage that runs in parallel with
 * a longer one takes time but adds no waiting. Tasks of a single stage are left out of the shares. A task
 * belongs to the row of its first answering call; spans of other tasks are left out. n counts spans, for
 * `critical_path` tasks.
 *
 * @returns a table with a row for each group of `by` (default workload) and stage, the largest share first
 * @throws RangeError for an invalid column, cluster, probability or level
 * @example
 * const store = await openDemo();
 * const { rows } = await latencyStages(store);
 * rows[0].critical_path.value.toFixed(2) // "0.98"
 */
export const latencyStages = defineMeasure({
  name: "stages",
  of: "latency",
  was: "stages",
  about: "where the time of a task goes: every stage and its share of the critical path",
  needs: ["spans"],
  options: {
    q: {
      value: "<list>",
      about: "quantiles",
      as: "numbers",
      default: [0.5, 0.95, 0.99],
      check: probabilities,
    },
  },
  words: {
    by: "columns to group by, of a task's first answering call (default: workload)",
    where: "only tasks whose first answering call meets this SQL predicate",
  },
  selects: ({ options }) => ({ by: options.by ?? "workload", population: "tasks" }),
  async table({ selection, options }): Promise<Result<StageRow>> {
    const { connection, by } = selection;
    const q = probabilities("latencyStages", options.q);
    const clusterBy = taskUnit(selection);
    await taskTables(selection);
    for (const name of ["timed", "placed", "path", "measured"] as const) await run(connection, sql[name]);
    const groups = await rowsOf<Stage>(connection, sql.rows);
    const ratios = await ratiosOf(selection, sql.sums, { ...options, clusterBy });
    // Stages are groups of spans; the rows have their names.
    const summaries = await duckdbSummaries({ ...selection, clusterBy });
    const times = await spreads(summaries, await groupSummaries(summaries), q, {
      ...options,
      unit: "s",
      counted: "spans",
    });
    const rows = groups.map((sums): StageRow => {
      const { g, by: keys, stage, spans, tasks, known } = sums;
      const time = times.get(g);
      const none = nothingCounted(
        { unit: "s", counted: "spans" },
        { level: options.level ?? 0.95, clusterBy },
      );
      return {
        ...(by.length === 0 ? {} : keys),
        stage,
        spans,
        tasks,
        mean: time?.mean ?? none,
        quantiles: Object.fromEntries(q.map((p) => [String(p), time?.quantiles[String(p)] ?? none])),
        critical_path: pathOf(sums, ratios),
        error_rate: ratios.rate(g, "error", { n: known, unit: "1", counted: "spans with a status" }),
      };
    });
    const [{ spans, strange }] = await rowsOf<{ spans: number; strange: number }>(connection, sql.left_out);
    const outside = `${grouped(strange)} of ${grouped(spans)} spans belong to no task with calls and are left out.`;
    return {
      rows,
      by: [...(options.by === undefined ? namingRows(by, rows) : by), "stage"],
      notes: rows.length > 0 && strange > 0 ? [outside] : [],
      none:
        spans === 0
          ? "There are no spans: stages cannot be measured."
          : spans === strange
            ? outside
            : "No span has a start and a duration: stages cannot be measured.",
      behind: {
        from: sql.behind,
        amount: { name: "seconds_of_stage", sum: "the stage's time", first: "slowest" },
        counted: "tasks",
        n: ({ tasks }) => tasks,
        total: ({ mean }) => sumOf(mean),
      },
    };
  },
});

interface Stage {
  g: GroupKey;
  by: Row;
  stage: string;
  spans: number;
  tasks: number;
  known: number;
  /** Tasks of the group that have spans. */
  every: number;
}

/**
 * A task whose spans all belong to one stage, such as calls logged alone, says nothing about other waiting.
 */
function pathOf({ g, every }: Stage, ratios: Ratios): Estimate {
  const share = ratios.ratio(g, "path", { n: every, unit: "1", counted: "tasks of several stages" });
  return every > 0 ? share : renoted(share, [reserve("none.has", { unit: "task", what: "several stages" })]);
}
