import type { Axis } from "./axis";
import type { Figure } from "./figure";
import { frame } from "./frame";
import { hoverOf, valueAxis } from "./intervals";
import { label } from "./label";
import { formatEstimate } from "./number";
import { styleOf } from "./palette";
import { checkColumn, endsOf, estimateAt, labelColumns, nameOf, type Rows, rowsOf } from "./rows";
import { shorten, told } from "./text";

export interface BinCurveOptions {
  /** The columns that hold the start and end of each bin. */
  from: string;
  to: string;
  /** The column of estimates ("outcome"), or one of several by name ("quantiles.0.95"). */
  value: string;
  /** The axis title, the quantity that is binned: "input tokens". */
  along?: string;
  title?: string;
}

/**
 * Estimates with their intervals over bins of a quantity: outcome by waiting time, duration by load or input length.
 *
 * Each point is at the middle of its bin; the hover text gives both ends.
 *
 * @example
 * const at = (value) => ({ value, low: value, high: value, level: 0.95, method: "wilson", n: 9, clusters: 9, clusterBy: "", unit: "1" });
 * binCurve([{ model: "alder", from: 0, to: 2, kept: at(0.5) }], { from: "from", to: "to", value: "kept" }).data.length // 1
 */
export function binCurve(table: Rows, options: BinCurveOptions): Figure {
  const { from, to, value, along = "", title } = options;
  checkColumn("binCurve", table, value);
  const rows = rowsOf(table);
  const by = labelColumns(table).filter((column) => column !== from && column !== to);
  const nameAt = (row: Record<string, unknown>) =>
    by.map((column) => nameOf(row[column])).join(" · ") || "all";
  const names = [...new Set(rows.map(nameAt))];
  const quantity = value.replace(/^quantiles\.0?\.?(\d+)$/, "quantile 0.$1").replaceAll("_", " ");
  const { x: y, scale } = valueAxis(
    rows.map((row) => estimateAt(row, value)),
    { log: false, title: quantity },
  );
  const top = (y.range as number[])[1]!;
  const data = names.map((name, series) => {
    const { color, symbol, dash } = styleOf(series);
    const points = rows
      .filter((row) => nameAt(row) === name)
      .map((row) => {
        const estimate = estimateAt(row, value);
        const [start, end] = [Number(row[from]), Number(row[to])];
        return { start, end, estimate, ...endsOf(estimate, scale.factor) };
      })
      .filter((point) => Number.isFinite(point.value));
    return {
      type: "scatter",
      mode: "lines+markers",
      name: label(name),
      x: points.map(({ start, end }) => (start + end) / 2),
      y: points.map((point) => point.value),
      line: { color, dash, width: 1.5 },
      marker: { color, symbol, size: 9 },
      error_y: {
        type: "data",
        symmetric: false,
        array: points.map((point) =>
          point.high === Infinity
            ? top - point.value
            : Number.isFinite(point.high)
              ? point.high - point.value
              : 0,
        ),
        arrayminus: points.map((point) => (Number.isFinite(point.low) ? point.value - point.low : 0)),
        color,
        thickness: 2,
        width: 4,
      },
      hovertext: points.map(({ start, end, estimate }) =>
        hoverOf(`${name}, ${along} ${endText(start)} to ${endText(end)}`, estimate),
      ),
      hoverinfo: "text",
    };
  });
  const ends = rows
    .flatMap((row) => [Number(row[from]), Number(row[to])])
    .filter((end) => Number.isFinite(end));
  const [least, most] = ends.length === 0 ? [0, 1] : [Math.min(...ends), Math.max(...ends)];
  const margin = (most - least) * 0.04 || 1;
  const x: Axis = {
    type: "linear",
    range: [least - margin, most + margin],
    title: { text: label(along) },
    zeroline: false,
    automargin: true,
  };
  const parts = told(names, (name) => {
    const own = rows.filter((row) => nameAt(row) === name);
    const bins = own.map((row) => {
      const estimate = estimateAt(row, value);
      return `${endText(Number(row[from]))} to ${endText(Number(row[to]))} ${estimate ? formatEstimate(estimate) : "not known"}`;
    });
    return `${shorten(name, 60)}: ${bins.join(", ")}`;
  });
  return {
    data,
    layout: frame({ title: title && label(title, 120), x, y, height: 400, legend: names.length > 1 }),
    description: `${shorten(title ?? `${quantity} by ${along}`, 120)}, with intervals. ${parts}`,
  };
}

const endText = (end: number) => Number(end.toPrecision(3)).toLocaleString("en");
