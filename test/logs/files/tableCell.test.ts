import assert from "node:assert/strict";
import { test } from "node:test";
import { isMissing, isMissingSql, numberIn, numberText } from "../../../src/logs/files/tableCell";
import { open } from "../../../src/store/open";
import { rowsOf } from "../../../src/store/run";

const cells: [string, number][] = [
  ["87.3%", 87.3],
  [" 87.3 % ", 87.3],
  ["1,234", 1234],
  ["1,234.5", 1234.5],
  ["12 345 678", 12345678],
  ["1'234", 1234],
  ["1\u202f234", 1234],
  ["72.1 ± 0.4", 72.1],
  ["72.1 (± 0.4)", 72.1],
  ["72.1% +/- 0.4%", 72.1],
  ["−3.5", -3.5],
  ["-3.5", -3.5],
  ["1e-3", 1e-3],
  ["0", 0],
  [".5", 0.5],
  // A decimal comma must not be read as a thousands separator.
  ["0,873", Number.NaN],
  ["80,5", Number.NaN],
  ["72.1 (pass@1)", Number.NaN],
  ["OOM", Number.NaN],
];
const missing = ["", " ", "-", "–", "—", "N/A", "n/a", "NA", "NaN", "null", "None", "TBD", "?", "...", "*"];

test("cells are read alike by the engine and by TypeScript", async () => {
  const store = await open(":memory:");
  try {
    const all = [...cells.map(([text]) => text), ...missing];
    const rows = await rowsOf<{ missing: boolean; number: number | null }>(
      store.connection,
      `select ${isMissingSql("cell")} as missing, try_cast(${numberText("cell")} as double) as number
       from (select unnest(from_json($cells::json, '["VARCHAR"]')) as cell)`,
      { cells: JSON.stringify(all) },
    );
    assert.deepEqual(
      rows.map(({ missing }) => missing),
      all.map(isMissing),
    );
    assert.deepEqual(
      rows.map(({ missing }) => missing),
      all.map(isMark),
    );
    for (const [at, [text, value]] of cells.entries()) {
      assert.equal(numberIn(text), value, text);
      assert.equal(rows[at].number, Number.isNaN(value) ? null : value, text);
    }
  } finally {
    store.close();
  }
});

const isMark = (cell: string) => missing.includes(cell);
