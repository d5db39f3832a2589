import { inspect } from "node:util";
import { anyFigure } from "../charts/anyFigure";
import { type Figure, isBlank } from "../charts/figure";
import { plotConfig } from "../charts/plotConfig";
import { oneLine, shorten, visible } from "../charts/text";
import { traceFigure } from "../charts/traceFigure";
import { reason } from "../measures/reason";
import type { Trace } from "../measures/service/trace";
import { type Cell, isEstimate, type Table } from "../measures/table";
import { escapeHtml } from "../page/escape";
import { figureHtml, figureText } from "../page/figure";
import { gridOf } from "../page/grid";
import { formatEstimate } from "../page/number";
import { NEXT_CELL, PLOTLY } from "../page/output";
import { figureTitle } from "../page/pageFigure";
import { type Rows, type TableOptions, tableHtml, tableText } from "../page/table";
import { traceRows } from "../page/traceText";
import type { Estimate } from "../stats/estimate";
import { counted } from "../stats/text";
import { quoteText } from "../store/quote";
import { inNotebook, isDrawn, showBundle } from "./display";
import { type DataTable, dataTable, isRows } from "./frame";
import { Markdown } from "./markdown";
import { showMissing } from "./missing";
import type { MimeBundle } from "./read";

/** What `show` can draw; anything else is printed as Node prints it. */
export type Showable = Table | Figure | Estimate | Rows | string | number | object;

const isObject = (thing: unknown): thing is Record<string, unknown> =>
  typeof thing === "object" && thing !== null;
const isTable = (thing: unknown): thing is Table =>
  isObject(thing) && Array.isArray(thing.rows) && typeof thing.measure === "string";

/** Maximum number of rows of data in a table: nobody reads a longer one. */
const MOST_ROWS = 500;
/** The rows of data that a cell's last expression shows. */
const FIRST_ROWS = 20;

/** Whether it is a table, a figure or an estimate of this library. */
const isShowable = (thing: unknown): boolean =>
  isTable(thing) || anyFigure(thing) !== undefined || isEstimate(thing);

const isTrace = (thing: unknown): thing is Trace =>
  isTable(thing) && "summary" in thing && "seconds" in thing;

function tableBundle(table: Table | Rows, options: TableOptions): MimeBundle {
  const next = isTable(table) ? nextCell(table) : undefined;
  const [html, text] = [tableHtml(table, options), tableText(table, options)];
  if (next === undefined) return { "text/html": html, "text/plain": text };
  const { what, code } = next;
  return {
    // A page leaves this out: nobody can run a cell there.
    "text/html": `${html}\n<p class="${NEXT_CELL}">${what}: <code>${escapeHtml(code)}</code></p>`,
    "text/plain": `${text}\n${what}: ${code}`,
  };
}

/** In HTML the figure shows when each step ran; bars of characters do it where there is only text. */
function traceBundle(table: Table, options: TableOptions): MimeBundle {
  const rows = table.rows.map(({ time: _, ...row }) => row);
  return { ...tableBundle(table, options), "text/html": tableHtml({ ...table, rows }, options) };
}

/** A line for the next cell: from a table of tasks, conversations or calls to what happened in the first. */
function nextCell({ by, rows }: Table): { what: string; code: string } | undefined {
  const [row] = rows;
  const id = (name: string) => (by.includes(name) && typeof row?.[name] === "string" ? row[name] : undefined);
  const traced = id("task_id") ?? id("conversation_id") ?? id("call_id");
  const prompt = id("prompt_id");
  if (traced !== undefined)
    return {
      what: "Step by step, with trace of fieldnotes/explore",
      code: `show(await trace(store, ${JSON.stringify(visible(traced))}))`,
    };
  if (prompt === undefined) return undefined;
  const where = JSON.stringify(`prompt_id = ${quoteText(visible(prompt))}`);
  return {
    what: "The calls of one, with calls of fieldnotes/explore",
    code: `show(await calls(store, { where: ${where} }))`,
  };
}

function textBundle(text: string): MimeBundle {
  return { "text/html": `<pre>${escapeHtml(visible(text))}</pre>`, "text/plain": visible(text) };
}

function figureBundle(figure: Figure): MimeBundle {
  if (isBlank(figure)) return nothingBundle(figureTitle(figure), blankBecause(figure));
  const { data, layout, description } = figure;
  return {
    // Plotly ignores the description; a page uses it for readers who cannot see the picture.
    [PLOTLY]: { data, layout, config: plotConfig, description },
    "text/html": figureHtml(figure),
    "text/plain": figureText(figure),
  };
}

/** The sentence that replaces a table without rows or a figure without points. */
function nothingBundle(title: string, why: string): MimeBundle {
  const [shown, said] = [visible(title), visible(why)];
  return {
    "text/html": `<p>${shown ? `<strong>${escapeHtml(shown)}</strong>: ` : ""}${escapeHtml(said)}</p>`,
    "text/plain": shown ? `${shown}: ${said}` : said,
  };
}

/**
 * Returns what a notebook stores for one thing: its picture, HTML and plain text side by side.
 *
 * @example
 * Object.keys(bundleOf([{ model: "m", n: 3 }])) // ["text/html", "text/plain"]
 */
export function bundleOf(thing: unknown, options: TableOptions = {}): MimeBundle {
  if (typeof thing === "string") return { "text/markdown": visible(thing), "text/plain": visible(thing) };
  if (thing instanceof Markdown) return { "text/markdown": thing.source, "text/plain": thing.text };
  if (isTrace(thing)) return traceBundle(traceRows(thing), options);
  if (isTable(thing))
    return thing.rows.length > 0
      ? tableBundle(thing, options)
      : nothingBundle(gridOf(thing, options).caption, reason(thing));
  if (isEstimate(thing)) return textBundle(formatEstimate(thing));
  const figure = anyFigure(thing);
  if (figure) return figureBundle(figure);
  if (isRows(thing)) return tableBundle(thing, options);
  const data = dataTable(thing, options.rows ?? MOST_ROWS);
  if (data) return tableBundle({ ...data.table, notes: moreRows(data) }, options);
  return textBundle(inspect(thing));
}

/** How many rows of data are beyond those of the table. */
function moreRows({ table, count }: DataTable): string[] {
  const left = count - table.rows.length;
  return left > 0 ? [`${counted(left, "more row")} ${left === 1 ? "is" : "are"} not shown.`] : [];
}

/** What a notebook stores for data as a cell's last expression: its first rows with their types, and the count of all. */
function dataBundle(data: DataTable): MimeBundle {
  const { table, types, count } = data;
  const size = `${counted(count, "row")} of ${counted(Object.keys(types).length, "column")}`;
  const rest =
    count > FIRST_ROWS ? `, the first ${FIRST_ROWS} shown; show(...) shows up to ${MOST_ROWS}` : "";
  const short = (name: string, cell: Cell): Cell =>
    /^(object|list)$/.test(types[name] ?? "") && cell !== null ? shorten(oneLine(inspect(cell)), 60) : cell;
  const rows = table.rows.map((row) =>
    Object.fromEntries(Object.entries(row).map(([name, cell]) => [name, short(name, cell)])),
  );
  return tableBundle({ ...table, rows, notes: [`${size}${rest}.`] }, { types });
}

/**
 * Shows the value of a cell's last expression, if it is of this library or data: rows, a Map, a DataFrame, a Series or an
 * Arrow table. False for anything else, which the kernel prints.
 */
export function showLast(value: unknown): boolean {
  if (isDrawn(value)) return true;
  if (isShowable(value)) show(value as Showable);
  else if (Array.isArray(value) && value.length > 0 && value.every(isShowable)) show(...value);
  else {
    const data = dataTable(value, FIRST_ROWS);
    if (data === undefined) return false;
    showBundle(dataBundle(data));
  }
  return true;
}

/** Why a table without rows, or a figure without points, has nothing to show. */
function emptyBecause(thing: unknown): string | undefined {
  if (isTable(thing)) return thing.rows.length === 0 ? reason(thing) : undefined;
  const figure = anyFigure(thing);
  return figure !== undefined && isBlank(figure) ? blankBecause(figure) : undefined;
}

const blankBecause = ({ data }: Figure) =>
  `there is nothing to draw, since ${data.length === 0 ? "it has no traces" : "no value is known"}.`;

/**
 * Shows tables, figures, estimates and text, each in the best form available.
 *
 * In a notebook a table is HTML with units, counts and intervals in muted type, a figure is drawn by plotly,
 * and a string is Markdown; everything carries its plain text as well. Outside a notebook that plain text goes
 * to stdout. Any plotly figure will do, even without a layout or a description. A table without rows or a figure
 * without points becomes a sentence that says why. Arrays of plain rows, Maps, danfojs
 * DataFrames and Series, and Arrow tables are shown as tables of at most 500 rows.
 *
 * Texts out of logs are safe in tables and figures, which escape them, and in `md`; a string of your own is Markdown.
 *
 * @example
 * const store = await openDemo();
 * const table = await latency(store, { by: "model" });
 * show("Half of all calls take this long:", table);
 * table.rows.length // 6
 */
export function show(...things: Showable[]): void {
  for (const thing of things) {
    if (thing instanceof Promise)
      throw new TypeError(
        "show requires a table, a figure or a text, got a promise: await is missing: show(await ...)",
      );
  }
  for (const thing of things) {
    // A trace is a picture and its table; a terminal draws both in one.
    if (isTrace(thing) && inNotebook() && thing.rows.some(({ starts }) => starts !== null))
      showBundle(bundleOf(traceFigure(thing)));
    const why = emptyBecause(thing);
    if (why === undefined) showBundle(bundleOf(thing));
    else showMissing(bundleOf(thing), why);
  }
}
