import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { fitsInMemory, withinMemory } from "../../src/store/memory";
import { open, type Store } from "../../src/store/open";
import { engineError } from "../../src/store/reason";
import { rowsOf, run } from "../../src/store/run";

const folder = mkdtempSync(join(tmpdir(), "fieldnotes-"));
after(() => rmSync(folder, { recursive: true, force: true }));

async function limitOf({ connection }: Store): Promise<string> {
  const [{ limit }] = await rowsOf<{ limit: string }>(
    connection,
    "select current_setting('memory_limit') as \"limit\"",
  );
  return limit;
}

async function withStore<T>(name: string, memory: string, work: (store: Store) => Promise<T>): Promise<T> {
  const store = await open(join(folder, `${name}.duckdb`), { memory });
  try {
    return await work(store);
  } finally {
    store.close();
  }
}

describe("work within bounded memory", () => {
  test("has the engine capped while it lasts, and not after", () =>
    withStore("capped", "4GiB", async (store) => {
      assert.equal(await withinMemory(store.connection, () => limitOf(store)), "953.6 MiB");
      assert.equal(await limitOf(store), "4.0 GiB");
    }));

  test("leaves a lower limit alone", () =>
    withStore("lower", "500MiB", async (store) => {
      assert.equal(await withinMemory(store.connection, () => limitOf(store)), "500.0 MiB");
    }));

  test("that cannot be done so is done again with all there is", () =>
    withStore("again", "4GiB", async (store) => {
      const limits: string[] = [];
      const work = async () => {
        limits.push(await limitOf(store));
        if (limits.length === 1) throw engineError(new Error("Out of Memory Error: failed to allocate data"));
        return "done";
      };
      assert.equal(await withinMemory(store.connection, work), "done");
      assert.deepEqual(limits, ["953.6 MiB", "4.0 GiB"]);
      assert.equal(await limitOf(store), "4.0 GiB");
    }));

  test("fails as it fails otherwise, and once", () =>
    withStore("fails", "4GiB", async (store) => {
      let tries = 0;
      const work = async () => {
        tries++;
        throw new Error("no such file");
      };
      await assert.rejects(withinMemory(store.connection, work), /no such file/);
      assert.deepEqual([tries, await limitOf(store)], [1, "4.0 GiB"]);
    }));
});

describe("a table fits in memory", () => {
  test("if its rows take at most a quarter of it", () =>
    withStore("fits", "400MiB", async ({ connection }) => {
      await run(connection, "insert into calls (call_id) select 'call-' || i from range(1000) as _(i)");
      assert.equal(await fitsInMemory(connection, "calls", 100_000), true);
      assert.equal(await fitsInMemory(connection, "calls", 110_000), false);
    }));

  test("and not if nobody knows how many rows it has", () =>
    withStore("view", "400MiB", async ({ connection }) => {
      await run(connection, "create view many as from range(10)");
      assert.equal(await fitsInMemory(connection, "many", 1), false);
      // As beside another engine, which has the rows.
      assert.equal(await fitsInMemory(connection, "calls", 1), false);
    }));
});
