import type { Figure } from "../charts/figure";
import { shorten } from "../charts/text";
import type { Table } from "../measures/table";
import { escapeHtml, escapeMarkdown } from "./escape";
import { pageFigureHtml } from "./pageFigure";
import { chapterHtml } from "./section";
import { sentence } from "./sentence";
import { type Rows, type TableOptions, tableHtml, tableMarkdown } from "./table";

/** A chapter of a report: plain text, tables and figures. Nothing of it is read as markup. */
export interface Part {
  title: string;
  /** Folded behind its title: for whoever asks. */
  fold?: boolean;
  paragraphs?: readonly string[];
  points?: readonly string[];
  /** Each with a figure above it, where there is one. */
  tables?: readonly ({ table: Table | Rows; figure?: Figure } & TableOptions)[];
  figures?: readonly Figure[];
  /** A glossary. */
  terms?: readonly { term: string; meaning: string }[];
}

/** A list of sentences; what one is about, a name and a colon at its beginning, stands out. */
export function listHtml(texts: readonly string[]): string {
  if (texts.length === 0) return "";
  const items = texts.map((text) => {
    const { about, rest } = parted(text);
    return `<li>${about === "" ? "" : `<b>${sentence(about, 100)}</b> `}${sentence(rest, 2000)}</li>`;
  });
  return `<ul>\n${items.join("\n")}\n</ul>`;
}

function parted(text: string): { about: string; rest: string } {
  const about = /^(?:(?![.!?] )[^:;]){1,60}:(?= \S)/.exec(text)?.[0] ?? "";
  return { about, rest: about === "" ? text : text.slice(about.length + 1) };
}

/** A chapter as a section of a page; `nextFigure` hands out the ids of figures. */
export function partHtml(part: Part, id: string, nextFigure: () => string): string {
  const { title, fold = false, paragraphs = [], points = [], tables = [], figures = [], terms = [] } = part;
  const scrolled = tables.map(({ table, figure, ...options }) => {
    const name = escapeHtml(shorten(options.caption ?? title, 300));
    const above = figure === undefined ? "" : `${pageFigureHtml(figure, nextFigure())}\n`;
    return `${above}<div class="scroll" tabindex="0" role="group" aria-label="${name}">${unstyled(tableHtml(table, options))}</div>`;
  });
  const words = terms.map(
    ({ term, meaning }) => `<dt>${escapeHtml(term)}</dt><dd>${escapeHtml(shorten(meaning, 2000))}</dd>`,
  );
  const body = [
    ...paragraphs.map((text) => `<p>${sentence(text, 4000)}</p>`),
    listHtml(points),
    ...figures.map((figure) => pageFigureHtml(figure, nextFigure())),
    ...scrolled,
    words.length === 0 ? "" : `<dl>${words.join("\n")}</dl>`,
  ].filter(Boolean);
  return `<section id="${id}" aria-labelledby="${id}-title" class="part">
${chapterHtml(id, escapeHtml(shorten(title, 300)), body.join("\n"), fold)}
</section>`;
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
    ...tables.flatMap(({ table, figure, ...options }) => [
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
