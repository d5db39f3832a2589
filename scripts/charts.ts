// Writes the gallery: docs/charts.md and a picture of every chart.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isBlank } from "../src/charts/figure";
import { ingest, open } from "../src/index";
import { figureSvg } from "../src/page/svg";
import { gallery } from "./gallery";

const root = join(__dirname, "..");

/** docs/charts.md: every chart with the first sentence of its docstring. */
export function chartsDocument(): string {
  const sections = Object.keys(gallery).map((name) =>
    [`## ${name}`, "", sentenceOf(name), "", `![${name}](charts/${name}.svg)`, ""].join("\n"),
  );
  return [
    "# Charts",
    "",
    "Every chart of the library, drawn from the demo company's logs. A chart is a function that takes a measure's table and gives",
    "a figure, which `show(figure)` puts into a notebook; the code of these is in `scripts/gallery.ts`. Written by",
    "`npm run docs charts`.",
    "",
    ...sections,
  ].join("\n");
}

/** The first sentence of a chart's docstring. */
function sentenceOf(name: string): string {
  const text = readFileSync(join(root, "src", "charts", `${name}.ts`), "utf8");
  const comment =
    text
      .slice(0, text.indexOf(`export function ${name}(`))
      .split("/**")
      .at(-1) ?? "";
  const words = comment
    .replace(/^\s*\*\/?/gm, "")
    .replace(/\s+/g, " ")
    .trim();
  return /^.*?\.(?= |$)/.exec(words)?.[0] ?? words;
}

/** The pictures by name, all or those that are named. */
export async function drawAll(names: readonly string[] = []): Promise<[string, string][]> {
  const store = await open(":memory:");
  await ingest(store, join(root, "data", "demo"), { text: "keep" });
  const drawn: [string, string][] = [];
  for (const [name, example] of Object.entries(gallery)) {
    if (names.length > 0 && !names.includes(name)) continue;
    const figure = await example(store);
    if (isBlank(figure)) throw new Error(`the example of ${name} has nothing to show`);
    drawn.push([name, pictureOf(figureSvg(figure))]);
  }
  store.close();
  return drawn;
}

/** A figure as a separate file: its legend, which a page shows next to it, is drawn above. */
export function pictureOf(html: string): string {
  const at = html.indexOf("<svg ", html.indexOf("</p>") + 1);
  const height = Number(/height="(\d+)"/.exec(html.slice(at))?.[1]);
  let [x, y] = [8, 6];
  const legend = [...html.slice(0, at).matchAll(/<svg (.*?<\/svg>)\s*([^<]*)/gs)].map(([, symbol, name]) => {
    const width = 32 + 7 * name.length;
    if (x + width > 720) [x, y] = [8, y + 18];
    const drawn = `<svg x="${x}" y="${y}" ${symbol}<text x="${x + 16}" y="${y + 10}">${name}</text>`;
    x += width;
    return drawn;
  });
  const top = legend.length === 0 ? 0 : y + 20;
  const open = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 ${height + top}" width="720"`;
  const style = 'font-family="system-ui, sans-serif" font-size="12" fill="#757a82"';
  return `${open} ${style}>${legend.join("")}<svg y="${top}" ${html.slice(at + 5)}</svg>\n`;
}
