import { isEstimate, type Row } from "../measures/table";
import type { Figure } from "./figure";
import { forestFigure } from "./forest";
import { nameOf } from "./rows";

/**
 * Two models in two pipelines, four estimates on one axis: whether the model or the system around it makes the
 * difference.
 *
 * @param row of `qualityPipeline`
 * @example
 * const at = (value) => ({ value, low: value, high: value, level: 0.95, method: "t", n: 9, clusters: 9, clusterBy: "", unit: "1" });
 * const cells = { lesser_in_lesser: at(0.4), lesser_in_better: at(0.8), better_in_lesser: at(0.6), better_in_better: at(0.9) };
 * pipelineSquare({ lesser_model: "a", better_model: "b", lesser_pipeline: "x", better_pipeline: "y", ...cells }).description // "outcome: estimates with their intervals. x · a 40.0 % [40.0, 40.0]; x · b 60.0 % [60.0, 60.0]; y · a 80.0 % [80.0, 80.0]; y · b 90.0 % [90.0, 90.0]."
 */
export function pipelineSquare(row: Row, options: { title?: string; quantity?: string } = {}): Figure {
  const lines = (["lesser", "better"] as const).flatMap((pipeline) =>
    (["lesser", "better"] as const).map((model) => {
      const cell = row[`${model}_in_${pipeline}`];
      return {
        group: nameOf(row[`${pipeline}_pipeline`]),
        name: nameOf(row[`${model}_model`]),
        estimate: isEstimate(cell) ? cell : undefined,
      };
    }),
  );
  return forestFigure(lines, { quantity: "outcome", ...options });
}
