import assert from "node:assert/strict";
import { test } from "node:test";
import { defined } from "../../src/stats/defined";
import { type Estimate, noted, noteOf, toldBy, withNotes } from "../../src/stats/estimate";
import { reserve } from "../../src/stats/reservation";

test("a field without a value stays out of an object, and the others keep their order", () => {
  const fields = { value: 0, unit: undefined, note: "", low: Number.NaN, by: null };
  assert.deepEqual(Object.keys(defined(fields)), ["value", "note", "low", "by"]);
  assert.equal(JSON.stringify(Object.entries(defined({ a: 1, b: undefined }))), '[["a",1]]');
});

test("notes become one text, and none is no field", () => {
  assert.equal(noteOf(["few users", undefined, "", "skewed"]), "few users; skewed");
  const plain = { value: 1, note: "few users" };
  assert.equal(withNotes(plain, ["skewed"]).note, "few users; skewed");
  assert.deepEqual(withNotes({ ...plain, note: "" }, []), { value: 1 });
});

test("what an estimate tells is its reservations, each sentence with its numbers, or a text written by hand", () => {
  const few = reserve("few.quantile", { quantile: "p99", needed: 3688, counted: "calls", has: 5 });
  const estimate = withNotes<{ value: number; note?: string }>({ value: 1 }, [few, "skewed"]);
  assert.equal(estimate.note, "p99 needs 3,688 calls, has 5; skewed");
  assert.deepEqual(
    toldBy(estimate).map(({ id }) => id),
    ["few.quantile", "told"],
  );
  assert.deepEqual(toldBy({ ...estimate, note: "by hand" })[0]?.numbers, { text: "by hand" });
  assert.deepEqual(toldBy({ value: 1 }), []);
  const parts = [few, { ...few, of: "first" as const }, { ...few, of: "first" as const }];
  assert.match(noteOf(parts) ?? "", /^p99 [^;]*; first: p99 [^;]*; p99 [^;]*$/);
});

test("the compiler refuses a note that is not made of reservations", () => {
  const number = { value: 1, low: 0, high: 2, level: 0.95, method: "t", n: 9, clusters: 9, clusterBy: "" };
  const noticed: Estimate = { ...number, ...noted(["few users"]) };
  // @ts-expect-error
  const byHand: Estimate = { ...number, note: "few users" };
  assert.equal(byHand.note, noticed.note);
});
