import { isEstimate } from "../measures/table";
import type { Figure } from "./figure";
import { forestFigure } from "./forest";
import { estimateAt, labelColumns, nameOf, type Rows, rowsOf } from "./rows";

export interface RatesOptions {
  /** The columns to show. Default: all shares of the table. */
  rates?: readonly string[];
  title?: string;
}

/** A forest plot of several rates, each a group of lines on one axis: errors, timeouts, rate limits. */
export function rates(table: Rows, options: RatesOptions = {}): Figure {
  const rows = rowsOf(table);
  const by = labelColumns(table);
  const all = Object.keys(rows[0] ?? {}).filter((key) =>
    rows.some((row) => isEstimate(row[key]) && row[key].unit === "1"),
  );
  const lines = (options.rates ?? all).flatMap((rate) =>
    rows.map((row) => ({
      group: rate.replaceAll("_", " "),
      name: by.map((column) => nameOf(row[column])).join(" · "),
      estimate: estimateAt(row, rate),
    })),
  );
  return forestFigure(lines, { quantity: "share of calls", unit: "1", ...options });
}
