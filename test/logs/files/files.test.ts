import assert from "node:assert/strict";
import { test } from "node:test";
import { ingest } from "../../../src/logs/ingest";
import { jsonl, simple, workbench } from "../workbench";

const record = (id: string) => ({ id, m: "alder", ms: 5 });

test("a folder's rotated logs are read, and what may be a log by another name is said to be left out", () =>
  workbench(async ({ folder, write, store }) => {
    for (const name of ["calls.jsonl", "calls.jsonl.1", "calls.jsonl-20260302", "calls.jsonl.2026-03-01"])
      write(name, jsonl(record(name)));
    for (const name of ["calls.log", "calls.jsonl.bz2", "README.md", "chart.png"]) write(name, "?");
    const { files, notes } = await ingest(store, folder, { mapping: simple });
    assert.deepEqual(
      files.map(({ path, calls }) => [path.slice(folder.length + 1), calls]),
      [
        ["calls.jsonl", 1],
        ["calls.jsonl-20260302", 1],
        ["calls.jsonl.1", 1],
        ["calls.jsonl.2026-03-01", 1],
      ],
    );
    const said = notes.filter((note) => note.startsWith("Not read from the folder"));
    assert.equal(said.length, 1);
    assert.match(said[0], /calls\.jsonl\.bz2, .*calls\.log; a file that is named itself is read/);
  }));

test("a mapping that a shell's glob names beside the logs is passed over, and alone it is read", () =>
  workbench(async ({ write, store }) => {
    const log = write("calls.jsonl", jsonl(record("a")));
    const mapping = write("calls.mapping.json", JSON.stringify(simple));
    const { files, notes } = await ingest(store, [log, mapping]);
    assert.deepEqual(
      files.map(({ calls }) => calls),
      [1],
    );
    assert.ok(notes.includes(`Not read, since their names are those of mappings and the like: ${mapping}.`));
    assert.deepEqual(
      (await ingest(store, [mapping])).files.map(({ status }) => status),
      ["failed"],
    );
  }));
