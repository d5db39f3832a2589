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

  it("is asked each time of one that may change", async () => {
    const store = await open(":memory:");
    const connection = await store.connect();
    assert.deepEqual(await rowsOnce(connection, counting), [{ n: 0 }]);
    await run(store.connection, "insert into calls (call_id) values ('a')");
    assert.deepEqual(await rowsOnce(connection, counting), [{ n: 1 }]);
    store.close();
  });
});
