import assert from "node:assert/strict";
import { test } from "node:test";
import { keyedRecords } from "../../../src/logs/files/keyed";

test("an object keyed by model is a table, of one record each or of lists", () => {
  const call = (ms: number) => ({ ms, tokens: 5 });
  assert.deepEqual(keyedRecords([{ elm: { score: 1 }, fir: { score: 2 } }]), [
    { model: "elm", score: 1 },
    { model: "fir", score: 2 },
  ]);
  assert.deepEqual(keyedRecords([{ elm: [call(1), call(2)], fir: [call(3)] }]), [
    { model: "elm", ...call(1) },
    { model: "elm", ...call(2) },
    { model: "fir", ...call(3) },
  ]);
  assert.deepEqual(keyedRecords([{ a: [{ model: "elm" }], b: [{ model: "fir" }] }]), [
    { key: "a", model: "elm" },
    { key: "b", model: "fir" },
  ]);
});

test("lists of other things, of messages or beside something else are no table", () => {
  assert.equal(keyedRecords([{ calls: [{ ms: 1 }], tasks: [{ id: 1 }] }]), undefined);
  assert.equal(keyedRecords([{ data: [{ ms: 1 }], has_more: false }]), undefined);
  assert.equal(keyedRecords([{ chosen: [{ role: "user" }], rejected: [{ role: "user" }] }]), undefined);
});
