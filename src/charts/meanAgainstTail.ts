import { quantileName } from "./ecdf";
import type { Figure } from "./figure";
import { frame } from "./frame";
import { hoverOf, notKnown, valueAxis } from "./intervals";
import { label } from "./label";
import { fullName, lineOf, linesOf } from "./lines";
import { formatEstimate } from "./number";
import { faint, GRID, PALETTE } from "./palette";
import { endsOf, estimateAt, labelColumns, type Rows, rowsOf } from "./rows";
import { shorten, told } from "./text";

export interface MeanAgainstTailOptions {
  /** The quantiles to set the mean against, by their names in the table. Default p50, p95, p99. */
  quantiles?: readonly string[];
  title?: string;
  /** What the values are, as the axis title. Default "duration". */
  quantity?: string;
}

const SYMBOLS = ["circle-open", "circle", "square", "triangle-right", "star"];

/**
 * The mean among the quantiles, a line for each row, on a logarithmic axis: what a mean hides.
 *
 * @example
 * meanAgainstTail([{ model: "alder", mean: { value: 3.42, low: 3.31, high: 3.55, level: 0.95, method: "wilson", n: 812, clusters: 120, clusterBy: "user_id", unit: "s" } }], { quantiles: [] }).description // "duration: the mean against the tail. alder: mean 3.42 s [3.31, 3.55]."
 */
export function meanAgainstTail(table: Rows, options: MeanAgainstTailOptions = {}): Figure {
  const { title, quantity = "duration", quantiles = ["0.5", "0.95", "0.99"] } = options;
  const rows = rowsOf(table);
  const by = labelColumns(table);
  const lines = rows.map((row) => lineOf(row, by));
  const names = lines.map(fullName);
  const { y: heights, axis: y, short } = linesOf(lines);
  const columns = [
    ...quantiles.map((name, at) => ({
      column: `quantiles.${name}`,
      name: quantileName(Number(name)),
      color: PALETTE[0] as string,
      symbol: SYMBOLS[at % SYMBOLS.length]!,
    })),
    { column: "mean", name: "mean", color: PALETTE[1] as string, symbol: "diamond" },
  ];
  const cells = columns.map(({ column }) => rows.map((row) => estimateAt(row, column)));
  const { x, scale } = valueAxis(cells.flat(), { log: true, title: quantity });
  const right = x.type === "log" ? 10 ** x.range[1] : x.range[1];
  const positive = (value: number) => Number.isFinite(value) && value > 0;
  const spans = rows.map((_, row) => {
    const values = cells.map((column) => endsOf(column[row], scale.factor).value).filter(positive);
    return values.length < 2 ? [null, null] : [Math.min(...values), Math.max(...values)];
  });
  const data: Record<string, unknown>[] = [
    {
      type: "scatter",
      mode: "lines",
      x: spans.flatMap(([from, to]) => [from, to, null]),
      y: spans.flatMap((_, row) => [heights[row]!, heights[row]!, null]),
      line: { color: GRID, width: 2 },
      hoverinfo: "skip",
      showlegend: false,
    },
    ...columns.flatMap(({ name, color, symbol }, at) => {
      const points = cells[at]!.map((estimate, row) => ({
        row,
        estimate,
        ...endsOf(estimate, scale.factor),
      }));
      const bars = points.filter(
        ({ low, high, value }) => positive(low) && (positive(high) || positive(value)),
      );
      const open = points.filter(({ low, high }) => positive(low) && high === Infinity);
      const shown = points.filter(({ value }) => positive(value));
      return [
        {
          type: "scatter",
          mode: "lines",
          legendgroup: name,
          showlegend: false,
          x: bars.flatMap(({ low, high, value }) => [low, positive(high) ? high : value, null]),
          y: bars.flatMap(({ row }) => [heights[row]!, heights[row]!, null]),
          line: { color: faint(color), width: 8 },
          hoverinfo: "skip",
        },
        // A value without an upper bound continues as a thin line to an arrow, so that several on one line stay
        // legible.
        {
          type: "scatter",
          mode: "lines",
          legendgroup: name,
          showlegend: false,
          x: open.flatMap(({ low, value }) => [positive(value) ? value : low, right, null]),
          y: open.flatMap(({ row }) => [heights[row]!, heights[row]!, null]),
          line: { color, width: 1.5 },
          hoverinfo: "skip",
        },
        {
          type: "scatter",
          mode: "markers",
          legendgroup: name,
          showlegend: false,
          x: open.map(() => right),
          y: open.map(({ row }) => heights[row]!),
          marker: { color, size: 10, symbol: "triangle-right" },
          hoverinfo: "skip",
          cliponaxis: false,
        },
        {
          type: "scatter",
          mode: "markers",
          name,
          legendgroup: name,
          x: shown.map(({ value }) => value),
          y: shown.map(({ row }) => heights[row]!),
          marker: { color, symbol, size: 10, line: { width: symbol.endsWith("open") ? 2 : 0, color } },
          hovertext: shown.map(({ row, estimate }) => hoverOf(`${names[row]!}, ${name}`, estimate)),
          hoverinfo: "text",
        },
      ];
    }),
  ];
  const unknown = rows.flatMap((_, row) =>
    spans[row]![0] === null && cells.every((column) => !positive(endsOf(column[row]).low))
      ? [heights[row]!]
      : [],
  );
  if (unknown.length > 0) data.push(...notKnown(unknown, x));
  const parts = told(
    names,
    (name, row) =>
      `${shorten(name, 60)}: ${columns.map((column, at) => `${column.name} ${cells[at]![row] ? formatEstimate(cells[at]![row]!) : "not known"}`).join(", ")}`,
  );
  return {
    data,
    layout: frame({
      title: title && label(title, 120),
      x,
      y,
      height: 110 + (title ? 24 : 0) + Math.round((y.range[1] - y.range[0]) * 30),
      legend: true,
      narrow: { "yaxis.ticktext": short },
    }),
    description: `${shorten(title ?? `${quantity}: the mean against the tail`, 120)}. ${parts}`,
  };
}
