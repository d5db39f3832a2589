import { quantileName } from "./ecdf";
import type { Figure } from "./figure";
import { frame } from "./frame";
import { hoverOf, valueAxis } from "./intervals";
import { label } from "./label";
import { namedAxis } from "./namedAxis";
import { formatEstimate } from "./number";
import { styleOf } from "./palette";
import { checkColumn, endsOf, estimateAt, labelColumns, nameOf, type Rows, rowsOf } from "./rows";
import { shorten, told } from "./text";

export interface QuantileOptions {
  /** The quantiles shown, by their names in the table. Default: all in the table. */
  quantiles?: readonly string[];
  title?: string;
  /** What the values are, as the axis title. Default "duration". */
  quantity?: string;
}

/**
 * Latency by quantile, a line for each row with its intervals, on a logarithmic axis.
 *
 * @example
 * quantileFigure([{ model: "alder", quantiles: { "0.5": { value: 3.42, low: 3.31, high: 3.55, level: 0.95, method: "wilson", n: 812, clusters: 120, clusterBy: "user_id", unit: "s" } } }]).description // "duration by quantile, with intervals. alder: p50 3.42 s [3.31, 3.55]."
 */
export function quantileFigure(table: Rows, options: QuantileOptions = {}): Figure {
  checkColumn("quantileFigure", table, "quantiles");
  const rows = rowsOf(table);
  const by = labelColumns(table);
  const { title, quantity = "duration" } = options;
  const names = rows.map((row) => by.map((column) => nameOf(row[column])).join(" · ") || "all");
  const quantiles = options.quantiles ?? quantileNames(rows);
  const cells = rows.map((row) => quantiles.map((name) => estimateAt(row, `quantiles.${name}`)));
  const { x: y, scale } = valueAxis(cells.flat(), { log: true, title: quantity });
  const [, top] = (y.range as number[]).map((end) => (y.type === "log" ? 10 ** end : end)) as [
    number,
    number,
  ];
  // Side by side, so that intervals do not cover each other.
  const place = (row: number, at: number) =>
    at + (rows.length > 1 ? (row / (rows.length - 1) - 0.5) * Math.min(0.5, rows.length * 0.12) : 0);
  const data = rows.flatMap((_, row) => {
    const { color, symbol, dash } = styleOf(row);
    const points = cells[row]!.map((estimate, at) => ({
      at: place(row, at),
      estimate,
      ...endsOf(estimate, scale.factor),
    }));
    const shown = points.filter(({ value }) => Number.isFinite(value) && value > 0);
    const bounds = points.filter(
      ({ value, low }) => !Number.isFinite(value) && Number.isFinite(low) && low > 0,
    );
    const open = shown.filter(({ high }) => high === Infinity);
    const group = `row ${row}`;
    return [
      {
        type: "scatter",
        mode: "lines+markers",
        name: label(names[row]!),
        legendgroup: group,
        x: shown.map(({ at }) => at),
        y: shown.map(({ value }) => value),
        line: { color, dash, width: 1.5 },
        marker: { color, symbol, size: 9 },
        error_y: {
          type: "data",
          symmetric: false,
          array: shown.map(({ value, high }) =>
            high === Infinity ? top - value : Number.isFinite(high) ? high - value : 0,
          ),
          arrayminus: shown.map(({ value, low }) => (Number.isFinite(low) && low > 0 ? value - low : 0)),
          color,
          thickness: 2,
          width: 4,
        },
        hovertext: shown.map(({ estimate }) => hoverOf(names[row]!, estimate)),
        hoverinfo: "text",
      },
      ...(open.length === 0
        ? []
        : [
            {
              type: "scatter",
              mode: "markers",
              legendgroup: group,
              showlegend: false,
              x: open.map(({ at }) => at),
              y: open.map(() => top),
              marker: { color, symbol: "triangle-up", size: 10 },
              hoverinfo: "skip",
              cliponaxis: false,
            },
          ]),
      ...(bounds.length === 0
        ? []
        : [
            {
              type: "scatter",
              mode: "markers",
              legendgroup: group,
              showlegend: false,
              x: bounds.map(({ at }) => at),
              y: bounds.map(({ low }) => low),
              marker: { color, symbol: "triangle-up-open", size: 11 },
              hovertext: bounds.map(({ estimate }) => hoverOf(`${names[row]!}, at least`, estimate)),
              hoverinfo: "text",
            },
          ]),
    ];
  });
  const x = namedAxis(
    [-0.5, Math.max(quantiles.length, 1) - 0.5],
    quantiles.map((_, at) => at),
    quantiles.map((name) => label(Number.isNaN(Number(name)) ? name : quantileName(Number(name)))),
  );
  const parts = told(
    names,
    (name, row) =>
      `${shorten(name, 60)}: ${quantiles.map((q, at) => `${Number.isNaN(Number(q)) ? q : quantileName(Number(q))} ${cells[row]![at] ? formatEstimate(cells[row]![at]!) : "not known"}`).join(", ")}`,
  );
  return {
    data,
    layout: frame({ title: title && label(title, 120), x, y, height: 400, legend: rows.length > 1 }),
    description: `${shorten(title ?? quantity, 120)} by quantile, with intervals. ${parts}`,
  };
}

function quantileNames(rows: Record<string, unknown>[]): string[] {
  const names = rows.flatMap((row) =>
    typeof row.quantiles === "object" && row.quantiles !== null ? Object.keys(row.quantiles) : [],
  );
  return [...new Set(names)].sort((a, b) => Number(a) - Number(b));
}
