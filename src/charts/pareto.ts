import type { Figure } from "./figure";
import { forestFigure } from "./forest";
import { checkColumn, endsOf, estimateAt, labelColumns, nameOf, type Rows, rowsOf } from "./rows";

export interface ParetoOptions {
  /** The share to rank by. Default "share_of_failed". */
  share?: string;
  title?: string;
}

/**
 * Causes by their share, the most frequent first, each with the share of all down to it: how far the first few reach.
 *
 * @example
 * pareto([{ cause: "lost", share_of_failed: { value: 0.55, low: 0.4, high: 0.69, level: 0.95, method: "wilson", n: 60, clusters: 60, clusterBy: "task_id", unit: "1" } }]).description // "share of failed: estimates with their intervals. lost (to here 55 %) 55 % [40, 69]."
 */
export function pareto(table: Rows, { share = "share_of_failed", title }: ParetoOptions = {}): Figure {
  checkColumn("pareto", table, share);
  const by = labelColumns(table).filter((column) => column !== "cause");
  const sums = new Map<string, number>();
  const lines = rowsOf(table)
    .map((row) => ({
      group: by.map((column) => nameOf(row[column])).join(" · "),
      cause: nameOf(row.cause),
      estimate: estimateAt(row, share),
    }))
    .filter(({ estimate }) => endsOf(estimate).value > 0)
    .sort((a, b) => endsOf(b.estimate).value - endsOf(a.estimate).value)
    .map(({ group, cause, estimate }) => {
      const sum = (sums.get(group) ?? 0) + endsOf(estimate).value;
      sums.set(group, sum);
      return { group, name: `${cause} (to here ${Math.round(100 * sum)} %)`, estimate };
    });
  const quantity = share.replaceAll("_", " ");
  return forestFigure(lines, { quantity, unit: "1", ...(title === undefined ? {} : { title }) });
}
