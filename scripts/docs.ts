// Writes the parts of docs/ that come from the code: the tables, the measures, the metrics, the API; with "guides" also
// what commands print for the demo company, with "charts" the gallery of charts, and with "rendered" the notebooks with
// what they show (which takes the build and Chromium).
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { measuresList } from "./measureList";
import { schemaDocument } from "./schemaDocument";

const docs = join(__dirname, "..", "docs");
const source = join(__dirname, "..", "src");

function write(folder: string, page: string, text: string): void {
  mkdirSync(join(docs, folder), { recursive: true });
  writeFileSync(join(docs, folder, `${page}.md`), text);
}

async function main(): Promise<void> {
  writeFileSync(join(source, "measures", "all.ts"), measuresList());
  // All that follows reads this list, so it is loaded when a new measure is in it.
  const { measuresDocument } = await import("./measuresDocument");
  const { withMetrics } = await import("./metricsDocument");
  const { apiDocument, pages } = await import("./api");
  const { articleDocument } = await import("./article");
  const { chartsDocument, drawAll } = await import("./charts");
  const { guideDocuments } = await import("./guides");
  writeFileSync(join(docs, "schema.md"), schemaDocument());
  writeFileSync(join(docs, "measures.md"), measuresDocument());
  const profiles = join(docs, "profiles.md");
  writeFileSync(profiles, withMetrics(readFileSync(profiles, "utf8")));
  writeFileSync(join(docs, "charts.md"), chartsDocument());
  writeFileSync(join(docs, "article.md"), articleDocument());
  for (const page of pages) write("api", page, apiDocument(page));
  if (process.argv.includes("guides"))
    for (const [page, text] of await guideDocuments()) write("guides", page, text);
  if (process.argv.includes("rendered")) {
    const { writeRendered } = await import("./rendered");
    await writeRendered(process.argv.slice(3));
  }
  if (!process.argv.includes("charts")) return;
  mkdirSync(join(docs, "charts"), { recursive: true });
  for (const [name, svg] of await drawAll(process.argv.slice(3)))
    writeFileSync(join(docs, "charts", `${name}.svg`), svg);
}

main();
