import assert from "node:assert/strict";
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { generateDemo } from "../../src/demo/generate";
import { ingest } from "../../src/logs/ingest";
import { open } from "../../src/store/open";
import { messageOf } from "../../src/store/reason";
import { run } from "../../src/store/run";
import { writeWhole } from "../../src/store/wholeFile";
import { writeOut } from "../../src/store/writeOut";

const folder = mkdtempSync(join(tmpdir(), "fieldnotes-test-"));
after(() => rmSync(folder, { recursive: true, force: true }));

test("a file is written whole, and nothing is left beside it", () => {
  writeWhole(join(folder, "a.txt"), "one");
  writeWhole(join(folder, "a.txt"), "two");
  assert.equal(readFileSync(join(folder, "a.txt"), "utf8"), "two");
  assert.deepEqual(readdirSync(folder), ["a.txt"]);
});

test("no name, and a folder that there is not, are said as such", () => {
  assert.throws(() => writeWhole("", "x"), /^RangeError: writing requires the name of a file, got ""$/);
  const nowhere = join(folder, "nowhere", "b.txt");
  assert.throws(() => writeWhole(nowhere, "x"), {
    message: `writing requires a folder that there is, got ${join(folder, "nowhere")} (for ${nowhere})`,
  });
});

test("a failure names the file that was asked for, not the one beside it", {
  skip: process.getuid?.() === 0,
}, () => {
  const closed = join(folder, "closed");
  mkdirSync(closed);
  chmodSync(closed, 0o500);
  try {
    writeWhole(join(closed, "c.txt"), "x");
    assert.fail("written");
  } catch (error) {
    assert.equal(messageOf(error), `${join(closed, "c.txt")}: no permission for it`);
  }
});

describe("what must not be replaced is refused, and stays as it was", () => {
  const refused = (name: string, write: (file: string) => void, why: RegExp) => {
    const file = join(folder, name);
    const before = readFileSync(file);
    assert.throws(() => write(file), why);
    assert.ok(readFileSync(file).equals(before));
  };
  const text = (file: string) => writeWhole(file, "x");
  const ofOwn = (file: string) => writeWhole(file, "x", { isOwn: true });

  test("a store, under any name, and what belongs to it", async () => {
    (await open(join(folder, "a.duckdb"))).close();
    copyFileSync(join(folder, "a.duckdb"), join(folder, "check.xml"));
    writeFileSync(join(folder, "a.duckdb.wal"), "");
    symlinkSync(join(folder, "a.duckdb"), join(folder, "link.md"));
    for (const name of ["a.duckdb", "check.xml", "link.md"])
      for (const write of [text, ofOwn])
        refused(
          name,
          write,
          /^RangeError: writing requires a file that may be replaced, got .*, which is a DuckDB database; name another$/,
        );
    refused("a.duckdb.wal", text, /which belongs to a DuckDB database; name another$/);
    rmSync(join(folder, "a.duckdb.wal"));
  });

  test("a log that was read in this run, under any of its names", async () => {
    writeFileSync(join(folder, "log.jsonl"), '{"call_id": "a", "model": "elm"}\n');
    symlinkSync(join(folder, "log.jsonl"), join(folder, "latest.jsonl"));
    const store = await open(":memory:");
    await ingest(store, join(folder, "latest.jsonl"));
    for (const name of ["log.jsonl", "latest.jsonl"])
      refused(name, text, /, which was read in this run; name another$/);
    const before = readFileSync(join(folder, "log.jsonl"));
    await assert.rejects(
      writeOut(store, "select 1", join(folder, "log.jsonl")),
      /was read in this run; name another$/,
    );
    assert.ok(readFileSync(join(folder, "log.jsonl")).equals(before));
    store.close();
  });

  test("a log that a store was made from earlier, also if it was named from the store's folder", async () => {
    const path = join(folder, "b.duckdb");
    const store = await open(path);
    writeFileSync(join(folder, "old.csv"), "call_id,model\na,elm\n");
    await run(store.connection, "insert into ingests (ingest_id, path) values (1, 'old.csv')");
    await assert.rejects(
      writeOut(store, "select 1 as a", join(folder, "old.csv")),
      /which is in .*b\.duckdb \(table ingests\); name another$/,
    );
    assert.equal(readFileSync(join(folder, "old.csv"), "utf8"), "call_id,model\na,elm\n");
    await writeOut(store, "select 1 as a", join(folder, "new.csv"));
    // The next night.
    assert.equal(await writeOut(store, "select 2 as a", join(folder, "new.csv")), 1);
    assert.equal(readFileSync(join(folder, "new.csv"), "utf8"), "a\n2\n");
    store.close();
  });
});

test("a statement that fails leaves the earlier file and nothing beside it", async () => {
  const store = await open(":memory:");
  const file = join(folder, "kept.csv");
  writeFileSync(file, "kept");
  await assert.rejects(writeOut(store, "select error('no') from range(3)", file));
  assert.equal(readFileSync(file, "utf8"), "kept");
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.endsWith(".part")),
    [],
  );
  store.close();
});

test("a demo replaces the files of an earlier one, and no others of the same names", () => {
  const out = join(folder, "demo");
  const options = { out, log: "cascade", truthCalls: 0 } as const;
  mkdirSync(out);
  writeFileSync(join(out, "tasks.jsonl"), "mine");
  assert.throws(
    () => generateDemo(options),
    /^RangeError: demo requires a folder without files of others, got .*, whose tasks\.jsonl/,
  );
  assert.deepEqual(readdirSync(out), ["tasks.jsonl"]);
  rmSync(join(out, "tasks.jsonl"));
  for (const _ of [1, 2]) assert.ok(generateDemo(options).calls > 0);
});
