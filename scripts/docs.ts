// Writes docs/schema.md from the one description of the tables, and the metrics of docs/profiles.md from their table.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { withMetrics } from "../src/measures/metricsDocument";
import { schemaDocument } from "../src/store/ddl";

const docs = join(__dirname, "..", "docs");
writeFileSync(join(docs, "schema.md"), schemaDocument());
const profiles = join(docs, "profiles.md");
writeFileSync(profiles, withMetrics(readFileSync(profiles, "utf8")));
