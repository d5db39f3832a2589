import type { Estimate } from "../stats/estimate";
import { axis } from "./axis";
import { estimateLines } from "./estimateLines";
import type { Figure } from "./figure";
import { frame } from "./frame";
import { label } from "./label";
import { formatEstimate } from "./number";
import { labelColumns, nameOf, type Rows, rowsOf } from "./rows";
import { shorten, told } from "./text";

/**
 * The chance that all of k runs of a prompt pass, by k: the steeper a line falls, the less consistent a model is.
 * Dotted above it, the chance that at least one of k passes.
 *
 * @param table of `consistency`
 * @example
 * passCurves([{ model: "alder", pass_at: {}, pass_hat: { 1: { value: 0.8, low: 0.7, high: 0.9, level: 0.95, method: "bootstrap-posterior", n: 40, clusters: 40, clusterBy: "prompt_id", unit: "1" } } }]).description // "Chance that all of k runs pass. alder: 80 % [70, 90] at k = 1."
 */
export function passCurves(table: Rows, options: { title?: string } = {}): Figure {
  const by = labelColumns(table);
  const models = rowsOf(table).map((row, series) => ({
    name: by.map((column) => nameOf(row[column])).join(" · ") || "all",
    series,
    hat: pointsOf(row.pass_hat, "all of"),
    at: pointsOf(row.pass_at, "at least one of"),
  }));
  const shown = models.filter(({ hat }) => hat.length > 0);
  const lines = shown.flatMap(({ name, series, hat, at }) => [
    { name, series, points: hat },
    { name, series, points: at, dotted: true },
  ]);
  const ks = [...new Set(lines.flatMap(({ points }) => points.map(({ x }) => x)))].sort((a, b) => a - b);
  const parts = told(
    shown,
    ({ name, hat }) => {
      const last = hat[hat.length - 1]!;
      return `${shorten(name, 60)}: ${formatEstimate(last.estimate)} at k = ${last.x}`;
    },
    { none: "No row has a score that passes or not." },
  );
  return {
    data: estimateLines(lines, 100),
    layout: frame({
      title: options.title && label(options.title, 120),
      x: {
        ...axis(ks, { log: ks.length > 1, title: "k, runs of the same prompt" }),
        tickvals: ks,
        ticktext: ks.map(String),
      },
      y: {
        ...axis([0, 100], { percent: true, title: "all pass (dotted: one passes)" }),
        range: [0, 102],
      },
      height: 420,
      legend: shown.length > 1,
    }),
    description: `${shorten(options.title ?? "Chance that all of k runs pass", 120)}. ${parts}`,
  };
}

function pointsOf(cell: unknown, words: string): { x: number; at: string; estimate: Estimate }[] {
  if (typeof cell !== "object" || cell === null) return [];
  return Object.entries(cell as Record<string, Estimate>)
    .map(([k, estimate]) => ({ x: Number(k), at: `${words} ${k}`, estimate }))
    .filter(({ x }) => Number.isFinite(x) && x > 0)
    .sort((a, b) => a.x - b.x);
}
