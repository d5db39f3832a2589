import type { Figure } from "../charts/figure";
import { shorten } from "../charts/text";
import type { Table } from "../measures/table";
import { callUnits } from "./callUnits";
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
import { type Weighing, weighingsHtml } from "./weighing";

/** One task, conversation or call of an appendix, and the ids that link to it. */
export interface OneTrace {
  /** Ids as tables show them. */
  ids: string[];
  caption: string;
  table: Table;
  /** The figure, if there is more than one step. */
  figure?: Figure;
  /** Prompts and outputs, if requested and kept by the store. */
  texts: { about: string; text: string }[];
}

/** A chapter of a report: plain text, tables and figures. None of it is read as markup. */
export interface Part {
  title: string;
  /** Folded behind its title, for readers who want the details. */
  fold?: boolean;
  paragraphs?: readonly string[];
  points?: readonly string[];
  /** Tables, each with an optional text and figure above it; `fold` folds the table, or all of it. */
  tables?: readonly ({
    table: Table | Rows;
    text?: string;
    figure?: Figure;
    fold?: "table" | "all";
  } & TableOptions)[];
  figures?: readonly Figure[];
  /** Folded figures, each behind its caption. */
  foldedFigures?: readonly { caption: string; figure: Figure }[];
  /** Choices whose weights a reader can move. */
  weighings?: readonly Weighing[];
  /** Single tasks and calls, each folded behind its caption; their ids lead here from every table of the page. */
  traces?: readonly OneTrace[];
  /** A glossary. */
  terms?: readonly { term: string; meaning: string }[];
}

/** A list of sentences; a subject that starts one, ending in a colon, is set bold. `marked` processes the rest. */
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

/**
 * A chapter as a section of a page; `nextFigure` assigns ids to figures, `places` says where ids in its tables link to.
 */
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
    weighingsHtml(part.weighings ?? [], id),
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

/** The id on the page of the trace with that number. */
const tracePlace = (at: number) => `trace-${at + 1}`;

/** The link target of each id that has a place on the page; if two share an id, the first counts. */
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
  const options = { caption: "", units: callUnits };
  const steps = `<div class="scroll" tabindex="0" role="group" aria-label="${name}">${unstyled(tableHtml(table, options))}</div>`;
  const said = texts.map(
    ({ about, text }) =>
      `\n<p>${escapeHtml(shorten(about, 200))}</p>\n<pre class="text">${escapeHtml(clipped(text, LONGEST_TEXT))}</pre>`,
  );
  return `<details class="numbers" id="${place}"><summary>${name}</summary>\n${picture}${steps}${said.join("")}</details>`;
}

/** Maximum characters of a prompt or output on a page. */
const LONGEST_TEXT = 4000;

const behind = (name: string, html: string) =>
  `<details class="numbers"><summary>${name}</summary>\n${html}</details>`;

/**
 * A download link for a table: a CSV file inside the link itself. (Encoded from bytes, which have no half characters.)
 */
function csvLink(table: Table | Rows, name: string): string {
  const rows = "rows" in table ? table.rows : table;
  const csv = tableCsv({ rows: rows as Table["rows"] });
  return `<p class="out"><a download="${escapeHtml(slugOf(name, "table"))}.csv" href="data:text/csv;charset=utf-8,${encodeURIComponent(Buffer.from(csv).toString())}">CSV</a></p>`;
}

// The page has its own style for tables.
const unstyled = (html: string) => html.replace(/^<style>[\s\S]*?<\/style>\n/, "");

/** The same chapter in Markdown; figures become their descriptions. */
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
