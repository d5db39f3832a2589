// Writes what docs/ has from the code: the tables, the measures, the metrics, and with "charts" the gallery of charts.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { measuresDocument } from "../src/measures/measuresDocument";
import { withMetrics } from "../src/measures/metricsDocument";
import { schemaDocument } from "../src/store/ddl";
import { chartsDocument, drawAll } from "./charts";

const docs = join(__dirname, "..", "docs");

async function main(): Promise<void> {
  writeFileSync(join(docs, "schema.md"), schemaDocument());
  writeFileSync(join(docs, "measures.md"), measuresDocument());
  const profiles = join(docs, "profiles.md");
  writeFileSync(profiles, withMetrics(readFileSync(profiles, "utf8")));
  writeFileSync(join(docs, "charts.md"), chartsDocument());
  if (!process.argv.includes("charts")) return;
  mkdirSync(join(docs, "charts"), { recursive: true });
  for (const [name, svg] of await drawAll(process.argv.slice(3)))
    writeFileSync(join(docs, "charts", `${name}.svg`), svg);
}

main();
