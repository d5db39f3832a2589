import type { Table } from "../measures/table";
import { escapeHtml, escapeMarkdown } from "./escape";
import { type Column, type Grid, type GridCell, gridOf, type Rows, type TableOptions } from "./grid";
import { wholeUnits } from "./sentence";
import { padEnd, padStart, width } from "./width";

export type { Rows, TableOptions } from "./grid";

/**
 * The style of the table in a notebook; a page has its own and drops this one. JupyterLab aligns all cells to the right
 * and puts bullets before notes, by rules that only an important one overrides.
 */
const STYLE = `<style>
.fieldnotes-table{border-collapse:collapse;font-variant-numeric:tabular-nums}
.fieldnotes-table caption{text-align:left;font-weight:600;padding:4px 0}
.fieldnotes-table td,.fieldnotes-table th{text-align:left!important;padding:4px 12px;white-space:nowrap;vertical-align:top}
.fieldnotes-table .number{text-align:right!important}
.fieldnotes-table .interval{display:block;opacity:.65;font-size:.85em}
.fieldnotes-table .type{display:block;font-size:.8em}
.fieldnotes-table .type,.fieldnotes-table .unit,.fieldnotes-table .again{opacity:.65;font-weight:400}
.fieldnotes-table tbody th{font-weight:500}
.fieldnotes-how summary{cursor:pointer;opacity:.8;font-size:.85em}
.fieldnotes-notes{list-style:none!important;padding:0!important;margin-left:0!important;opacity:.8;font-size:.85em;max-width:70em}
</style>`;

/**
 * A table of estimates as HTML: units in the header, intervals in muted type, notes below.
 *
 * Every number carries its method, n and clusters in its `title`. All texts are escaped.
 *
 * @param table A measure's table, or an array of plain rows whose cells are texts, numbers or estimates.
 * @example
 * tableHtml([{ model: "<b>", n: 3 }]).includes("&lt;b&gt;") // true
 */
export function tableHtml(table: Table | Rows, options: TableOptions = {}): string {
  const grid = gridOf(table, options);
  const header = grid.columns.map(({ title, unit, numeric, type }) => {
    const of = type ? `<span class="type">${escapeHtml(type)}</span>` : "";
    const words = `${escapeHtml(title)}${unit ? `<span class="unit">, ${escapeHtml(unit)}</span>` : ""}${of}`;
    return `<th scope="col"${numeric ? ' class="number"' : ""}>${words}</th>`;
  });
  const rows = grid.rows.map(
    (row, line) => `<tr>${row.map((cell, at) => cellHtml(grid, row, cell, line, at)).join("")}</tr>`,
  );
  return `${STYLE}
<table class="fieldnotes-table">
${grid.caption ? `<caption>${escapeHtml(grid.caption)}</caption>\n` : ""}<thead><tr>${header.join("")}</tr></thead>
<tbody>
${rows.join("\n")}
</tbody>
</table>${notesHtml(grid)}`;
}

function cellHtml(grid: Grid, row: GridCell[], cell: GridCell, line: number, at: number): string {
  const { by, numeric } = grid.columns[at]!;
  const above = grid.rows[line - 1];
  // A group name repeated from the row above is muted, so that groups stand out.
  const again =
    by && above !== undefined && row.slice(0, at + 1).every(({ text }, i) => text === above[i]!.text);
  const classes = [numeric ? "number" : "", again ? "again" : ""].filter(Boolean).join(" ");
  const attributes = `${classes ? ` class="${classes}"` : ""}${cell.trace ? ` title="${escapeHtml(cell.trace)}"` : ""}`;
  const mark = cell.mark ? `<sup>${cell.mark}</sup>` : "";
  const interval = cell.interval ? `<span class="interval">${escapeHtml(cell.interval)}</span>` : "";
  const text = numeric ? escapeHtml(cell.text) : `<bdi>${wholeUnits(escapeHtml(cell.text))}</bdi>`;
  return by ? `<th scope="row"${attributes}>${text}</th>` : `<td${attributes}>${text}${mark}${interval}</td>`;
}

function notesHtml({ marked, how, notes }: Grid): string {
  const list = (lines: readonly string[]) =>
    lines.length === 0 ? "" : `\n<ul class="fieldnotes-notes">\n${lines.join("\n")}\n</ul>`;
  const line = (text: string) => `<li>${wholeUnits(escapeHtml(text))}</li>`;
  const shown = list([
    ...marked.map(({ mark, note }) => `<li><sup>${mark}</sup> ${wholeUnits(escapeHtml(note))}</li>`),
    ...notes.map(line),
  ]);
  if (how.length === 0) return shown;
  // Names of methods are details, so they are folded.
  return `${shown}\n<details class="fieldnotes-how"><summary>How it was computed</summary>${list(how.map(line))}\n</details>`;
}

/**
 * The same table as aligned plain text for a terminal.
 *
 * Control characters and terminal escape sequences in the texts are made visible, never sent to the terminal.
 *
 * @example
 * tableText([{ model: "m", n: 3 }]).split("\n")[2] // "m      3"
 */
export function tableText(table: Table | Rows, options: TableOptions = {}): string {
  const { caption, columns, rows, marked, how, notes } = gridOf(table, options);
  const heads = columns.map(({ title, unit }) => (unit ? `${title}, ${unit}` : title));
  const tails = rows.map((row) =>
    row.map(({ interval, mark }) => (mark ? `${interval} (${mark})`.trim() : interval)),
  );
  const values = columns.map((_, at) => Math.max(0, ...rows.map((row) => width(row[at]!.text))));
  const after = columns.map((_, at) => Math.max(0, ...tails.map((row) => width(row[at]!))));
  const full = columns.map((_, at) => {
    const head = Math.max(width(heads[at]!), width(columns[at]!.type));
    values[at] = Math.max(values[at]!, head - (after[at]! > 0 ? after[at]! + 1 : 0));
    return values[at]! + (after[at]! > 0 ? after[at]! + 1 : 0);
  });
  // Heads above nothing say nothing: the notes say why there are no rows.
  const shown = rows.length === 0 ? [] : blocksOf(columns, full, options.width);
  const blocks = shown.flatMap((places, block) => {
    const line = (cells: (at: number) => string) => places.map(cells).join("  ").trimEnd();
    const above = (at: number, text: string) =>
      (columns[at]!.numeric && after[at] === 0 ? padStart : padEnd)(text, full[at]!);
    const head = line((at) => above(at, heads[at]!));
    const typed = places.some((at) => columns[at]!.type !== "");
    const types = typed ? [line((at) => above(at, columns[at]!.type))] : [];
    const body = rows.map((row, i) =>
      line((at) => {
        const { text } = row[at]!;
        const value = columns[at]!.numeric ? padStart(text, values[at]!) : padEnd(text, values[at]!);
        return after[at]! > 0 ? `${value} ${padEnd(tails[i]![at]!, after[at]!)}` : value;
      }),
    );
    const under = "-".repeat(Math.max(...[head, ...types].map(width)));
    return [...(block === 0 ? [] : [""]), head, ...types, under, ...body];
  });
  return [
    ...(caption ? [caption] : []),
    ...blocks,
    ...(marked.length + how.length + notes.length > 0 ? [""] : []),
    ...marked.map(({ mark, note }) => `(${mark}) ${note}`),
    ...how,
    ...notes,
  ].join("\n");
}

/** Splits columns into blocks: as many as fit side by side, after those that identify the rows. */
export function blocksOf(
  columns: readonly Pick<Column, "by">[],
  full: readonly number[],
  limit = Number.POSITIVE_INFINITY,
): number[][] {
  const places = columns.map((_, at) => at);
  const named = places.filter((at) => columns[at]!.by);
  // Plain rows are told apart by their first column.
  const first = named.length > 0 ? named : places.slice(0, 1);
  const others = places.filter((at) => !first.includes(at));
  const blocks = [[...first]];
  for (const at of others) {
    const block = blocks.at(-1)!;
    const taken = block.reduce((sum, one) => sum + full[one]! + 2, full[at]!);
    if (taken > limit && block.length > first.length) blocks.push([...first, at]);
    else block.push(at);
  }
  return blocks;
}

/**
 * The same table in Markdown, for tickets and chats; texts cannot become links, tags or emphasis.
 *
 * @example
 * tableMarkdown([{ model: "a*b*", n: 3 }]).split("\n")[2] // "| a\\*b\\* | 3 |"
 */
export function tableMarkdown(table: Table | Rows, options: TableOptions = {}): string {
  const { caption, columns, rows, marked, how, notes } = gridOf(table, options);
  const line = (cells: string[]) => `| ${cells.join(" | ")} |`;
  return [
    ...(caption ? [`**${escapeMarkdown(caption)}**`, ""] : []),
    line(columns.map(({ title, unit }) => escapeMarkdown(unit ? `${title}, ${unit}` : title))),
    line(columns.map(({ numeric }) => (numeric ? "---:" : "---"))),
    ...rows.map((row) =>
      line(
        row.map(({ text, interval, mark }) =>
          escapeMarkdown([text, interval, mark && `(${mark})`].filter(Boolean).join(" ")),
        ),
      ),
    ),
    ...(marked.length + how.length + notes.length > 0 ? [""] : []),
    ...marked.map(({ mark, note }) => `- (${mark}) ${escapeMarkdown(note)}`),
    ...[...how, ...notes].map((note) => `- ${escapeMarkdown(note)}`),
  ].join("\n");
}
