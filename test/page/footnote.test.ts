import assert from "node:assert/strict";
import { test } from "node:test";
import { footnotes } from "../../src/page/footnote";

test("notes that differ in their numbers only are one footnote with the range of the numbers", () => {
  const notes = footnotes();
  assert.equal(notes.mark("p99.9 needs 3,688 calls, has 406"), "a");
  assert.equal(notes.mark("p99.9 needs 3,688 calls, has 1,580"), "a");
  assert.deepEqual(notes.list(), [{ mark: "a", note: "p99.9 needs 3,688 calls, has 406 to 1,580" }]);
});

test("names such as p99 keep their footnotes apart", () => {
  const notes = footnotes();
  assert.equal(notes.mark("p99 needs 368 calls, has 5"), "a");
  assert.equal(notes.mark("p99.9 needs 3,688 calls, has 5"), "b");
});

test("each clause of a note has a mark of its own", () => {
  const notes = footnotes();
  notes.mark("very skewed");
  assert.equal(notes.mark("p99 needs 368 calls, has 5; very skewed"), "b,a");
  assert.deepEqual(
    notes.list().map(({ note }) => note),
    ["very skewed", "p99 needs 368 calls, has 5"],
  );
});

test("beyond z the marks go on with aa", () => {
  const notes = footnotes();
  const words = "abcdefghijklmnopqrstuvwxyz".split("");
  for (const word of words) notes.mark(`note ${word}`);
  assert.equal(notes.mark("one more"), "aa");
});
