import assert from "node:assert/strict";
import { test } from "node:test";
import { query } from "../../src/store/query";
import { withCalls } from "../measures/calls";

test("a query without a statement says what it requires, and one with comments runs", () =>
  withCalls([{ model: "alder" }], async (store) => {
    for (const sql of ["", " ;\n", "-- select 1", "/* select\n1 */;"])
      await assert.rejects(query(store, sql), /^RangeError: query requires an SQL statement, such as/);
    assert.deepEqual(await query(store, "-- all\nselect model from calls; -- done"), [{ model: "alder" }]);
  }));
