import { join } from "node:path";
import { select } from "../../facts/select";
import { taskTables, taskUnit } from "../../facts/tasks";
import type { Estimate } from "../../stats/estimate";
import { grouped } from "../../stats/text";
import type { Store } from "../../store/open";
import { rowsOf, run } from "../../store/run";
import { statements } from "../../store/statements";
import { withCalls } from "../behind";
import { groupSummaries } from "../estimate/distribution";
import { duckdbSummaries } from "../estimate/duckdbSummaries";
import { type GroupKey, type Ratios, ratiosOf } from "../estimate/ratios";
import { spreads } from "../estimate/spread";
import { type MeasureOptions, requestOf } from "../options";
import { namingRows, type Row, type Table } from "../table";
import { whyEmpty } from "../whyEmpty";

type Name = "placed" | "path" | "sums" | "rows" | "measured" | "left_out" | "behind";
const sql = statements<Name>(join(__dirname, "stages.sql"));

/** The statement that makes the table `path`: the time waited for each stage of the table `placed`. */
export const criticalPath = sql.path;

/** Which quantiles of stages to estimate. */
export interface StageOptions extends MeasureOptions {
  /** Quantiles to estimate. Default 0.5, 0.95 and 0.99. */
  q?: readonly number[];
}

/** One stage of the tasks of a row. */
export interface StageRow extends Row {
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
}

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
 * const { rows } = await stages(store);
 * rows[0].critical_path.value.toFixed(2) // "0.98"
 */
export async function stages(store: Store, options: StageOptions = {}): Promise<Table<StageRow>> {
  const request = requestOf("stages", options);
  const q = [...new Set(options.q ?? [0.5, 0.95, 0.99])].sort((a, b) => a - b);
  for (const p of q) if (!(p >= 0 && p <= 1)) throw new RangeError(`stages requires 0 <= q <= 1, got ${p}`);
  const selection = await select(store, request, { by: options.by ?? "workload", population: "tasks" });
  try {
    const { connection, by } = selection;
    const clusterBy = taskUnit(selection);
    await taskTables(selection);
    for (const name of ["placed", "path", "measured"] as const) await run(connection, sql[name]);
    const found = await rowsOf<Found>(connection, sql.rows);
    const ratios = await ratiosOf(selection, sql.sums, { ...options, clusterBy });
    // Stages are groups of spans; the rows have their names.
    const spans = await duckdbSummaries({ ...selection, clusterBy });
    const times = await spreads(spans, await groupSummaries(spans), q, { ...options, unit: "s" });
    const rows = found.map((one): StageRow => {
      const { g, stage } = one;
      const time = times.get(g);
      return {
        ...(by.length === 0 ? {} : one.by),
        stage,
        spans: one.spans,
        tasks: one.tasks,
        mean: named(time?.mean) ?? nothing(options.level, clusterBy),
        quantiles: Object.fromEntries(
          q.map((p) => [String(p), named(time?.quantiles[String(p)]) ?? nothing(options.level, clusterBy)]),
        ),
        critical_path: pathOf(one, ratios),
        error_rate: ratios.rate(g, "error", { n: one.known, unit: "1", counted: "spans with a status" }),
      };
    });
    const [{ spans: all, strange }] = await rowsOf<{ spans: number; strange: number }>(
      connection,
      sql.left_out,
    );
    const notes = [...selection.notes];
    const outside = `${grouped(strange)} of ${grouped(all)} spans belong to no task with calls and are left out.`;
    const lack =
      all === 0
        ? "There are no spans: stages cannot be measured."
        : all === strange
          ? outside
          : "No span has a start and a duration: stages cannot be measured.";
    if (found.length === 0) notes.push(await whyEmpty(selection, lack));
    else if (strange > 0) notes.push(outside);
    const ownBy = options.by === undefined ? namingRows(by, rows) : by;
    return withCalls(
      { measure: "stages", by: [...ownBy, "stage"], rows, notes },
      (again) => stages(again, options),
      {
        from: sql.behind,
        amount: { name: "seconds_of_stage", sum: "the stage's time", first: "slowest" },
        counted: "tasks",
        n: ({ tasks }) => tasks,
        total: ({ mean }) => (mean.n === 0 ? 0 : mean.n * mean.value),
      },
    );
  } finally {
    selection.close();
  }
}

interface Found {
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
function pathOf({ g, every }: Found, ratios: Ratios): Estimate {
  const share = ratios.ratio(g, "path", { n: every, unit: "1", counted: "tasks of several stages" });
  return every > 0 ? share : { ...share, note: "no task has several stages" };
}

/** Notes about latency say "calls"; here they are spans. */
function named(estimate: Estimate | undefined): Estimate | undefined {
  if (estimate?.note === undefined) return estimate;
  return { ...estimate, note: estimate.note.replace(/\bcalls\b/g, "spans") };
}

function nothing(level = 0.95, clusterBy = ""): Estimate {
  const none = { value: Number.NaN, low: Number.NaN, high: Number.NaN };
  return { ...none, level, method: "none", n: 0, clusters: 0, clusterBy, unit: "s", note: "no spans" };
}
