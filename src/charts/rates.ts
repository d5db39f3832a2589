import { isEstimate } from "../measures/table";
import type { Figure } from "./figure";
import { forestFigure } from "./forest";
import { checkColumn, endsOf, estimateAt, labelColumns, nameOf, type Rows, rowsOf } from "./rows";

export interface RatesOptions {
  /** The columns to show. Default: all shares in the table that are known for at least one row. */
  rates?: readonly string[];
  title?: string;
}

/**
 * A forest plot of several rates, each a group of lines on one axis: errors, timeouts, rate limits.
 *
 * @example
 * rates([{ model: "alder", error_rate: { value: 0.02, low: 0.01, high: 0.04, level: 0.95, method: "wilson", n: 812, clusters: 120, clusterBy: "user_id", unit: "1" } }]).description // "share of calls: estimates with their intervals. error rate · alder 2.0 % [1.0, 4.0]."
 */
export function rates(table: Rows, options: RatesOptions = {}): Figure {
  const rows = rowsOf(table);
  for (const rate of options.rates ?? []) checkColumn("rates", table, rate);
  const by = labelColumns(table);
  const all = Object.keys(rows[0] ?? {}).filter((key) =>
    rows.some((row) => isEstimate(row[key]) && row[key].unit === "1" && endsOf(row[key]).value >= 0),
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
