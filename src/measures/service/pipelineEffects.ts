import { carrierOf, scoreByOneKind } from "../../facts/judgements";
import { type Selection, select } from "../../facts/select";
import { taskTables, taskUnit } from "../../facts/tasks";
import type { Store } from "../../store/open";
import { quoteText } from "../../store/quote";
import { rowsOf, run } from "../../store/run";
import { statements } from "../../store/statements";
import { worstFirst } from "../behind";
import { defineMeasure, type Result } from "../define";
import { mostDrawn } from "../estimate/clusterTotals";
import type { GroupKey } from "../estimate/ratios";
import { raterOption } from "../measure";
import type { MeasureRequest } from "../options";
import { uncorrectedNotes } from "../quality/corrections";
import { keysOf } from "../rowKey";
import type { Row } from "../table";
import { type Columns, effects, type PipelineRow, type Side, squares } from "./pipelineSquares";

const sql = statements(__dirname, "pipelineEffects.sql");

/**
 * Shows whether the model or the system around it makes the difference: every two models in two pipelines.
 *
 * Tasks belong to the model and pipeline of their first answering call. n counts tasks, or the calls (else the
 * tasks) that carry the score. Pipelines that were not assigned at random may have had different tasks: one release replaces
 * another over time.
 *
 * @remarks Method: differences of means; whole clusters are resampled once for all cells, percentile bounds.
 * @returns a table with a row for each pair of models and of pipelines (the two with the most outcomes) in each group of
 * `by` (default workload)
 * @throws RangeError for an invalid pipeline, and for an invalid column, cluster or level
 * @example
 * const store = await openDemo();
 * const { rows } = await qualityPipeline(store, { by: "workload" });
 * rows[0].pipeline_effect.value.toFixed(2) // "0.09"
 */
export const qualityPipeline = defineMeasure({
  name: "pipeline",
  of: "quality",
  was: "pipeline-effects",
  takes: "pipeline",
  about: "the model against the system around it: how much each changes the outcome",
  needs: ["prompt_version or release"],
  options: {
    pipeline: {
      value: "[column]",
      about: "the column that names the pipeline (default: the first that has two values)",
      choices: ["prompt_version", "release"],
    },
    outcome: {
      value: "<score>",
      about: "resolved, or a score of the log where higher is better",
      default: "resolved",
    },
    rater: raterOption,
  },
  async open({ store, request, options }) {
    const { by = "workload", pipeline = await varying(store, request) } = options;
    const scope = [by]
      .flat()
      .flatMap((names) => names.split(","))
      .map((name) => name.trim())
      .filter((name) => name !== "" && name !== "model" && name !== pipeline);
    const needs = { by: [...scope, "model", pipeline], population: "tasks" } as const;
    return { selection: await select(store, request, needs), scope, pipeline };
  },
  async table({ selection, options, scope, pipeline }): Promise<Result<PipelineRow>> {
    const { connection } = selection;
    const { outcome, rater, level, seed } = options;
    await taskTables(selection);
    const kinds = await scoreByOneKind("qualityPipeline", selection, outcome, rater);
    const scored = outcome === "resolved" ? undefined : await carrierOf(connection, outcome);
    await run(connection, `set variable outcome = ${quoteText(outcome)}; ${sql.outcomes}`);
    const clusterBy = scored?.carrier === "call" ? selection.clusterBy : taskUnit(selection);
    const { columns, unit } = await columnsOf(connection);
    const scopes = await scopesOf(connection, { columns, scope, pipeline });
    const settings = { level, seed, clusterBy, unit };
    const rows = scopes.flatMap(({ by, sides }) =>
      squares(sides, columns).map((square) => ({ ...by, ...effects(square, columns, settings) })),
    );
    const notRandom =
      "Pipelines that were not assigned at random may have had different tasks, and releases follow one another in time.";
    return {
      rows,
      by: [...scope, "lesser_model", "better_model"],
      notes: [
        ...kinds,
        ...(scored?.notes ?? []),
        ...(await uncorrectedNotes(connection, { level, seed, clusterBy })),
        ...(rows.length === 0 ? [] : [notRandom]),
      ],
      none:
        scored !== undefined && columns.size === 0
          ? scored.none
          : "No two models ran in the same two pipelines: the effects of model and pipeline cannot be separated.",
      behind: {
        from: sql.behind,
        last: true,
        amount: worstFirst(outcome),
        counted: "outcomes",
        n: ({ n }) => n,
        keys: (row) => ({
          by: [...scope, "model", pipeline],
          rows: [row.lesser_model, row.better_model].flatMap((model) =>
            [row.lesser_pipeline, row.better_pipeline].map((version) => ({
              ...row,
              model,
              [pipeline]: version,
            })),
          ),
        }),
      },
    };
  },
});

/** Counts and sums of outcomes by group, with a place for each cluster of all groups; and their unit. */
async function columnsOf(connection: Selection["connection"]): Promise<{ columns: Columns; unit: string }> {
  type Cell = { g: GroupKey; unit: number | string; plain: boolean; n: number; total: number };
  const cells = await rowsOf<Cell>(connection, sql.cells, { most: mostDrawn });
  const places = new Map([...new Set(cells.map(({ unit }) => unit))].map((unit, place) => [unit, place]));
  const columns: Columns = new Map();
  for (const { g, unit, n, total } of cells) {
    const column = columns.get(g) ?? {
      n: new Float64Array(places.size),
      total: new Float64Array(places.size),
    };
    columns.set(g, column);
    const place = places.get(unit) as number;
    column.n[place] = n;
    column.total[place] = total;
  }
  return { columns, unit: cells.every(({ plain }) => plain) ? "1" : "" };
}

interface Scope {
  by: Row;
  sides: Side[];
}

/** The models in their pipelines that have outcomes, by the other columns of `by`. */
async function scopesOf(
  connection: Selection["connection"],
  { columns, scope, pipeline }: { columns: Columns; scope: readonly string[]; pipeline: string },
): Promise<Scope[]> {
  const scopes = new Map<string, Scope>();
  for (const { g, by } of await rowsOf<{ g: GroupKey; by: Row }>(connection, sql.groups)) {
    const [model, version] = [by.model, by[pipeline]];
    if (!columns.has(g) || typeof model !== "string" || typeof version !== "string") continue;
    const keys = keysOf(scope, by);
    const key = JSON.stringify(keys);
    const { sides } = scopes.get(key) ?? { sides: [] };
    scopes.set(key, { by: keys, sides: [...sides, { g, model, pipeline: version }] });
  }
  return [...scopes.values()];
}

/** The column that identifies pipelines in this log. */
async function varying(store: Store, request: MeasureRequest): Promise<"prompt_version" | "release"> {
  const selection = await select(store, request, { by: [], population: "tasks" });
  try {
    const [values] = await rowsOf<Record<string, number>>(selection.connection, sql.pipelines);
    return values.prompt_version < 2 && values.release >= 2 ? "release" : "prompt_version";
  } finally {
    selection.close();
  }
}

/**
 * Returns what a row says in one sentence: whether a lesser model in a well-built pipeline does better than a
 * better model in a plain one.
 *
 * @example
 * const told = (low, high) => ({ value: (low + high) / 2, low, high });
 * const names = { lesser_model: "a", better_model: "b", lesser_pipeline: "1.0", better_pipeline: "2.0" };
 * pipelineSentence({ ...names, lesser_ahead: told(0.1, 0.3), model_effect: told(0.02, 0.1) }) // "a in \"2.0\" does better than b in \"1.0\": a lesser model in a well-built pipeline is ahead."
 */
export function pipelineSentence(row: PipelineRow): string {
  const { lesser_model, better_model, lesser_pipeline, better_pipeline, lesser_ahead, model_effect } = row;
  const sides = [`${lesser_model} in "${better_pipeline}"`, `${better_model} in "${lesser_pipeline}"`];
  if (lesser_ahead.high < 0) return `${sides.join(" does worse than ")}: the model outweighs the pipeline.`;
  if (!(lesser_ahead.low > 0)) return `${sides.join(" is not distinguishable from ")}.`;
  return model_effect.low > 0
    ? `${sides.join(" does better than ")}: a lesser model in a well-built pipeline is ahead.`
    : `${sides.join(" does better than ")}: the pipelines differ, the models do not measurably.`;
}
