import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { makeReady } from "../../../src/logs/files/ready";
import { workbench } from "../workbench";

const table = (letters: number) => {
  const note = "x".repeat(letters);
  return `${JSON.stringify({ a: { cost: 1, note }, b: { cost: 2, note } })}\n`;
};

test("a document that is a table becomes its rows; lines that each are one stay, however long", () =>
  workbench(async ({ folder, store, write }) => {
    const one = await makeReady(store.connection, write("one.json", table(10)), folder);
    assert.deepEqual(
      one.sample.records.map((row) => (row as { model: string }).model),
      ["a", "b"],
    );
    // Of these, the sample holds the first alone.
    const content = table(300_000).repeat(3);
    const lines = await makeReady(store.connection, write("lines.jsonl", content), folder);
    assert.equal(lines.sample.records.length, 1);
    assert.equal(readFileSync(lines.file, "utf8"), content);
  }));
