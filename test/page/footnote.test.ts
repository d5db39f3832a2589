import assert from "node:assert/strict";
import { test } from "node:test";
import { footnotes } from "../../src/page/footnote";

test("notes that differ in their numbers only are one footnote with the range of the numbers", () => {
  const notes = footnotes();
  assert.equal(notes.mark("p99.9 needs 3,688 calls, has 406"), "a");
  assert.equal(notes.mark("p99.9 needs 3,688 calls, has 1,580"), "a");
  assert.deepEqual(notes.list(), [{ mark: "a", note: "p99.9 needs 3,688 calls, has 406 to 1,580" }]);
});

test("ranges in notes are one range together, from the least to the most", () => {
  const notes = footnotes();
  notes.mark("5 % of the outcomes are unknown: 0.0034 to 0.0056 whatever they are");
  notes.mark("7 % of the outcomes are unknown: 0.009 to 0.0129 whatever they are");
  notes.mark("52.1 % to 77 % if all are");
  notes.mark("62.8 % to 87.5 % if all are");
  assert.deepEqual(
    notes.list().map(({ note }) => note),
    [
      "5 to 7 % of the outcomes are unknown: 0.0034 to 0.0129 whatever they are",
      "52.1 % to 87.5 % if all are",
    ],
  );
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
