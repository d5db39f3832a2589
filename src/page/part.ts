import type { Figure } from "../charts/figure";
import { shorten } from "../charts/text";
import type { Table } from "../measures/table";
import { escapeHtml, escapeMarkdown } from "./escape";
import { linked } from "./ids";
import { clipped } from "./limits";
import { pageFigureHtml } from "./pageFigure";
import { chapterHtml } from "./section";
import { sentence } from "./sentence";
import { slugOf } from "./slug";
import { type Rows, type TableOptions, tableHtml, tableMarkdown } from "./table";
import { tableCsv } from "./tableCsv";
import { termMarker } from "./terms";

/** One task, conversation or call of an appendix, and what leads to it. */
export interface OneTrace {
  /** Ids as tables show them. */
  ids: string[];
  caption: string;
  table: Table;
  /** Where it has more than one step. */
  figure?: Figure;
  /** Prompts and outputs, where they were asked for and the store keeps them. */
  texts: { about: string; text: string }[];
}

/** A chapter of a report: plain text, tables and figures. Nothing of it is read as markup. */
export interface Part {
  title: string;
  /** Folded behind its title: for whoever asks. */
  fold?: boolean;
  paragraphs?: readonly string[];
  points?: readonly string[];
  /** Each with a text and a figure above it, where there are; `fold` leaves the table, or all, to whoever asks. */
  tables?: readonly ({
    table: Table | Rows;
    text?: string;
    figure?: Figure;
    fold?: "table" | "all";
  } & TableOptions)[];
  figures?: readonly Figure[];
  /** Figures that are left to whoever asks, each behind what it is called. */
  foldedFigures?: readonly { caption: string; figure: Figure }[];
  /** Single tasks and calls, each folded behind its caption; their ids lead here from every table of the page. */
  traces?: readonly OneTrace[];
  /** A glossary. */
  terms?: readonly { term: string; meaning: string }[];
}

/** A list of sentences; what one is about, a name and a colon at its beginning, stands out. `marked` works on the rest. */
export function listHtml(
  texts: readonly string[],
  marked: (html: string) => string = (html) => html,
): string {
  if (texts.length === 0) return "";
  const items = texts.map((text) => {
    const { about, rest } = parted(text);
    return `<li>${about === "" ? "" : `<b>${sentence(about, 100)}</b> `}${marked(sentence(rest, 2000))}</li>`;
  });
  return `<ul>\n${items.join("\n")}\n</ul>`;
}

function parted(text: string): { about: string; rest: string } {
  const about = /^(?:(?![.!?] )[^:;]){1,60}:(?= \S)/.exec(text)?.[0] ?? "";
  return { about, rest: about === "" ? text : text.slice(about.length + 1) };
}

/** A chapter as a section of a page; `nextFigure` hands out the ids of figures, `places` says where ids of its tables lead. */
export function partHtml(
  part: Part,
  id: string,
  nextFigure: () => string,
  places: ReadonlyMap<string, string> = new Map(),
): string {
  const { title, fold = false, paragraphs = [], points = [], tables = [], figures = [], terms = [] } = part;
  const scrolled = tables.map(({ table, text, figure, fold: folded, ...options }) => {
    const name = escapeHtml(shorten(options.caption ?? title, 300));
    const words = text === undefined ? "" : `<p>${sentence(text, 2000)}</p>\n`;
    const above = words + (figure === undefined ? "" : `${pageFigureHtml(figure, nextFigure())}\n`);
    const shown = `<div class="scroll" tabindex="0" role="group" aria-label="${name}">${linked(unstyled(tableHtml(table, options)), places)}</div>\n${csvLink(table, options.caption ?? title)}`;
    if (folded === "all") return behind(name, above + shown);
    return folded === "table" ? above + behind(name, shown) : above + shown;
  });
  const marked = termMarker();
  const words = terms.map(
    ({ term, meaning }) => `<dt>${escapeHtml(term)}</dt><dd>${escapeHtml(shorten(meaning, 2000))}</dd>`,
  );
  const body = [
    ...paragraphs.map((text) => `<p>${marked(sentence(text, 4000))}</p>`),
    listHtml(points, marked),
    ...figures.map((figure) => pageFigureHtml(figure, nextFigure())),
    ...(part.foldedFigures ?? []).map(({ caption, figure }) =>
      behind(escapeHtml(caption), pageFigureHtml(figure, nextFigure())),
    ),
    ...scrolled,
    ...(part.traces ?? []).map((one, at) => traceHtml(one, tracePlace(at), nextFigure)),
    words.length === 0 ? "" : `<dl>${words.join("\n")}</dl>`,
  ].filter(Boolean);
  return `<section id="${id}" aria-labelledby="${id}-title" class="part">
${chapterHtml(id, escapeHtml(shorten(title, 300)), body.join("\n"), fold)}
</section>`;
}

/** Where the trace of that number stands on the page. */
const tracePlace = (at: number) => `trace-${at + 1}`;

/** Where each id leads that has a place on the page; the first of two with one id counts. */
export function placesOf(parts: readonly Part[]): Map<string, string> {
  const places = new Map<string, string>();
  for (const { traces = [] } of parts)
    for (const [at, { ids }] of traces.entries())
      for (const one of ids) if (!places.has(one)) places.set(one, tracePlace(at));
  return places;
}

function traceHtml(
  { caption, table, figure, texts }: OneTrace,
  place: string,
  nextFigure: () => string,
): string {
  const name = escapeHtml(shorten(caption, 300));
  const picture = figure === undefined ? "" : `${pageFigureHtml(figure, nextFigure())}\n`;
  const options = { caption: "", units: { cost: "USD", starts: "s", duration: "s", waited: "s" } };
  const steps = `<div class="scroll" tabindex="0" role="group" aria-label="${name}">${unstyled(tableHtml(table, options))}</div>`;
  const said = texts.map(
    ({ about, text }) =>
      `\n<p>${escapeHtml(shorten(about, 200))}</p>\n<pre class="text">${escapeHtml(clipped(text, LONGEST_TEXT))}</pre>`,
  );
  return `<details class="numbers" id="${place}"><summary>${name}</summary>\n${picture}${steps}${said.join("")}</details>`;
}

/** Characters of a prompt or an output that a page shows. */
const LONGEST_TEXT = 4000;

const behind = (name: string, html: string) =>
  `<details class="numbers"><summary>${name}</summary>\n${html}</details>`;

/** A table's way out of the page: a file that a spreadsheet opens, inside the link itself. (Through bytes, which have no half characters.) */
function csvLink(table: Table | Rows, name: string): string {
  const rows = "rows" in table ? table.rows : table;
  const csv = tableCsv({ rows: rows as Table["rows"] });
  return `<p class="out"><a download="${escapeHtml(slugOf(name, "table"))}.csv" href="data:text/csv;charset=utf-8,${encodeURIComponent(Buffer.from(csv).toString())}">CSV</a></p>`;
}

// The page has a style of its own for tables.
const unstyled = (html: string) => html.replace(/^<style>[\s\S]*?<\/style>\n/, "");

/** The same chapter in Markdown; figures are told in words. */
export function partMarkdown(part: Part): string {
  const { title, paragraphs = [], points = [], tables = [], figures = [], terms = [] } = part;
  return [
    `## ${escapeMarkdown(title)}`,
    ...paragraphs.map(escapeMarkdown),
    listMarkdown(points),
    ...figures.map(({ description }) => escapeMarkdown(description)),
    ...(part.foldedFigures ?? []).map(({ figure }) => escapeMarkdown(figure.description)),
    ...tables.flatMap(({ table, text, figure, fold: _, ...options }) => [
      ...(text === undefined ? [] : [escapeMarkdown(text)]),
      ...(figure === undefined ? [] : [escapeMarkdown(figure.description)]),
      tableMarkdown(table, options),
    ]),
    listMarkdown(terms.map(({ term, meaning }) => `${term}: ${meaning}`)),
  ]
    .filter(Boolean)
    .join("\n\n");
}

/** The same list in Markdown. */
export function listMarkdown(texts: readonly string[]): string {
  const items = texts.map((text) => {
    const { about, rest } = parted(text);
    return `- ${about === "" ? "" : `**${escapeMarkdown(about)}** `}${escapeMarkdown(rest)}`;
  });
  return items.join("\n");
}
