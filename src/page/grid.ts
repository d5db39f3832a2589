import {
  estimateText,
  formatCount,
  formatGiven,
  formatNumber,
  type NumberOptions,
  toNumber,
} from "../charts/number";
import { oneLine, shorten } from "../charts/text";
import { unitAfter } from "../charts/unit";
import { type Cell, isEstimate, type Table } from "../measures/table";
import { type Estimate, noteOf, toldBy } from "../stats/estimate";
import { counted, levelText } from "../stats/text";
import { type Footnotes, footnotes } from "./footnote";
import { columnsOf, isFilled, leftOut, type Source, title, unitsOf } from "./gridColumns";
import { ownCounts } from "./ownCount";
import { capital } from "./sentence";

/** A table with its numbers already written as text, the same for HTML, terminals and Markdown. */
export interface Grid {
  caption: string;
  columns: Column[];
  rows: GridCell[][];
  /** The notes of single estimates, each once. */
  marked: { mark: string; note: string }[];
  /** How its intervals were made. */
  how: string[];
  /** The table's own notes. */
  notes: string[];
}

export interface Column {
  title: string;
  /** The unit of all numbers in the column; empty if there is none. */
  unit: string;
  /** Whether the column identifies the rows. */
  by: boolean;
  /** Whether the cells are numbers, aligned right. */
  numeric: boolean;
  /** The type of its values, for data that is explored; empty otherwise. */
  type: string;
}

export interface GridCell {
  text: string;
  /** Its interval, and its n if the row's counts do not say it: "[0.2, 0.4] (n = 44)". */
  interval: string;
  /** The letter of its note below the table. */
  mark: string;
  /** Where the number comes from: method, level, n, clusters. */
  trace: string;
}

/** Rows as any function returns them: plain objects, with or without the rest of a Table. */
export type Rows = readonly object[];

export interface TableOptions {
  /** What the table shows. Default: the table's measure. */
  caption?: string;
  /** Units of columns, or units to convert them to: { p99: "ms" }. */
  units?: Record<string, string>;
  /** Types of columns, shown below their names: { started_at: "time" }. Default: none. */
  types?: Record<string, string>;
  /** Maximum number of rows shown; the others are counted in a note. Default 500. */
  rows?: number;
  /**
   * Width of the terminal in characters, for text only: a wider table continues below, with its first columns repeated.
   * Default: one line per row.
   */
  width?: number;
}

/** Arranges rows as text: a cell with several estimates becomes one column for each, and each column has one unit. */
export function gridOf(table: Table | Rows, options: TableOptions = {}): Grid {
  const { measure, by, rows, notes, named } = isTable(table)
    ? table
    : {
        ...{ measure: "", by: [] as string[], rows: table as Record<string, unknown>[], notes: [] },
        named: undefined,
      };
  const shown = rows.slice(0, options.rows ?? 500);
  const all = columnsOf(shown, by);
  const sources = all.filter((source) => measure === "" || by.includes(source.key) || isFilled(rows, source));
  const units = unitsOf(sources, options.units ?? {});
  const marked = footnotes();
  const columns = sources.map(({ key, part, cells }, at) => ({
    title: title(named?.[key] ?? key, part),
    unit: unitAfter(title(named?.[key] ?? key, part), units[at]!),
    by: (by as readonly string[]).includes(key),
    numeric: cells.some((cell) => typeof cell === "number" || typeof cell === "bigint" || isEstimate(cell)),
    type: options.types?.[key] ?? "",
  }));
  const own = ownCounts(sources.map(({ cells }, at) => ({ cells, by: columns[at]!.by })));
  const grid = shown.map((_, line) =>
    sources.map(({ cells }, column) => {
      const cell =
        measure === "" && typeof cells[line] === "number"
          ? givenCell(cells[line])
          : cellOf(cells[line], units[column]!, marked);
      return { ...cell, interval: `${cell.interval} ${own[column]![line]!}`.trim() };
    }),
  );
  const left = rows.length - shown.length;
  return {
    caption: options.caption ?? capital(title(measure)),
    columns,
    rows: grid,
    marked: marked.list().map(({ mark, note }) => ({ mark, note: shorten(note, 1000) })),
    how: methods(sources),
    notes: [
      ...leftOut(all.filter((source) => !sources.includes(source))),
      ...(left > 0 ? [`${counted(left, "more row")} ${left === 1 ? "is" : "are"} not shown.`] : []),
      ...notes.map((note) => shorten(String(note), 1000)),
    ],
  };
}

function isTable(table: Table | Rows): table is Table {
  return !Array.isArray(table) && Array.isArray((table as Table).rows);
}

function cellOf(cell: unknown, unit: string, marked: Footnotes): GridCell {
  const plain = { interval: "", mark: "", trace: "" };
  if (!isEstimate(cell)) return { ...plain, text: textOf(cell as Cell) };
  // If the column has no unit of its own, seconds stay seconds, so that a row's numbers can be compared.
  const options: NumberOptions = unit !== "" ? { unit } : cell.unit === "s" ? { unit: "s" } : {};
  const { value, interval, unit: shown } = estimateText(cell, options);
  // If units differ, each row gives its own; otherwise the header gives it for all.
  const text = shown === unit || shown === "" ? value : `${value} ${shown}`;
  const told = toldBy(cell);
  const mark = marked.mark(told);
  const note = shorten(noteOf(told) ?? "", 1000);
  return { text, interval, mark, trace: note === "" ? trace(cell) : `${trace(cell)}; ${note}` };
}

/** A number of the user's own statement: with its own digits, all of them where the pointer rests. */
function givenCell(value: number): GridCell {
  const text = formatGiven(value);
  const all = String(value);
  return { text, interval: "", mark: "", trace: text.replaceAll(",", "") === all ? "" : all };
}

function textOf(cell: unknown): string {
  if (cell === null || cell === undefined) return "–";
  if (typeof cell === "bigint") return formatCount(cell);
  if (typeof cell === "number") return Number.isInteger(cell) ? formatCount(cell) : formatNumber(cell);
  if (typeof cell === "boolean") return cell ? "yes" : "no";
  if (typeof cell === "string") return shorten(cell);
  if (cell instanceof Date) return Number.isNaN(cell.getTime()) ? "–" : cell.toISOString();
  if (Array.isArray(cell)) return shorten(cell.slice(0, 50).map(textOf).join(", "));
  try {
    return shorten(JSON.stringify(cell) ?? "–");
  } catch {
    return "…";
  }
}

function trace(estimate: Estimate): string {
  const { level, method, n, clusters, clusterBy, resamples, designEffect } = estimate;
  return [
    `${levelText(level)} interval by ${oneLine(String(method))}`,
    `n ${formatCount(n)}`,
    ...(clusters === n
      ? []
      : [`${formatCount(clusters)} clusters${clusterBy ? ` of ${oneLine(clusterBy)}` : ""}`]),
    ...(resamples === undefined
      ? []
      : [resamples === "exact" ? "exact bootstrap" : `${formatCount(resamples)} resamples`]),
    ...(designEffect === undefined ? [] : [`design effect ${formatNumber(designEffect)}`]),
  ].join(", ");
}

/** How the intervals were made, once for the whole table. */
function methods(sources: Source[]): string[] {
  const all = new Map<string, Set<string>>();
  for (const estimate of sources.flatMap(({ cells }) => cells.filter(isEstimate))) {
    if (Number.isNaN(toNumber(estimate.low)) && Number.isNaN(toNumber(estimate.high))) continue;
    const by = estimate.clusterBy ? ` clustered by ${oneLine(estimate.clusterBy)}` : "";
    const how = `${levelText(estimate.level)}${by}`;
    all.set(how, (all.get(how) ?? new Set()).add(oneLine(String(estimate.method))));
  }
  const said = [...all].map(([how, methods]) => `${how}, by ${[...methods].join(", ")}`);
  return said.length === 0 ? [] : [`Intervals: ${said.join("; ")}.`];
}
