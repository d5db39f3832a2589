import { axis } from "./axis";
import { estimateLines } from "./estimateLines";
import type { Figure } from "./figure";
import { frame } from "./frame";
import { label } from "./label";
import { formatEstimate } from "./number";
import { estimateAt, labelColumns, nameOf, type Rows, rowsOf } from "./rows";
import { shorten, told } from "./text";

/**
 * The share of conversations that go on, by turn, and dotted the share given up by then.
 *
 * @param table of `trajectoriesTurns`
 * @example
 * const at = (value) => ({ value, low: value, high: value, level: 0.95, method: "wilson", n: 9, clusters: 9, clusterBy: "", unit: "1" });
 * turnCurves([{ model: "alder", turn: 1, going: at(0.5), given_up: at(0.1) }]).description // "Conversations that go on, by turn. alder: 50.0 % [50.0, 50.0] after turn 1."
 */
export function turnCurves(table: Rows, options: { title?: string } = {}): Figure {
  const rows = rowsOf(table);
  const by = labelColumns(table).filter((column) => column !== "turn");
  const nameAt = (row: Record<string, unknown>) =>
    by.map((column) => nameOf(row[column])).join(" · ") || "all";
  const pointsOf = (name: string, column: string) =>
    rows
      .filter((row) => nameAt(row) === name)
      .map((row) => ({ x: Number(row.turn), at: `turn ${row.turn}`, estimate: estimateAt(row, column) }))
      .flatMap(({ estimate, ...one }) => (estimate && estimate.value >= 0 ? [{ ...one, estimate }] : []));
  const curves = [...new Set(rows.map(nameAt))]
    .map((name, series) => ({ name, series, points: pointsOf(name, "going") }))
    .filter(({ points }) => points.length > 0);
  const turns = [...new Set(rows.map(({ turn }) => Number(turn)))].sort((a, b) => a - b);
  const lines = curves.flatMap((one) => [
    one,
    { ...one, points: pointsOf(one.name, "given_up"), dotted: true },
  ]);
  const parts = told(
    curves,
    ({ name, points }) => {
      const early = points.slice(0, 3).at(-1);
      return early ? `${shorten(name, 60)}: ${formatEstimate(early.estimate)} after ${early.at}` : "";
    },
    { none: "No conversation has a turn." },
  );
  return {
    data: estimateLines(lines, 100),
    layout: frame({
      title: options.title && label(options.title, 120),
      x: { ...axis(turns, { title: "turn" }), tickvals: turns, ticktext: turns.map(String) },
      y: {
        ...axis([0, 100], { percent: true, title: "go on (dotted: given up)" }),
        range: [0, 102],
      },
      height: 420,
      legend: curves.length > 1,
    }),
    description: `${shorten(options.title ?? "Conversations that go on, by turn", 120)}. ${parts}`,
  };
}
