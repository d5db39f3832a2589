import { defined } from "../stats/defined";
import type { Figure } from "./figure";
import { frame } from "./frame";
import { type Item, intervalTraces, narrowReason, valueAxis } from "./intervals";
import { label } from "./label";
import { fullName, type Line, lineOf, linesOf } from "./lines";
import { keepsNumbers, numbersBeside } from "./namedAxis";
import { formatEstimate } from "./number";
import { INK } from "./palette";
import { checkColumn, estimateAt, labelColumns, type Rows, rowsOf } from "./rows";
import { shorten, told } from "./text";

export interface ForestOptions {
  /** The column with the estimates; "quantiles.0.99" is one of several in a cell. */
  value: string;
  /** The columns that name a row; with several, the first makes groups. Default: the table's own. */
  label?: string | readonly string[];
  /** The unit of the values. Default: the estimates' own. */
  unit?: string;
  /** A logarithmic axis. Default false. */
  log?: boolean;
  /** A value to compare with, drawn as a line, in the unit of the estimates. */
  reference?: number;
  /** Values that the axis always covers. */
  also?: readonly number[];
  title?: string;
  /** What the values are, as the axis title. Default: the name of the column. */
  quantity?: string;
}

/** A line of a forest plot before it is placed. */
export interface ForestRow extends Line {
  estimate: Item["estimate"];
  /** Which of the figure's colours. Default: one for each name, in their order. */
  series?: number;
  /** The text shown if there is no estimate. */
  instead?: string;
}

/**
 * A forest plot: one estimate per line with its interval, and the same in numbers at the right.
 *
 * An unbounded end is an arrow, an unknown value is given in words. Rows keep their order.
 *
 * @example
 * forest([{ model: "alder", mean: { value: 3.42, low: 3.31, high: 3.55, level: 0.95, method: "wilson", n: 812, clusters: 120, clusterBy: "user_id", unit: "s" } }], { value: "mean" }).description // "mean: estimates with their intervals. alder 3.42 s [3.31, 3.55]."
 */
export function forest(rows: Rows, options: ForestOptions): Figure {
  checkColumn("forest", rows, options.value);
  const columns = [options.label ?? labelColumns(rows)].flat();
  const lines = rowsOf(rows).map((row) => ({
    ...lineOf(row, columns),
    estimate: estimateAt(row, options.value),
  }));
  return forestFigure(lines, {
    quantity: options.value.replace(/^quantiles\.0?\.?(\d+)$/, "quantile 0.$1").replaceAll("_", " "),
    ...options,
  });
}

/** The same for lines that already have names and groups. */
export function forestFigure(
  lines: readonly ForestRow[],
  options: Omit<ForestOptions, "value" | "label">,
): Figure {
  const { title, reference, also = [], quantity = "" } = options;
  const { x, scale } = valueAxis(
    lines.map(({ estimate }) => estimate),
    {
      unit: options.unit,
      log: options.log ?? false,
      title: quantity,
      also: reference === undefined ? also : [...also, reference],
    },
  );
  // The axis names the unit, so the numbers beside it leave it out.
  const shown = { showUnit: false, ...(scale.unit === "" ? {} : { unit: scale.unit }) };
  const valueText = (estimate: Item["estimate"]) =>
    estimate ? label(formatEstimate(estimate, shown), 60) : "–";
  const names = [...new Set(lines.map(({ name }) => name))];
  const { y, axis: rows, short, whole, at } = linesOf(lines);
  const items = lines.map(
    (line, i): Item =>
      defined({
        name: fullName(line),
        estimate: line.estimate,
        series: line.series ?? names.indexOf(line.name),
        y: y[i]!,
        instead: line.instead,
      }),
  );
  const values = numbersBeside(
    rows,
    at.map((i) => (i < 0 || lines[i]!.instead ? "" : valueText(lines[i]!.estimate))),
  );
  const height = 90 + (title ? 24 : 0) + Math.round((rows.range[1] - rows.range[0]) * 28);
  // A narrow figure is taller where a reason takes more lines than one row has room for.
  const most = Math.max(0, ...lines.map(({ instead = "" }) => narrowReason(instead).split("<br>").length));
  const line = {
    type: "line",
    xref: "x",
    yref: "paper",
    y0: 0,
    y1: 1,
    line: { color: INK, width: 1.5, dash: "dot" },
  };
  return {
    data: [...intervalTraces(items, x, scale), keepsNumbers],
    layout: frame({
      title: title && label(title, 120),
      x,
      y: rows,
      height,
      narrow: {
        ...{ "yaxis2.visible": false, "yaxis.ticktext": short },
        ...(most > ROOMY ? { height: Math.round((height * most) / ROOMY) } : {}),
      },
      print: { "yaxis.ticktext": whole },
      more: {
        yaxis2: values,
        shapes:
          reference === undefined
            ? []
            : [{ ...line, x0: reference * scale.factor, x1: reference * scale.factor }],
      },
    }),
    description: describe(items, quantity, title),
  };
}

/** Lines of a reason that one row has room for. */
const ROOMY = 2;

function describe(items: readonly Item[], quantity: string, title: string | undefined): string {
  const parts = told(
    items,
    ({ name, estimate }) => `${shorten(name, 80)} ${estimate ? formatEstimate(estimate) : "not known"}`,
    { most: 20 },
  );
  const what = shorten(title ?? quantity, 120);
  return `${what ? `${what}: e` : "E"}stimates with their intervals. ${parts}`;
}
