import { join } from "node:path";
import { carrierOf, scoreByOneKind } from "../../facts/judgements";
import { select } from "../../facts/select";
import { taskTables, taskUnit } from "../../facts/tasks";
import type { Estimate } from "../../stats/estimate";
import { drawnEstimate, sumDraws } from "../../stats/sumDraws";
import type { Store } from "../../store/open";
import { quoteText } from "../../store/quote";
import { rowsOf, run } from "../../store/run";
import { statements } from "../../store/statements";
import { withCalls, worstFirst } from "../behind";
import { mostDrawn } from "../estimate/clusterTotals";
import type { GroupKey } from "../estimate/ratios";
import { type MeasureOptions, type MeasureRequest, requestOf } from "../options";
import { uncorrectedNotes } from "../quality/corrections";
import type { Row, Table } from "../table";
import { whyEmpty } from "../whyEmpty";

const sql = statements<"outcomes" | "behind" | "cells" | "groups" | "pipelines">(
  join(__dirname, "pipelineEffects.sql"),
);

/** Which pipelines and which outcome to compare. */
export interface PipelineOptions extends MeasureOptions {
  /**
   * The column that identifies pipelines: "prompt_version" or "release". Default: the first that has two
   * values.
   */
  pipeline?: "prompt_version" | "release";
  /**
   * "resolved" (default), the outcome of tasks, or the name of a score of calls, else of tasks, where higher is better.
   */
  outcome?: string;
  /** The kind of rater. Default: the kind that judged most. */
  rater?: string;
}

/**
 * Two models in two pipelines. The lesser model is the one that does worse over both pipelines; the lesser
 * pipeline likewise.
 */
export interface PipelineRow extends Row {
  lesser_model: string;
  better_model: string;
  lesser_pipeline: string;
  better_pipeline: string;
  n: number;
  /** The four cells: model first, then pipeline. */
  lesser_in_lesser: Estimate;
  lesser_in_better: Estimate;
  better_in_lesser: Estimate;
  better_in_better: Estimate;
  /**
   * The gain from the better model, as a mean over both pipelines; and from the better pipeline, as a mean
   * over both models.
   */
  model_effect: Estimate;
  pipeline_effect: Estimate;
  /** How much more the better pipeline helps the better model than the lesser one. */
  interaction: Estimate;
  /** The lesser model in the better pipeline minus the better model in the lesser pipeline. */
  lesser_ahead: Estimate;
}

type Sums = { n: number; total: number };
type Side = { g: GroupKey; model: string; pipeline: string };

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
 * const { rows } = await pipelineEffects(store, { by: "workload" });
 * rows[0].pipeline_effect.value.toFixed(2) // "0.09"
 */
export async function pipelineEffects(
  store: Store,
  options: PipelineOptions = {},
): Promise<Table<PipelineRow>> {
  const request = requestOf("pipelineEffects", options);
  const { pipeline, outcome = "resolved", by: groupBy = "workload", level, seed } = options;
  if (pipeline !== undefined && pipeline !== "prompt_version" && pipeline !== "release")
    throw new RangeError(
      `pipelineEffects requires pipeline "prompt_version" or "release", got "${String(pipeline)}"`,
    );
  const column = pipeline ?? (await varying(store, request));
  const scope = [groupBy]
    .flat()
    .flatMap((name) => name.split(","))
    .map((name) => name.trim())
    .filter((name) => name !== "" && name !== "model" && name !== column);
  const selection = await select(store, request, { by: [...scope, "model", column], population: "tasks" });
  try {
    const { connection } = selection;
    await taskTables(selection);
    const kinds = await scoreByOneKind("pipelineEffects", connection, outcome, options.rater);
    const scored = outcome === "resolved" ? undefined : await carrierOf(connection, outcome);
    await run(connection, `set variable outcome = ${quoteText(outcome)}; ${sql.outcomes}`);
    const groups = await rowsOf<{ g: GroupKey; by: Row }>(connection, sql.groups);
    const cells = await rowsOf<{ g: GroupKey; unit: number | string; plain: boolean } & Sums>(
      connection,
      sql.cells,
      {
        most: mostDrawn,
      },
    );
    const units = [...new Set(cells.map(({ unit }) => unit))];
    const place = new Map(units.map((unit, at) => [unit, at]));
    const columns = new Map<GroupKey, { n: Float64Array; total: Float64Array }>();
    for (const { g, unit, n, total } of cells) {
      const own = columns.get(g) ?? {
        n: new Float64Array(units.length),
        total: new Float64Array(units.length),
      };
      columns.set(g, own);
      own.n[place.get(unit) as number] = n;
      own.total[place.get(unit) as number] = total;
    }
    const clusterBy = scored?.carrier === "call" ? selection.clusterBy : taskUnit(selection);
    const settings = { level, seed, clusterBy, unit: cells.every(({ plain }) => plain) ? "1" : "" };
    const scopes = new Map<string, { by: Row; sides: Side[] }>();
    for (const { g, by } of groups) {
      const [model, version] = [by.model, by[column]];
      if (!columns.has(g) || typeof model !== "string" || typeof version !== "string") continue;
      const own = Object.fromEntries(scope.map((name) => [name, by[name]]));
      const key = JSON.stringify(own);
      const one = scopes.get(key) ?? { by: own, sides: [] };
      scopes.set(key, one);
      one.sides.push({ g, model, pipeline: version });
    }
    const rows = [...scopes.values()].flatMap(({ by, sides }) =>
      squares(sides, columns).map((square) => ({ ...by, ...effects(square, columns, settings) })),
    );
    const notes = [
      ...selection.notes,
      ...kinds,
      ...(scored?.notes ?? []),
      ...(await uncorrectedNotes(connection, { level, seed, clusterBy })),
      rows.length === 0
        ? await whyEmpty(
            selection,
            scored !== undefined && cells.length === 0
              ? scored.none
              : "No two models ran in the same two pipelines: the effects of model and pipeline cannot be separated.",
          )
        : "Pipelines that were not assigned at random may have had different tasks, and releases follow one another in time.",
    ];
    return withCalls(
      { measure: "pipeline effects", by: [...scope, "lesser_model", "better_model"], rows, notes },
      (again) => pipelineEffects(again, { ...options, pipeline: column }),
      {
        from: sql.behind,
        amount: worstFirst(outcome),
        counted: "outcomes",
        n: ({ n }) => n,
        keys: (row) => ({
          by: [...scope, "model", column],
          rows: [row.lesser_model, row.better_model].flatMap((model) =>
            [row.lesser_pipeline, row.better_pipeline].map((version) => ({
              ...row,
              model,
              [column]: version,
            })),
          ),
        }),
      },
    );
  } finally {
    selection.close();
  }
}

/** The column that identifies pipelines in this log. */
async function varying(store: Store, request: MeasureRequest): Promise<"prompt_version" | "release"> {
  const selection = await select(store, request, { by: [], population: "tasks" });
  try {
    const [found] = await rowsOf<Record<string, number>>(selection.connection, sql.pipelines);
    return found.prompt_version < 2 && found.release >= 2 ? "release" : "prompt_version";
  } finally {
    selection.close();
  }
}

type Columns = Map<GroupKey, { n: Float64Array; total: Float64Array }>;
type Square = Record<"ll" | "lb" | "bl" | "bb", Side>;
const sum = (values: Float64Array) => values.reduce((all, x) => all + x, 0);

/** Every two models that ran in the two pipelines with the most outcomes, lesser model and pipeline first. */
function squares(sides: Side[], columns: Columns): Square[] {
  const count = (of: (side: Side) => boolean) =>
    sides.filter(of).reduce((all, { g }) => all + sum((columns.get(g) as { n: Float64Array }).n), 0);
  const pipelines = [...new Set(sides.map(({ pipeline }) => pipeline))]
    .sort(
      (a, b) =>
        count((side) => side.pipeline === b) - count((side) => side.pipeline === a) || (a < b ? -1 : 1),
    )
    .slice(0, 2);
  const at = (model: string, pipeline: string) =>
    sides.find((side) => side.model === model && side.pipeline === pipeline);
  const models = [...new Set(sides.map(({ model }) => model))]
    .filter((model) => pipelines.length === 2 && pipelines.every((one) => at(model, one) !== undefined))
    .sort();
  const level = ({ g }: Side) => {
    const { n, total } = columns.get(g) as { n: Float64Array; total: Float64Array };
    return sum(total) / sum(n);
  };
  return models.flatMap((a, i) =>
    models.slice(i + 1).map((b) => {
      const cell = (model: string, pipeline: string) => at(model, pipeline) as Side;
      const ofModel = (model: string) => pipelines.reduce((all, one) => all + level(cell(model, one)), 0);
      const ofPipeline = (one: string) => level(cell(a, one)) + level(cell(b, one));
      const [lesser, better] = ofModel(a) <= ofModel(b) ? [a, b] : [b, a];
      const [poor, good] =
        ofPipeline(pipelines[0]) <= ofPipeline(pipelines[1]) ? pipelines : [pipelines[1], pipelines[0]];
      return {
        ll: cell(lesser, poor),
        lb: cell(lesser, good),
        bl: cell(better, poor),
        bb: cell(better, good),
      };
    }),
  );
}

function effects(
  { ll, lb, bl, bb }: Square,
  columns: Columns,
  { seed, ...settings }: { level?: number; seed?: number; clusterBy: string; unit: string },
): PipelineRow {
  const order = [ll, lb, bl, bb];
  const all = order.map(({ g }) => columns.get(g) as { n: Float64Array; total: Float64Array });
  // Only clusters in the four cells: others say nothing about them.
  const used = [...all[0].n.keys()].filter((k) => all.some(({ n }) => n[k] > 0));
  const flat = all.flatMap(({ n, total }) => [used.map((k) => n[k]), used.map((k) => total[k])]);
  const drawn = sumDraws(flat, { seed });
  const whole = flat.map((column) => column.reduce((total, x) => total + x, 0));
  const counts = order.map((_, i) => whole[2 * i]);
  const estimate = (of: (levels: number[]) => number, n: number): Estimate => {
    const levels = (at: (column: number) => number) => order.map((_, i) => at(2 * i + 1) / at(2 * i));
    const draws = drawn[0].map((_, draw) => of(levels((column) => drawn[column][draw])));
    return drawnEstimate(of(levels((column) => whole[column])), draws, {
      ...settings,
      n,
      clusters: used.length,
    });
  };
  const n = counts.reduce((total, one) => total + one, 0);
  const [poorPoor, poorGood, goodPoor, goodGood] = order.map((_, i) => estimate((v) => v[i], counts[i]));
  return {
    lesser_model: ll.model,
    better_model: bb.model,
    lesser_pipeline: ll.pipeline,
    better_pipeline: bb.pipeline,
    n,
    lesser_in_lesser: poorPoor,
    lesser_in_better: poorGood,
    better_in_lesser: goodPoor,
    better_in_better: goodGood,
    model_effect: estimate(([a, b, c, d]) => (c + d - a - b) / 2, n),
    pipeline_effect: estimate(([a, b, c, d]) => (b + d - a - c) / 2, n),
    interaction: estimate(([a, b, c, d]) => d - c - (b - a), n),
    lesser_ahead: estimate(([, b, c]) => b - c, n),
  };
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
