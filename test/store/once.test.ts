import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";
import { readsAlone, rowsOnce } from "../../src/store/once";
import { open } from "../../src/store/open";
import { run } from "../../src/store/run";
import { scratch } from "../../src/store/scratch";

const counting = "select count(*)::int as n from calls";

describe("what every measure asks of a store", () => {
  it("is asked once of a store that is open read-only, by all its connections", async () => {
    const folder = scratch();
    try {
      const path = join(folder.path, "store.duckdb");
      (await open(path)).close();
      const store = await open(path, { readOnly: true });
      const [one, other] = [await store.connect(), await store.connect()];
      assert.equal(await rowsOnce(one, counting), await rowsOnce(other, counting));
      await assert.rejects(rowsOnce(one, "select none from calls"), /none/);
      await assert.rejects(rowsOnce(other, "select none from calls"), /none/);
      store.close();
    } finally {
      folder.remove();
    }
  });

  it("is asked by each where the connection that asked first is stopped", async () => {
    const folder = scratch();
    const path = join(folder.path, "store.duckdb");
    (await open(path)).close();
    const store = await open(path, { readOnly: true });
    const [one, other] = [await store.connect(), await store.connect()];
    const long =
      "select count(*)::int as n from range(30_000_000) as a(i) where i % 7 = 3 or sin(i) > 0.5 or cos(i) > 2";
    const first = rowsOnce(one, long);
    const second = rowsOnce<{ n: number }>(other, long);
    // A statement that has not begun yet is not stopped.
    const stopping = setInterval(() => one.interrupt(), 5);
    await assert.rejects(first).finally(() => clearInterval(stopping));
    assert.ok((await second)[0].n > 0);
    store.close();
    folder.remove();
  });

  it("is asked anew by a connection whose own tables replace the store's", async () => {
    const folder = scratch();
    const path = join(folder.path, "store.duckdb");
    (await open(path)).close();
    const store = await open(path, { readOnly: true });
    const connection = await store.connect();
    assert.deepEqual(await rowsOnce(connection, counting), [{ n: 0 }]);
    readsAlone(connection);
    await run(connection, "create temp table calls as select 'a' as call_id");
    assert.deepEqual(await rowsOnce(connection, counting), [{ n: 1 }]);
    store.close();
    folder.remove();
  });

  it("is asked once of a store that may be written, until something is", async () => {
    const store = await open(":memory:");
    const [one, other] = [await store.connect(), await store.connect()];
    const counted = async () => (await rowsOnce<{ n: number }>(one, counting))[0].n;
    assert.equal(await rowsOnce(one, counting), await rowsOnce(other, counting));
    const before = await rowsOnce(one, counting);
    for (const statement of [
      "create or replace temp table own as select 'insert; delete' as a -- update; of a call",
      "set variable a = 1; select 1",
      "with a as (select 1) from a",
    ])
      await run(other, statement);
    assert.equal(await rowsOnce(one, counting), before);

    await run(store.connection, "insert into calls (call_id) values ('a')");
    assert.equal(await counted(), 1);
    await run(other, "with b as (select 'b' as call_id) insert into calls by name from b");
    assert.equal(await counted(), 2);
    await run(other, "set variable a = 2; delete from calls where call_id = 'a'");
    assert.equal(await counted(), 1);
    await store.connection.runAndReadAll("/* all */ delete from calls");
    assert.equal(await counted(), 0);
    await run(other, "begin");
    await run(other, "insert into calls (call_id) values ('c')");
    assert.equal(await counted(), 0);
    await run(other, "commit");
    assert.equal(await counted(), 1);
    store.close();
  });

  it("is asked each time where it may be written unseen", async () => {
    const store = await open(":memory:");
    const connection = await store.connect();
    const counted = async () => (await rowsOnce<{ n: number }>(connection, counting))[0].n;
    assert.equal(await counted(), 0);
    const prepared = await store.connection.prepare("insert into calls (call_id) values ('a')");
    for (const n of [1, 2, 3]) {
      await prepared.run();
      assert.equal(await counted(), n);
    }
    store.close();

    const other = await open(":memory:");
    const reading = await other.connect();
    assert.deepEqual(await rowsOnce(reading, counting), [{ n: 0 }]);
    const pending = await other.connection.start("insert into calls (call_id) values ('a')");
    assert.deepEqual(await rowsOnce(reading, counting), [{ n: 0 }]);
    await pending.getResult();
    assert.deepEqual(await rowsOnce(reading, counting), [{ n: 1 }]);
    other.close();
  });

  it("stays known where a connection fills a temporary table of its own, and no longer once that is gone", async () => {
    const store = await open(":memory:");
    const [connection, other] = [await store.connect(), await store.connect()];
    assert.deepEqual(await rowsOnce(connection, counting), [{ n: 0 }]);
    const first = rowsOnce(connection, counting);
    await run(other, "create temp table calls as select 'a' as call_id");
    await run(other, "insert into calls select 'b'; delete from calls where call_id = 'a'");
    assert.equal(await rowsOnce(connection, counting), await first);
    await run(other, "drop table calls");
    await run(other, "insert into calls (call_id) values ('c')");
    assert.deepEqual(await rowsOnce(connection, counting), [{ n: 1 }]);
    store.close();
  });

  it("is asked anew where the file is written by another store of this process", async () => {
    const folder = scratch();
    const path = join(folder.path, "store.duckdb");
    const [reading, writing] = [await open(path), await open(path)];
    const connection = await reading.connect();
    assert.deepEqual(await rowsOnce(connection, counting), [{ n: 0 }]);
    await run(writing.connection, "insert into calls (call_id) values ('a')");
    assert.deepEqual(await rowsOnce(connection, counting), [{ n: 1 }]);
    for (const store of [reading, writing]) store.close();
    folder.remove();
  });
});
