import type { Estimate } from "../../stats/estimate";
import { drawnEstimate, sumDraws } from "../../stats/sumDraws";
import type { GroupKey } from "../estimate/ratios";
import type { Keyed } from "../table";

/**
 * Two models in two pipelines. The lesser model is the one that does worse over both pipelines; the lesser
 * pipeline likewise.
 */
export type PipelineRow = Keyed<{
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
}>;

/** One model in one pipeline. */
export type Side = { g: GroupKey; model: string; pipeline: string };

/** By group: counts and sums of outcomes, with a place for each cluster. */
export type Columns = Map<GroupKey, { n: Float64Array; total: Float64Array }>;
type Square = Record<"ll" | "lb" | "bl" | "bb", Side>;
const sum = (values: Float64Array) => values.reduce((all, x) => all + x, 0);

/** Every two models that ran in the two pipelines with the most outcomes, lesser model and pipeline first. */
export function squares(sides: Side[], columns: Columns): Square[] {
  const count = (of: (side: Side) => boolean) =>
    sides.filter(of).reduce((all, { g }) => all + sum((columns.get(g) as { n: Float64Array }).n), 0);
  const pipelines = [...new Set(sides.map(({ pipeline }) => pipeline))]
    .sort(
      (a, b) =>
        count((side) => side.pipeline === b) - count((side) => side.pipeline === a) || (a < b ? -1 : 1),
    )
    .slice(0, 2);
  const sideOf = (model: string, pipeline: string) =>
    sides.find((side) => side.model === model && side.pipeline === pipeline);
  const models = [...new Set(sides.map(({ model }) => model))]
    .filter(
      (model) =>
        pipelines.length === 2 && pipelines.every((pipeline) => sideOf(model, pipeline) !== undefined),
    )
    .sort();
  const level = ({ g }: Side) => {
    const { n, total } = columns.get(g) as { n: Float64Array; total: Float64Array };
    return sum(total) / sum(n);
  };
  return models.flatMap((a, i) =>
    models.slice(i + 1).map((b) => {
      const cell = (model: string, pipeline: string) => sideOf(model, pipeline) as Side;
      const ofModel = (model: string) =>
        pipelines.reduce((all, pipeline) => all + level(cell(model, pipeline)), 0);
      const ofPipeline = (pipeline: string) => level(cell(a, pipeline)) + level(cell(b, pipeline));
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

/** The row of a square: its cells and their differences, over clusters drawn together. */
export function effects(
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
  const n = counts.reduce((total, count) => total + count, 0);
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
