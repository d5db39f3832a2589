import type { Estimate } from "../stats/estimate";
import { axis } from "./axis";
import { estimateLines } from "./estimateLines";
import type { Figure } from "./figure";
import { frame } from "./frame";
import { label } from "./label";
import { formatEstimate } from "./number";
import { estimateAt, labelColumns, nameOf, type Rows, rowsOf } from "./rows";
import { shorten, told } from "./text";

/**
 * The chance that a study of k runs per prompt picks a different model than all runs do, by k.
 *
 * @param table of `consistencySingleShot`
 * @example
 * rankFlips({ measure: "single shot", by: ["runs"], notes: [], rows: [{ runs: 1, wrong: { value: 0.3, low: 0.1, high: 0.5, level: 0.95, method: "bootstrap-percentile", n: 40, clusters: 40, clusterBy: "prompt_id", unit: "1" } }] }).description // "Chance of picking the wrong model. all: 30 % [10, 50] with 1 run a prompt."
 */
export function rankFlips(table: Rows, options: { title?: string } = {}): Figure {
  const by = labelColumns(table).filter((column) => column !== "runs");
  const groups = new Map<string, { x: number; at: string; estimate: Estimate }[]>();
  for (const row of rowsOf(table)) {
    const name = by.map((column) => nameOf(row[column])).join(" · ") || "all";
    const estimate = estimateAt(row, "wrong");
    const runs = Number(row.runs);
    if (estimate === undefined || !(runs > 0)) continue;
    const at = runs === 1 ? "1 run a prompt" : `${runs} runs a prompt`;
    groups.set(name, [...(groups.get(name) ?? []), { x: runs, at, estimate }]);
  }
  const lines = [...groups].map(([name, points], series) => ({
    name,
    series,
    points: points.sort((a, b) => a.x - b.x),
  }));
  const runs = [...new Set(lines.flatMap(({ points }) => points.map(({ x }) => x)))].sort((a, b) => a - b);
  const parts = told(
    lines,
    ({ name, points }) =>
      `${shorten(name, 60)}: ${formatEstimate(points[0]!.estimate)} with ${points[0]!.at}`,
    { none: "Nothing to compare." },
  );
  return {
    data: estimateLines(lines, 100),
    layout: frame({
      title: options.title && label(options.title, 120),
      x: {
        ...axis(runs, { log: runs.length > 1, title: "runs of each prompt" }),
        tickvals: runs,
        ticktext: runs.map(String),
      },
      y: {
        ...axis(
          [
            0,
            ...lines.flatMap(({ points }) =>
              points.flatMap(({ estimate }) => [100 * estimate.value, 100 * estimate.high]),
            ),
          ],
          {
            percent: true,
            title: "another model is picked",
          },
        ),
      },
      height: 380,
      legend: lines.length > 1,
    }),
    description: `${shorten(options.title ?? "Chance of picking the wrong model", 120)}. ${parts}`,
  };
}
