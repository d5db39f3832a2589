import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { allOf } from "../../src/facts/allOf";
import { open, type Store } from "../../src/store/open";
import { rowsOf } from "../../src/store/run";

let store: Store;
before(async () => {
  store = await open(":memory:");
});
after(() => store.close());

describe("predicates joined into one", () => {
  test("none is undefined, and one that is empty is left out", () => {
    assert.equal(allOf([undefined, ""]), undefined);
    assert.equal(allOf(["", "x > 1"]), "(x > 1)");
  });

  test("all must hold, whatever each is made of", async () => {
    const joined = allOf(["x > 1 or x = 0", "x < 4 -- the small ones", "x <> 2 /* odd */"]);
    const rows = await rowsOf(store.connection, `select x from range(9) r(x) where ${joined} order by x`);
    assert.deepEqual(
      rows.map(({ x }) => Number(x)),
      [0, 3],
    );
  });
});
