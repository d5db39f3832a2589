import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { shared, sharedVariable, sharing } from "../../src/measures/shared";
import { open, type Store } from "../../src/store/open";
import { type Scratch, scratch } from "../../src/store/scratch";

describe("shared results", () => {
  let [folder, results]: Scratch[] = [];
  let store: Store;
  beforeEach(async () => {
    [folder, results] = [scratch(), scratch()];
    process.env[sharedVariable] = results.path;
    const path = join(folder.path, "store.duckdb");
    (await open(path)).close();
    store = await open(path, { readOnly: true });
  });
  afterEach(() => {
    delete process.env[sharedVariable];
    store.close();
    folder.remove();
    results.remove();
  });

  /** Work that counts how often it is done. */
  function counted<T>(result: T) {
    const work = async () => {
      work.times++;
      await new Promise((resolve) => setTimeout(resolve, 50));
      return result;
    };
    work.times = 0;
    return work;
  }

  it("does the work once for all who ask, and gives each the same, NaN and undefined included", async () => {
    const result = { rows: [{ value: Number.NaN, low: Number.NEGATIVE_INFINITY, note: undefined }] };
    const work = counted(result);
    const both = await Promise.all([1, 2, 3].map(() => shared(store, "some", { by: "model" }, work)));
    for (const one of both) assert.deepEqual(one, result);
    assert.equal(work.times, 1);
  });

  it("takes options that are left out for their defaults, and others for other work", async () => {
    const work = counted(1);
    await shared(store, "some", { by: "model" }, work);
    await shared(
      store,
      "some",
      { level: 0.95, seed: 1, where: undefined, by: "model", timezone: "UTC" },
      work,
    );
    assert.equal(work.times, 1);
    for (const other of [{ by: "model", level: 0.9 }, { by: "workload" }, { by: "model", margin: Infinity }])
      await shared(store, "some", other, work);
    await shared(store, "other", { by: "model" }, work);
    assert.equal(work.times, 5);
  });

  it("leaves an error to each who asks, and nothing behind", async () => {
    const failing = () => shared(store, "some", {}, () => Promise.reject(new RangeError("no such column")));
    await assert.rejects(failing(), /no such column/);
    await assert.rejects(failing(), /no such column/);
    assert.deepEqual(readdirSync(results.path), []);
  });

  it("does the work of a process that ended before it was done", async () => {
    const ended = fork(join(folder.path, "none.js"), { stdio: "ignore" });
    await once(ended, "exit");
    const work = counted(1);
    await shared(store, "some", {}, work);
    const [name] = readdirSync(results.path);
    const again = { by: "model" };
    await shared(store, "some", again, work);
    const key = readdirSync(results.path).find((one) => one !== name)!;
    results.remove();
    results = scratch();
    process.env[sharedVariable] = results.path;
    writeFileSync(join(results.path, `${key}.claim`), String(ended.pid));
    assert.equal(await shared(store, "some", again, work), 1);
    assert.equal(work.times, 3);
  });

  it("leaves the work to each where the folder is gone", async () => {
    results.remove();
    assert.equal(await shared(store, "some", {}, counted(1)), 1);
    results = scratch();
    process.env[sharedVariable] = results.path;
    const removing = async () => {
      results.remove();
      return 2;
    };
    assert.equal(await shared(store, "some", {}, removing), 2);
  });

  it("is over, with all results, when the work is done or fails", async () => {
    let folder = "";
    const failing = sharing(async () => {
      folder = process.env[sharedVariable]!;
      await shared(store, "some", {}, counted(1));
      throw new Error("no more");
    });
    await assert.rejects(failing, /no more/);
    assert.equal(existsSync(folder), false);
    assert.equal(process.env[sharedVariable], undefined);
  });

  it("shares nothing of a store that stands for another", async () => {
    const work = counted(1);
    await shared(store, "some", {}, work);
    for (const path of [store.path, "parquet:calls.parquet"])
      await shared({ ...store, path }, "some", {}, work);
    assert.equal(work.times, 3);
  });

  it("shares nothing of a store that may change, or without a folder", async () => {
    const work = counted(1);
    const written = await open(":memory:");
    try {
      for (const _ of [1, 2]) await shared(written, "some", {}, work);
    } finally {
      written.close();
    }
    delete process.env[sharedVariable];
    for (const _ of [1, 2]) await shared(store, "some", {}, work);
    assert.equal(work.times, 4);
  });
});
