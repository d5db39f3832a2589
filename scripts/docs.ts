// Writes docs/schema.md from the one description of the tables.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { schemaDocument } from "../src/store/ddl";

writeFileSync(join(__dirname, "..", "docs", "schema.md"), schemaDocument());
