import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { after, test } from "node:test";
import { bringBack, copyNotebooks, shippedNotebooks } from "../../src/notebook/copies";
import { createNotebook } from "../../src/notebook/create";
import { notebookText, readNotebook, writeNotebook } from "../../src/notebook/read";
import { temporaryFolder } from "./notebooks";

const here = temporaryFolder();
after(() => rmSync(here, { recursive: true, force: true }));
writeFileSync(join(here, "own store.duckdb"), "");

test("copies read the store that is named, and are kept by the next start with what was done in them", () => {
  const folder = join(here, "lab");
  const { made } = copyNotebooks(folder, join(here, "own store.duckdb"));
  assert.deepEqual(
    made.map((path) => basename(path)),
    shippedNotebooks().map((path) => basename(path)),
  );
  const [first] = made.slice(1);
  assert.match(readFileSync(first, "utf8"), /const db = \\"\.\.\/own store\.duckdb\\";/);
  const own = readNotebook(first);
  own.cells[0].source += "\n\nSeen.";
  writeNotebook(first, own);
  const again = copyNotebooks(folder);
  assert.deepEqual([again.made, again.kept.length, again.old], [[], made.length, []]);
  assert.match(readNotebook(first).cells[0].source, /Seen\.$/);
  writeNotebook(first, { ...own, metadata: { ...own.metadata, copied_of: "an earlier one" } });
  assert.deepEqual(copyNotebooks(folder).old, [first]);
});

test("an unchanged copy that was run comes back as the very file that it was made of", () => {
  const [copy] = copyNotebooks(join(here, "run"), join(here, "own store.duckdb")).made.slice(1);
  const run = readNotebook(copy);
  for (const cell of run.cells) if (cell.cell_type === "code") cell.execution_count = 7;
  writeNotebook(copy, run);
  const before = readFileSync(shippedNotebooks()[1], "utf8");
  try {
    bringBack(copy);
    assert.equal(readFileSync(shippedNotebooks()[1], "utf8"), before);
  } finally {
    writeFileSync(shippedNotebooks()[1], before);
  }
  assert.throws(() => bringBack(join(here, "mine.ipynb")), /requires a copy of 00-start-here\.ipynb, .*got/);
});

test("notebooks are kept as Jupyter writes them, so that a change alone is the difference", () => {
  for (const path of shippedNotebooks())
    assert.equal(readFileSync(path, "utf8"), notebookText(readNotebook(path)), path);
});

test("a new notebook reads the store by a path from its own folder, and takes no other's place", () => {
  const db = join(here, "own store.duckdb");
  const file = createNotebook(join(here, "notes", "churn"), { db });
  assert.match(readNotebook(file).cells[1].source, /const db = "\.\.\/own store\.duckdb";/);
  assert.throws(() => createNotebook(file, { db }), /requires a file name that is free/);
  const begun = createNotebook(join(here, "bill"), { db, from: "02" });
  assert.match(readNotebook(begun).cells[0].source, /^# What does a resolved task/);
  assert.throws(
    () => createNotebook(join(here, "a"), { db, from: "77" }),
    /--from one of 00-start-here, .*got 77/,
  );
  assert.throws(() => createNotebook(join(here, "b"), { db: join(here, "none") }), /fieldnotes ingest FILE/);
});

test("a chapter of a report says what the log shows before its first section", () => {
  const chapters = shippedNotebooks().filter((path) => /^0[1-6]-/.test(basename(path)));
  assert.equal(chapters.length, 6);
  for (const path of chapters) {
    const { cells } = JSON.parse(readFileSync(path, "utf8")) as {
      cells: { cell_type: string; source: string[] }[];
    };
    const sources = cells.map(({ source }) => source.join(""));
    const finding = sources.findIndex((text) => /show\(.*md`\*\*/.test(text));
    const section = sources.findIndex((text) => text.startsWith("## "));
    assert.ok(finding >= 0 && finding < section, path);
  }
});
