import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { schemaDocument } from "../../scripts/schemaDocument";
import { open } from "../../src/store/open";
import { rowsOf } from "../../src/store/run";
import { columnsOf, filledTables, schema, type TableName } from "../../src/store/schema";

test("the page of the tables is the one that the schema gives: npm run docs writes it", () => {
  const page = readFileSync(join(__dirname, "..", "..", "docs", "schema.md"), "utf8");
  assert.equal(page, schemaDocument());
});

test("a new store has every table and column of the schema, in order", async () => {
  const store = await open(":memory:");
  for (const table of Object.keys(schema) as TableName[]) {
    const columns = await rowsOf<{ column_name: string; column_type: string }>(
      store.connection,
      `describe ${table}`,
    );
    assert.deepEqual(
      columns.map(({ column_name, column_type }) => [column_name, column_type]),
      Object.entries(columnsOf(table)).map(([name, { type }]) => [name, type]),
    );
  }
  store.close();
});

test("every table that files fill tells which ingest and line a row came from", () => {
  for (const table of filledTables) {
    assert.deepEqual(Object.keys(columnsOf(table)).slice(-3), ["ingest_id", "line", "emptied"]);
  }
});
