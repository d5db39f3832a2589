import type { Figure } from "../charts/figure";
import { forest } from "../charts/forest";
import { quantileFigure } from "../charts/quantileFigure";
import { timelineFigure } from "../charts/timelineFigure";
import type { LatencyRow } from "../measures/latency/latency";
import { metric } from "../measures/metric";
import { isEstimate, type Row, type Table } from "../measures/table";
import type { Trend } from "../measures/trend/trend";
import type { Estimate } from "../stats/estimate";
import { inDollars } from "./reportTables";

/** Maximum number of figures in the verdict. */
const MOST_FIGURES = 3;
/** Maximum number of models in a small figure. */
const MOST_MODELS = 12;
/** From this ratio of the largest to the smallest number on an axis is logarithmic. */
const WIDE = 10;

/**
 * A small figure for each metric that the findings are about: every model's number with its interval, best first.
 *
 * @param columns of the table, the weightiest first
 */
export function findingFigures({ rows }: Table, columns: readonly string[]): Figure[] {
  return columns.slice(0, MOST_FIGURES).flatMap((column) => {
    const { label, better } = metric(column);
    const known = rows.map(inDollars).filter((row) => Number.isFinite(estimateIn(row, column)?.value));
    if (known.length < 2) return [];
    const sign = better === "lower" ? 1 : -1;
    const numberOf = (row: Row) => (estimateIn(row, column) as Estimate).value;
    const sorted = known.sort((a, b) => sign * (numberOf(a) - numberOf(b)));
    const shown = sorted.slice(0, MOST_MODELS);
    const values = shown.map(numberOf);
    const [least, most] = [Math.min(...values), Math.max(...values)];
    const title =
      shown.length < known.length ? `${label}: the best ${MOST_MODELS} of ${known.length}` : label;
    const named = shown.map((row) => ({ ...row, model: row.model ?? "model not known" }));
    const log = least > 0 && most / least > WIDE;
    return [forest(named, { value: column, label: "model", quantity: label, title, log })];
  });
}

/** What there is to see of one model: its waits by quantile, and their course. */
export function figuresOfOne(latency: Table<LatencyRow>, course: Trend | undefined): Figure[] {
  const timed = latency.rows.some(({ quantiles }) =>
    Object.values(quantiles ?? {}).some(({ value }) => Number.isFinite(value)),
  );
  const hasCourse = course?.series.some(({ points }) => points.length > 1) === true;
  return [
    ...(timed ? [quantileFigure({ ...latency, by: latency.by.filter((name) => name !== "model") })] : []),
    ...(hasCourse ? [timelineFigure(course)] : []),
  ];
}

function estimateIn(row: Row, column: string): Estimate | undefined {
  const cell = row[column];
  return isEstimate(cell) ? cell : undefined;
}
