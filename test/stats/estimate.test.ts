import assert from "node:assert/strict";
import { test } from "node:test";
import { defined } from "../../src/stats/defined";
import { noteOf, withNotes } from "../../src/stats/estimate";

test("a field without a value stays out of an object, and the others keep their order", () => {
  const fields = { value: 0, unit: undefined, note: "", low: Number.NaN, by: null };
  assert.deepEqual(Object.keys(defined(fields)), ["value", "note", "low", "by"]);
  assert.equal(JSON.stringify(Object.entries(defined({ a: 1, b: undefined }))), '[["a",1]]');
});

test("notes become one text, and none is no field", () => {
  assert.equal(noteOf(["few users", undefined, "", "skewed"]), "few users; skewed");
  const noted = { value: 1, note: "few users" };
  assert.deepEqual(withNotes(noted, ["skewed"]), { value: 1, note: "few users; skewed" });
  assert.deepEqual(withNotes({ ...noted, note: "" }, []), { value: 1 });
});
