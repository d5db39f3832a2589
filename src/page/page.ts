import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Figure } from "../charts/figure";
import { plotConfig } from "../charts/plotConfig";
import { shorten } from "../charts/text";
import { jsonInScript } from "../store/jsonInScript";
import { escapeHtml } from "./escape";
import { linked } from "./ids";
import { LARGEST_PAGE } from "./limits";
import type { GivenNotebook, RunNotebook } from "./notebook";
import { pageFigureHtml } from "./pageFigure";
import { listHtml, type Part, partHtml, placesOf } from "./part";
import { headingHtml, type Section, sectionOf, withoutEmpty } from "./section";
import { sentence } from "./sentence";
import { headingIds } from "./slug";
import { meaningsHtml, termMarker } from "./terms";

/** The verdict at the top of a page: plain text, none of it read as markup. */
export interface Lead {
  /** What was asked. */
  question?: string;
  /** The answer in one sentence. */
  headline: string;
  /** What it takes for granted: checked, declared, or not checkable in this log. */
  rests?: string;
  /** What it is based on: money, seconds, how sure. */
  points: readonly string[];
  /** More for those who want every number, folded. */
  more?: readonly string[];
  /** Small figures that support it, side by side. */
  figures?: readonly Figure[];
}

export interface PageOptions {
  title: string;
  /** Who made it. */
  author?: string;
  lead?: Lead;
  /** Chapters between the verdict and the notebooks. */
  parts?: readonly Part[];
  /** Executed notebooks in order: as read from .ipynb files, or with the results of their runs. */
  notebooks: readonly (GivenNotebook | RunNotebook)[];
  /** Notebooks folded behind their headings, below the chapters. Default false. */
  fold?: boolean;
  /** The models that figures show: each can be hidden in all of them. */
  models?: readonly string[];
  /** When it was made, as shown on the page: "2026-03-02 09:00 UTC". */
  generatedAt?: string;
  /** The language of the prose. Default "en". */
  lang?: string;
  /** The set of pages that this one belongs to, including itself (the entry without href). */
  pages?: readonly { title: string; href?: string }[];
}

/**
 * Renders executed notebooks as one self-contained HTML file that opens without network and runs none of their code.
 *
 * HTML of outputs is reduced to an allow-list, figures are drawn from their plotly JSON only, code is folded. A strict
 * Content-Security-Policy names the page's own scripts by their hashes; plotly is included once, if there is a figure.
 *
 * @example
 * const parts = [{ title: "Costs", points: ["The tail is 3.1 times the median."] }];
 * renderPage({ title: "March", parts, notebooks: [] }).match(/<li>.*<\/li>/)[0] // "<li>The tail is 3.1 times the median.</li>"
 */
export function renderPage(options: PageOptions): string {
  const { title, author, lead, parts = [], fold = false, generatedAt, lang = "en", pages = [] } = options;
  let figures = 0;
  const idOf = headingIds();
  const places = placesOf(parts);
  const budget = { left: LARGEST_PAGE, nextFigure: () => `figure-${++figures}`, idOf };
  const hideable = (options.models?.length ?? 0) > 1 ? (options.models ?? []) : [];
  const verdict = lead === undefined ? "" : leadHtml(lead, budget.nextFigure, hideable);
  const chapters = parts.map((part) => {
    const id = idOf(part.title);
    return {
      id,
      title: part.title,
      status: "ok" as const,
      html: partHtml(part, id, budget.nextFigure, places),
    };
  });
  const notebooks = options.notebooks.map((item) =>
    sectionOf("notebook" in item ? item : { notebook: item }, budget, fold),
  );
  const linkedNotebooks = notebooks.map((one) => ({ ...one, html: linked(one.html, places) }));
  const shown = fold ? withoutEmpty(linkedNotebooks, idOf) : linkedNotebooks;
  const sections: Section[] = [...chapters, ...shown];
  const made = [author, generatedAt]
    .filter((text) => text !== undefined && text !== "")
    .map((text) => shorten(text ?? "", 300));
  const needed: Readonly<Record<string, boolean>> = {
    models: hideable.length > 0,
    weights: parts.some(({ weighings = [] }) => weighings.length > 0),
  };
  const scripts = [
    ...(figures === 0 ? [] : [plotly()]),
    BEHAVIOUR.filter((name) => needed[name] ?? true)
      .map((name) => asset(`browser/${name}.js`))
      .join(""),
  ];
  const name = shorten(title, 300);
  return `<!doctype html>
<html lang="${escapeHtml(lang)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(scripts)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${escapeHtml(name)}</title>
<link rel="icon" href="data:,">
<style>
${asset("page.css")}${needed.weights ? asset("browser/weights.css") : ""}</style>
</head>
<body>
<a class="skip-link" href="#content">Skip to the content</a>
<header>
<h1>${escapeHtml(name)}</h1>
${made.length > 0 ? `<p class="made">${escapeHtml(made.join(", "))}</p>` : ""}
</header>
<main id="content">
${verdict}
${contents(sections, lead !== undefined, pages)}
${sections.map(({ html }) => html).join("\n")}
</main>
${lead === undefined && parts.length === 0 ? "" : meaningsHtml()}
${figures === 0 ? "" : `<script type="application/json" id="plot-config">${jsonInScript(plotConfig)}</script>`}
${scripts.map((script) => `<script>${script}</script>`).join("\n")}
</body>
</html>
`;
}

/** Only what is inside the page may load or run; plotly sets its own styles, which cannot reach the network either. */
function policy(scripts: readonly string[]): string {
  const hashes = scripts.map((script) => `'sha256-${createHash("sha256").update(script).digest("base64")}'`);
  return [
    "default-src 'none'",
    `script-src ${hashes.length === 0 ? "'none'" : hashes.join(" ")}`,
    "style-src 'unsafe-inline'",
    "img-src data: blob:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

function contents(
  sections: readonly Section[],
  lead: boolean,
  pages: NonNullable<PageOptions["pages"]>,
): string {
  if (sections.length + Number(lead) < 2 && pages.length < 2) return "";
  const items = sections.map(({ id, title, status }) => {
    const how = status === "ok" ? "" : ` <span class="status">${status}</span>`;
    return `<li><a href="#${id}">${escapeHtml(title)}</a>${how}</li>`;
  });
  // Open where it stands beside the page; a script folds it on a phone.
  return `<nav aria-label="Contents">
<details open>
<summary>Contents</summary>
<ol>
${lead ? '<li><a href="#verdict">Verdict</a></li>\n' : ""}${items.join("\n")}
</ol>${siblings(pages)}
</details>
</nav>`;
}

/** Links to the other pages of the set. */
function siblings(pages: NonNullable<PageOptions["pages"]>): string {
  if (pages.length < 2) return "";
  const items = pages.map(({ title, href }) =>
    href === undefined
      ? `<li><a aria-current="page">${escapeHtml(title)}</a></li>`
      : `<li><a href="${escapeHtml(href)}">${escapeHtml(title)}</a></li>`,
  );
  return `\n<p>Pages</p>\n<ol>\n${items.join("\n")}\n</ol>`;
}

function leadHtml(
  { question, headline, rests, points, more = [], figures = [] }: Lead,
  nextFigure: () => string,
  models: readonly string[],
): string {
  const pictures = figures.map((figure) => pageFigureHtml(figure, nextFigure()));
  const marked = termMarker();
  const list = listHtml(points, marked);
  const rest =
    more.length === 0
      ? ""
      : `\n<details class="numbers"><summary>Every number</summary>\n${listHtml(more, marked)}</details>`;
  const chosen =
    models.length === 0
      ? ""
      : ` <button type="button" popovertarget="models" hidden>Models in the figures</button>`;
  return `<section id="verdict" class="verdict" aria-labelledby="verdict-title">
${question ? `<p class="question">${sentence(question, 1000)}</p>\n` : ""}${headingHtml("verdict", sentence(headline, 500))}
${rests ? `<p class="rests">${sentence(rests, 500)}</p>\n` : ""}${pictures.length === 0 ? "" : `<div class="pictures">${pictures.join("\n")}</div>\n`}${list}${rest}
<p class="actions"><button type="button" data-copy>Copy as text</button> <button type="button" data-print>Print everything</button>${chosen}</p>
${models.length === 0 ? "" : modelsHtml(models)}</section>`;
}

/** The control that hides models in all figures at once; a script shows it. */
function modelsHtml(models: readonly string[]): string {
  const boxes = models.map(
    (model) =>
      `<label><input type="checkbox" value="${escapeHtml(model)}" checked> ${escapeHtml(shorten(model, 60))}</label>`,
  );
  return `<p class="note" id="models-hidden" role="status" hidden></p>
<div popover id="models" class="meaning"><fieldset><legend>Models in the figures</legend>
${boxes.join("\n")}
</fieldset>
<p class="note">Text, verdicts and tables count every model, hidden or not.</p>
<p class="actions"><button type="button">Show all</button></p></div>
`;
}

/** The page's scripts, in this order: the first draws the figures that the others work on. */
const BEHAVIOUR = ["draw", "models", "save", "folds", "tables", "weights", "copy"];

function asset(file: string): string {
  return readFileSync(join(__dirname, file), "utf8").replaceAll("\r", "");
}

/** Nothing in a script element may look like its end. */
function plotly(): string {
  const source = readFileSync(require.resolve("plotly.js/plotly-cartesian.min.js"), "utf8");
  return source.replaceAll("\r", "").replaceAll("</script", "<\\/script");
}
