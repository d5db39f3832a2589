import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { withOwnStore } from "../../src/cli/ownStore";
import { type IngestOptions, ingest } from "../../src/logs/ingest";
import { open } from "../../src/store/open";
import { jsonl, workbench } from "../logs/workbench";
import { thorough } from "../property";

const log = jsonl({ model: "m", duration: 1 });

thorough("a wrong option, mapping or path, or a file that fails, leaves no store behind where none was", () =>
  workbench(async ({ folder, write }) => {
    const file = write("a.jsonl", log);
    const unknown = write("b.jsonl", jsonl({ nothing: "of ours" }));
    const before = readdirSync(folder);
    const db = join(folder, "new.duckdb");
    const run = (paths: string, options: IngestOptions = {}) =>
      withOwnStore(db, (store) => ingest(store, paths, options));
    await assert.rejects(run(file, { set: { modle: "x" } }), /set requires/);
    await assert.rejects(run(file, { format: "langfues" }), /langfuse/);
    await assert.rejects(run(file, { mapping: join(folder, "none.json") }), /mapping/);
    await assert.rejects(run(join(folder, "none.jsonl")), /no such file/);
    assert.equal((await run(unknown)).files[0].status, "failed");
    assert.deepEqual(readdirSync(folder), before);
    assert.equal((await run(file)).calls, 1);
    assert.ok(existsSync(db));
    await assert.rejects(run(file, { format: "langfues" }), /langfuse/);
    assert.equal((await run(file)).files[0].status, "unchanged");
  }),
);

test("a store that was there stays, also an empty one", () =>
  workbench(async ({ folder, write }) => {
    const file = write("a.jsonl", log);
    const db = join(folder, "empty.duckdb");
    (await open(db)).close();
    const run = () => withOwnStore(db, (store) => ingest(store, file, { format: "langfues" }));
    await assert.rejects(run(), /langfuse/);
    assert.ok(existsSync(db));
    const blank = join(folder, "blank.duckdb");
    writeFileSync(blank, "");
    await assert.rejects(
      withOwnStore(blank, () => Promise.reject(new Error("no"))),
      /no/,
    );
    assert.ok(existsSync(blank));
  }));

test("files of others that the engine would take for its own stay, and no store is made beside them", () =>
  workbench(async ({ folder, write }) => {
    const file = write("a.jsonl", log);
    const db = join(folder, "new.duckdb");
    write("new.duckdb.wal", "mine");
    const before = readdirSync(folder);
    await assert.rejects(
      withOwnStore(db, (store) => ingest(store, file)),
      /a new store requires that nothing has the names/,
    );
    assert.deepEqual(readdirSync(folder), before);
    assert.equal(readFileSync(`${db}.wal`, "utf8"), "mine");
  }));
