import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { test } from "node:test";
import { statements } from "../../src/store/statements";
import { root } from "../dist";

const source = join(root, "src");
/** Text that is called SQL, or a search for SQL in a text. */
const edits = [
  /\b(?:sql(?:\.\w+|\[\w+\])?|query|statement|law|create|numerator)\s*\.replace(?:All)?\(/i,
  /\.replace(?:All)?\(\s*["'`/^]*(?:create|select|from|join|table|temp|with)\b/i,
];
/** SQL that is no statement of ours, or only read. */
const others: Record<string, string> = {
  "explore/frame.ts": "the end of the user's statement",
  "explore/summarise.ts": "the end of the user's statement",
  "facts/terms.ts": "reads names without comments",
  "measures/explain.ts": "fills in parameters",
  "store/expression.ts": "takes an expression out of what the engine wrote",
  "store/once.ts": "only read, without what is quoted",
};

test("a statement is composed of parts, and its text is never edited", () => {
  const files = readdirSync(source, { recursive: true, encoding: "utf8" })
    .map((file) => file.split(sep).join("/"))
    .filter((file) => file.endsWith(".ts"));
  assert.ok(files.length > 400);
  const editing = files.flatMap((file) => {
    const text = readFileSync(join(source, file), "utf8");
    const match = edits.map((pattern) => pattern.exec(text)).find((edit) => edit !== null);
    return match ? [{ file, text: match[0] }] : [];
  });
  assert.deepEqual(
    editing.filter(({ file }) => !(file in others)),
    [],
  );
  assert.deepEqual(editing.map(({ file }) => file).sort(), Object.keys(others), "an exception is not needed");
});

test("a statement that its file does not have is refused by name, with those that it has", () => {
  const sql = statements(source, "measures", "latency", "attainment.sql");
  assert.match(sql.rows, /^[^;]*select[^;]*$/);
  assert.throws(
    () => sql.sumz,
    (error) =>
      error instanceof RangeError &&
      /attainment\.sql has no statement "sumz": it has sums, rows$/.test(error.message),
  );
});
