import assert from "node:assert/strict";
import { test } from "node:test";
import { parseExpression } from "../../src/store/expression";
import { open } from "../../src/store/open";

test("true, false and null are values, not fields of that name", async () => {
  const store = await open(":memory:");
  for (const word of ["true", "FALSE", "null"]) {
    assert.deepEqual((await parseExpression(store.connection, word, "a test")).columns, []);
  }
  store.close();
});
