import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, describe, test } from "node:test";
import { checkMemory, memoryVariable, shareOfMemory, threadsVariable } from "../../src/store/engineSettings";
import { type OpenOptions, open } from "../../src/store/open";
import { rowsOf } from "../../src/store/run";
import { fieldnotes } from "../cli/command";

const folder = mkdtempSync(join(tmpdir(), "fieldnotes-"));
after(() => rmSync(folder, { recursive: true, force: true }));
afterEach(() => {
  delete process.env[threadsVariable];
  delete process.env[memoryVariable];
});

/** What an engine opened now is set to. */
async function setting(name: string, options: OpenOptions = {}): Promise<string> {
  const store = await open(":memory:", options);
  try {
    const sql = `select current_setting('${name}')::varchar as "value"`;
    return (await rowsOf<{ value: string }>(store.connection, sql))[0].value;
  } finally {
    store.close();
  }
}

test("an environment variable caps the engine's threads", async () => {
  process.env[threadsVariable] = "1";
  assert.equal(await setting("threads"), "1");
  process.env[threadsVariable] = "two";
  await assert.rejects(open(":memory:"), /FIELDNOTES_THREADS to be a whole number from 1, got "two"/);
});

describe("the engine's memory is capped", () => {
  test("by an environment variable, and before that by what open is given", async () => {
    process.env[memoryVariable] = "2GB";
    assert.equal(await setting("memory_limit"), "1.8 GiB");
    assert.equal(await setting("memory_limit", { memory: "1GiB" }), "1.0 GiB");
  });

  test("by a size that has a unit and suffices to start", async () => {
    for (const size of ["16MB", "1.5GB", "2 GiB", "1TiB"])
      assert.equal(checkMemory("it requires", size), size);
    for (const size of ["lots", "2", "2G", "15MB", "-2GB", "1e3GB"])
      assert.throws(() => checkMemory("it requires", size), /^RangeError: it requires a size such as 2GB or/);
    process.env[memoryVariable] = "plenty";
    await assert.rejects(
      open(":memory:"),
      /^RangeError: open requires FIELDNOTES_MEMORY to be a size .*, got "plenty"$/,
    );
  });

  test("by equal shares where several processes work side by side", () => {
    assert.equal(shareOfMemory("3GB", 3), "1000MB");
    assert.equal(shareOfMemory("1 GiB", 2), "536MB");
    assert.equal(shareOfMemory("20MB", 3), "16MB");
  });

  test("by --memory, and what does not fit is told with the limit and what to do", async () => {
    const db = join(folder, "many.duckdb");
    const store = await open(db);
    store.close();
    const many =
      "select max(s) from (select list(i::varchar || repeat('x', 50)) as s from range(3000000) as _(i))";
    const { code, stderr } = await fieldnotes(["query", many, "--db", db, "--memory", "100MB"], folder);
    assert.equal(code, 1);
    assert.match(
      stderr,
      /out of memory: the engine needs more than its limit of 95\.\d MiB.* --memory .* --where/,
    );
    const wrong = await fieldnotes(["query", "select 1", "--db", db, "--memory", "2"], folder);
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /--memory requires a size such as 2GB/);
  });
});
