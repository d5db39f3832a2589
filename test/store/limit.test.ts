import assert from "node:assert/strict";
import { test } from "node:test";
import { TimeLimitError, withinSeconds } from "../../src/store/limit";
import { open } from "../../src/store/open";
import { rowsOf, run } from "../../src/store/query";

test("a statement that takes too long is ended, and its connection stays usable", async () => {
  const store = await open(":memory:");
  const { connection } = store;
  const endless = () => run(connection, "select count(*) from range(1000000000000) where range % 7 = 8");
  await assert.rejects(withinSeconds(connection, 0.2, "the test was", endless), (error) => {
    assert.ok(error instanceof TimeLimitError);
    assert.match(error.message, /^the test was ended after 0.2 seconds/);
    return true;
  });
  assert.deepEqual(await rowsOf(connection, "select 1 as one"), [{ one: 1 }]);
  assert.equal(await withinSeconds(connection, 60, "this", async () => 7), 7);
  store.close();
});
