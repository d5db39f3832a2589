// Simulates how often intervals hold the truth. npm run coverage [-- WORD... --runs 2000 --write]
// A cell runs if its name contains every WORD. --write keeps the counts in test/coverage/counts.json and the table in
// docs/simulations/coverage.md; cells that did not run keep their last counts.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { recordLines } from "../recordLines";
import type { Cell } from "./cell";
import { type Count, countCoverage } from "./count";
import { coverageTable } from "./table";

const docs = join(__dirname, "..", "..", "docs", "simulations");
const record = join(__dirname, "counts.json");
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: "string", default: "2000" },
    write: { type: "boolean", default: false },
    list: { type: "boolean", default: false },
  },
});

const folder = join(__dirname, "cells");
const cells = readdirSync(folder)
  .filter((file) => file.endsWith(".ts"))
  .sort()
  .flatMap((file) => (require(join(folder, file)) as { cells: Cell[] }).cells);
const chosen = cells.filter(({ name }) => positionals.every((word) => name.includes(word)));
if (chosen.length === 0) {
  console.error(`no cell holds ${positionals.join(" and ")} in its name; --list names them all`);
  process.exit(2);
}
if (values.list) for (const { name } of chosen) console.log(name);
else {
  const counts: Count[] = [];
  for (const cell of chosen) {
    const count = countCoverage(cell, Number(values.runs));
    counts.push(count);
    console.log(coverageTable([count]).split("\n").at(-1));
  }
  if (values.write) {
    const kept: Count[] = existsSync(record) ? JSON.parse(readFileSync(record, "utf8")) : [];
    const fresh = new Map([...kept, ...counts].map((count) => [count.name, count]));
    const all = cells.map(({ name }) => fresh.get(name)).filter((count) => count !== undefined);
    writeFileSync(record, recordLines(all));
    const head = readFileSync(join(__dirname, "head.md"), "utf8");
    writeFileSync(join(docs, "coverage.md"), `${head}\n${coverageTable(all)}\n`);
  }
}
