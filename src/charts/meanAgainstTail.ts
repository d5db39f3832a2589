import type { Axis } from "./axis";
import { quantileName } from "./ecdf";
import type { Figure } from "./figure";
import { frame } from "./frame";
import { hoverOf, valueAxis } from "./intervals";
import { label } from "./label";
import { formatEstimate } from "./number";
import { faint, GRID, PALETTE } from "./palette";
import { endsOf, estimateAt, labelColumns, nameOf, type Rows, rowsOf } from "./rows";
import { shorten } from "./text";

export interface MeanAgainstTailOptions {
  /** The quantiles to set the mean against, by their names in the table. Default p50, p95, p99. */
  quantiles?: readonly string[];
  title?: string;
  /** What the values are, for the axis. Default "duration". */
  quantity?: string;
}

const SYMBOLS = ["circle-open", "circle", "square", "triangle-right", "star"];

/** Where the mean stands among the quantiles, a line for each row, on a logarithmic axis: what a mean hides. */
export function meanAgainstTail(table: Rows, options: MeanAgainstTailOptions = {}): Figure {
  const { title, quantity = "duration", quantiles = ["0.5", "0.95", "0.99"] } = options;
  const rows = rowsOf(table);
  const by = labelColumns(table);
  const names = rows.map((row) => by.map((column) => nameOf(row[column])).join(" · ") || "all");
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
  const data = [
    {
      type: "scatter",
      mode: "lines",
      x: spans.flatMap(([from, to]) => [from, to, null]),
      y: spans.flatMap((_, row) => [0 - row, 0 - row, null]),
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
      const bars = points.filter(({ low }) => positive(low));
      const shown = points.filter(({ value }) => positive(value));
      return [
        {
          type: "scatter",
          mode: "lines",
          legendgroup: name,
          showlegend: false,
          x: bars.flatMap(({ low, high, value }) => [
            low,
            Number.isFinite(high) ? high : high === Infinity ? right : value,
            null,
          ]),
          y: bars.flatMap(({ row }) => [0 - row, 0 - row, null]),
          line: { color: faint(color), width: 8 },
          hoverinfo: "skip",
        },
        {
          type: "scatter",
          mode: "markers",
          name,
          legendgroup: name,
          x: shown.map(({ value }) => value),
          y: shown.map(({ row }) => 0 - row),
          marker: { color, symbol, size: 10, line: { width: symbol.endsWith("open") ? 2 : 0, color } },
          hovertext: shown.map(({ row, estimate }) => hoverOf(`${names[row]!}, ${name}`, estimate)),
          hoverinfo: "text",
        },
      ];
    }),
  ];
  const y: Axis = {
    type: "linear",
    range: [-Math.max(rows.length, 1) + 0.4, 0.6],
    tickvals: names.map((_, row) => 0 - row),
    ticktext: names.map((name) => label(name, 34)),
    showgrid: false,
    zeroline: false,
    ticks: "",
    ticklabelstandoff: 6,
    automargin: true,
  };
  const parts = names
    .slice(0, 12)
    .map(
      (name, row) =>
        `${shorten(name, 60)}: ${columns.map((column, at) => `${column.name} ${cells[at]![row] ? formatEstimate(cells[at]![row]!) : "not known"}`).join(", ")}`,
    );
  return {
    data,
    layout: frame({
      title: title && label(title, 120),
      x,
      y,
      height: 130 + (title ? 24 : 0) + Math.max(rows.length, 1) * 32,
      legend: true,
      narrow: { "yaxis.ticktext": names.map((name) => label(name, 18)) },
    }),
    description: `${shorten(title ?? `${quantity}: the mean against the tail`, 120)}. ${parts.join("; ")}${names.length > 12 ? "; and others" : ""}.`,
  };
}
