import type { Figure } from "../charts/figure";
import { forestFigure } from "../charts/forest";
import { lineOf } from "../charts/lines";
import { quantileFigure } from "../charts/quantileFigure";
import { fittedApart } from "../charts/text";
import { timelineFigure } from "../charts/timelineFigure";
import type { LatencyRow } from "../measures/latency/latency";
import { metric } from "../measures/metric";
import { groupedBy } from "../measures/rowKey";
import { isEstimate, type Table } from "../measures/table";
import type { Trend } from "../measures/trend/trend";
import { paidSum } from "./money";

/** Maximum number of figures in the verdict. */
export const MOST_FIGURES = 2;
/** Maximum number of models in a small figure. */
const MOST_MODELS = 12;
/** Letters of a name that leave a small figure room for its numbers. */
const LONGEST = 22;
/** Points from which a course is more than a line between some of them. */
const FEWEST_POINTS = 5;
/** From this ratio of the largest to the smallest number on an axis is logarithmic. */
const WIDE = 10;

/**
 * A small figure for each metric that the findings are about: every model's number with its interval, best first.
 *
 * @param columns of the table, the weightiest first
 */
export function findingFigures({ rows, by }: Table, columns: readonly string[]): Figure[] {
  const models = rows.map(({ model }) => model);
  const drawn = columns.filter((column) => rows.some((row) => isEstimate(row[column])));
  return drawn.slice(0, MOST_FIGURES).flatMap((column) => {
    const { better, label } = metric(column);
    const sign = better === "lower" ? 1 : -1;
    const known = rows
      .flatMap(({ model, workload, [column]: cell }) =>
        isEstimate(cell) && Number.isFinite(cell.value) ? [{ model, workload, estimate: cell }] : [],
      )
      .sort(
        (a, b) =>
          String(a.workload).localeCompare(String(b.workload)) ||
          sign * (a.estimate.value - b.estimate.value),
      );
    if (known.length < 2) return [];
    const names = known.map(({ model }) => String(model ?? "model not known"));
    const beside = fittedApart(names, LONGEST);
    const { shown, of } = fewOf(known.map((one, at) => ({ ...one, name: names[at], beside: beside[at] })));
    const values = shown.map(({ estimate }) => estimate.value);
    const [least, most] = [Math.min(...values), Math.max(...values)];
    // Money by the thousand where one call costs too little to be read.
    const scale = shown.find(({ estimate }) => estimate.value === most)?.estimate;
    const paid = scale && paidSum(scale);
    const quantity = paid === undefined ? label : `${label.replace(/ per .*$/, "")} ${paid.words}`;
    const lines = shown.map(({ model, name, workload, estimate, beside: short }) => ({
      ...lineOf(
        { model: name, workload: workload ?? "no workload" },
        by.includes("workload") ? ["workload", "model"] : ["model"],
      ),
      beside: short,
      estimate: paidSum(estimate, scale)?.sum ?? estimate,
      // A model has one colour in all of them.
      series: models.indexOf(model),
    }));
    return [forestFigure(lines, { quantity, title: `${label}${of}`, log: least > 0 && most / least > WIDE })];
  });
}

/** The rows that a small figure has room for, best first: of several workloads the best and the last of each. */
function fewOf<R extends { workload?: unknown }>(known: readonly R[]): { shown: R[]; of: string } {
  if (known.length <= MOST_MODELS) return { shown: [...known], of: "" };
  const each = [...groupedBy(known, ({ workload }) => String(workload)).values()];
  if (each.length === 1)
    return { shown: known.slice(0, MOST_MODELS), of: `: the best ${MOST_MODELS} of ${known.length}` };
  const shown = each.flatMap((rows) => rows.filter((_, at) => at === 0 || at === rows.length - 1));
  const some = each.length > MOST_MODELS ? `, ${MOST_MODELS} of ${each.length} workloads` : "";
  return { shown: shown.slice(0, 2 * MOST_MODELS), of: `: the best and the last of each workload${some}` };
}

/**
 * What there is to see of one model: its waits by quantile, and the course that changed, or that of its waits; where there is
 * less than that, its shares.
 */
export function figuresOfOne(
  metrics: Table,
  latency: Table<LatencyRow>,
  courses: readonly Trend[],
): Figure[] {
  const changed = courses.find(({ series }) => series.some(({ changes }) => changes.length > 0));
  const course = changed ?? courses.find(({ metric: name }) => name === "duration_p50");
  // Quantiles of which no interval has an end are one call drawn several times.
  const timed = latency.rows.some(({ quantiles }) =>
    Object.values(quantiles ?? {}).some(({ value, low, high }) => Number.isFinite(value + high - low)),
  );
  const hasCourse = course?.series.some(({ points }) => points.length >= FEWEST_POINTS) === true;
  const seen = [
    ...(timed
      ? [
          quantileFigure(
            { ...latency, by: latency.by.filter((name) => name !== "model") },
            { title: "duration by quantile" },
          ),
        ]
      : []),
    ...(hasCourse ? [timelineFigure(course)] : []),
  ];
  return [...seen, ...(seen.length < MOST_FIGURES ? shares(metrics) : [])];
}

/** The shares of the one model that are known, side by side. */
function shares({ rows }: Table): Figure[] {
  const [row, ...others] = rows;
  if (row === undefined || others.length > 0) return [];
  const lines = Object.entries(row).flatMap(([column, cell]) =>
    isEstimate(cell) && cell.unit === "1" && Number.isFinite(cell.value)
      ? [{ ...lineOf({ column: metric(column).label }, ["column"]), estimate: cell }]
      : [],
  );
  return lines.length === 0
    ? []
    : [forestFigure(lines, { quantity: "share", title: "shares", also: [0, 1] })];
}
