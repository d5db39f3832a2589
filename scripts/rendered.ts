// Copies of the notebooks as a code host shows them: Markdown with their cells, what those show of the demo company's
// logs, and each figure as a picture beside it. Hosts run no scripts, and some damage an SVG inside an .ipynb file.
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { Browser } from "playwright-core";
import { anyFigure, isPlain } from "../src/charts/anyFigure";
import type { Figure } from "../src/charts/figure";
import { ingestDemo } from "../src/demo/openDemo";
import { shippedNotebooks } from "../src/notebook/copies";
import { type Notebook, type Output, readNotebook } from "../src/notebook/read";
import { runNotebook } from "../src/notebook/run";
import { NEXT_CELL, PLOTLY } from "../src/page/output";
import { figureTitle } from "../src/page/pageFigure";
import { figureSvg } from "../src/page/svg";
import { open } from "../src/store/open";
import { launched } from "../test/browser";
import { pictureOf } from "./charts";
import { plainTables } from "./plainTables";

const root = join(__dirname, "..");
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };

/** The first line of a copy: of which cells it is, and of which data. A copy whose line is another one is old. */
export function madeFrom(notebook: string): string {
  const { cells } = readNotebook(notebook);
  const of = hashOf(cells.map(({ cell_type, source }) => `${cell_type}\n${source}\n`));
  const demo = join(root, "data", "demo");
  const data = hashOf(
    readdirSync(demo)
      .sort()
      .map((name) => `${name}\n${readFileSync(join(demo, name), "utf8")}`),
  );
  return `<!-- notebooks/${basename(notebook)}: cells ${of}, data ${data}, fieldnotes ${version}; made by npm run docs rendered -->`;
}

const hashOf = (texts: readonly string[]) =>
  createHash("sha256").update(texts.join("\n")).digest("hex").slice(0, 12);

/** Runs the notebooks, all or those named, and returns the files of docs/rendered by name. */
export async function renderedFiles(names: readonly string[] = []): Promise<Map<string, string>> {
  const folder = mkdtempSync(join(tmpdir(), "fieldnotes-rendered-"));
  const db = join(folder, "demo.duckdb");
  const files = new Map<string, string>();
  let browser: Browser | undefined;
  try {
    const store = await open(db);
    await ingestDemo(store);
    store.close();
    const chosen = shippedNotebooks().filter(
      (path) => names.length === 0 || names.some((name) => basename(path).startsWith(name)),
    );
    browser = await launched();
    for (const path of chosen) {
      const own = readNotebook(path).cells.some(({ source }) => source.includes('const db = ":memory:"'));
      const run = await runNotebook(path, { ...(own ? {} : { parameters: { db } }) });
      if (run.status !== "ok") throw new Error(`${path}: ${run.reason}`);
      for (const [name, text] of await copyOf(path, run.notebook, browser)) files.set(name, text);
    }
  } finally {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  }
  return files;
}

/** Writes them, instead of what was there of the same notebooks. */
export async function writeRendered(names: readonly string[]): Promise<void> {
  const folder = join(root, "docs", "rendered");
  mkdirSync(folder, { recursive: true });
  const files = await renderedFiles(names);
  const made = new Set([...files.keys()].map((name) => name.slice(0, 2)));
  for (const old of readdirSync(folder)) if (made.has(old.slice(0, 2))) rmSync(join(folder, old));
  for (const [name, text] of files) writeFileSync(join(folder, name), text);
}

async function copyOf(path: string, run: Notebook, browser: Browser): Promise<[string, string][]> {
  const name = basename(path, ".ipynb");
  const pictures: [string, string][] = [];
  const parts = [madeFrom(path)];
  // A run has one cell more, with its parameters; the copy has the cells as they are in the notebook.
  for (const { id, cell_type, source } of readNotebook(path).cells) {
    if (cell_type === "markdown") parts.push(source);
    else if (source.trim() !== "") parts.push(`\`\`\`ts\n${source}\n\`\`\``);
    for (const output of run.cells.find((cell) => cell.id === id)?.outputs ?? []) {
      const figure = output.output_type === "display_data" ? anyFigure(output.data[PLOTLY]) : undefined;
      if (figure === undefined) parts.push(textOf(output));
      else {
        const picture = `${name}-${pictures.length + 1}.svg`;
        pictures.push([picture, await svgOf(figure, browser)]);
        const words = figure.description.replace(/[[\]\n]/g, " ");
        const title = figureTitle(figure);
        parts.push(...(title ? [`**${title}**`] : []), `![${words}](${picture})`);
      }
    }
  }
  return [[`${name}.md`, `${parts.filter((part) => part.trim() !== "").join("\n\n")}\n`], ...pictures];
}

function textOf(output: Output): string {
  if (output.output_type === "error") throw new Error(`${output.ename}: ${output.evalue}`);
  if (output.output_type === "stream") return `\`\`\`\n${output.text.trimEnd()}\n\`\`\``;
  const { "text/markdown": markdown, "text/html": html, "text/plain": plain } = output.data;
  if (typeof html === "string") return plainTables(html, NEXT_CELL);
  if (typeof markdown === "string") return markdown;
  return `\`\`\`\n${String(plain ?? "").trimEnd()}\n\`\`\``;
}

/** A figure as a picture: this library's own are drawn from lines and points, all others by plotly in a browser. */
async function svgOf(figure: Figure, browser: Browser): Promise<string> {
  if (isPlain(figure)) return pictureOf(figureSvg(figure));
  const page = await browser.newPage({ viewport: { width: 760, height: 600 } });
  try {
    await page.addScriptTag({ path: require.resolve("plotly.js/plotly-cartesian.min.js") });
    const { data, layout } = figure;
    const height = Math.min(Number(layout.height) || 420, 1600);
    const shown = { ...layout, title: undefined, margin: { t: 20, ...(layout.margin as object), b: 60 } };
    const address = await page.evaluate(
      // Its own text, since this file's compiler adds helpers that a page does not have.
      `Plotly.newPlot(document.body.appendChild(document.createElement("div")), ${JSON.stringify(data)}, ${JSON.stringify({ ...shown, width: 720, height })})
        .then((drawn) => Plotly.toImage(drawn, { format: "svg", width: 720, height: ${height} }))`,
    );
    const svg = decodeURIComponent(String(address).replace(/^data:image\/svg\+xml,/, ""));
    // Plotly draws by chance the names of what a figure refers to in itself, and of its traces.
    const [, chance = ""] = /<defs id="defs-(\w+)"/.exec(svg) ?? [];
    const own = svg.replace(/(?<= trace)[0-9a-f]{6}(?=")/g, "");
    return `${chance === "" ? own : own.replaceAll(chance, "figure")}\n`;
  } finally {
    await page.close();
  }
}
