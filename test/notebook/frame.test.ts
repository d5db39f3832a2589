import assert from "node:assert/strict";
import { test } from "node:test";
import { dataTable } from "../../src/notebook/frame";

test("a Map is shown by its own keys, whatever its records call theirs", () => {
  assert.deepEqual(dataTable(new Map([["a", { key: 3, v: 1 }]]), 5)?.table.rows, [{ key: "a", v: 1 }]);
  assert.deepEqual(dataTable(new Map([["a", 2]]), 5)?.table.rows, [{ key: "a", value: 2 }]);
});
