import assert from "node:assert/strict";
import { test } from "node:test";
import { footnotes } from "../../src/page/footnote";
import { tableText } from "../../src/page/table";
import { noted } from "../../src/stats/estimate";
import { type Reservation, reserve } from "../../src/stats/reservation";

const few = (quantile: string, needed: number, has: number) =>
  reserve("few.quantile", { quantile, needed, counted: "calls", has });
const told = (text: string) => reserve("told", { text });

test("what differs in its numbers only is one footnote with the range of the numbers", () => {
  const notes = footnotes();
  assert.equal(notes.mark([few("p99.9", 3688, 406)]), "a");
  assert.equal(notes.mark([few("p99.9", 3688, 1580)]), "a");
  assert.deepEqual(notes.list(), [{ mark: "a", note: "p99.9 needs 3,688 calls, has 406 to 1,580" }]);
});

test("quantiles with too few values are one footnote that names them, other nouns another", () => {
  const notes = footnotes();
  assert.equal(notes.mark([few("p99.9", 3688, 406)]), "a");
  assert.equal(notes.mark([few("p99", 368, 5)]), "a");
  assert.equal(
    notes.mark([reserve("few.quantile", { quantile: "p99", needed: 368, counted: "tasks", has: 5 })]),
    "b",
  );
  assert.deepEqual(
    notes.list().map(({ note }) => note),
    ["p99 and p99.9 need 368 to 3,688 calls, and there are 5 to 406", "p99 needs 368 tasks, has 5"],
  );
});

test("ranges in notes are one range together, from the least to the most", () => {
  const notes = footnotes();
  notes.mark([reserve("outcomes.unknown", { share: "5 %", low: "0.0034", high: "0.0056" })]);
  notes.mark([reserve("outcomes.unknown", { share: "7 %", low: "0.009", high: "0.0129" })]);
  notes.mark([told("52.1 % to 77 % if all are")]);
  notes.mark([told("62.8 % to 87.5 % if all are")]);
  assert.deepEqual(
    notes.list().map(({ note }) => note),
    [
      "5 to 7 % of the outcomes are unknown: 0.0034 to 0.0129 whatever they are",
      "52.1 % to 87.5 % if all are",
    ],
  );
});

test("each reservation of a cell has a mark of its own, in the order of the alphabet", () => {
  const notes = footnotes();
  notes.mark([reserve("skewed.high")]);
  assert.equal(notes.mark([few("p99", 368, 5), reserve("skewed.high")]), "a,b");
  assert.equal(notes.mark([]), "");
});

test("the parts of a difference keep their footnotes apart", () => {
  const notes = footnotes();
  const of = (part: "first" | "second"): Reservation => ({ ...few("p99", 368, 5), of: part });
  assert.equal(notes.mark([of("first"), of("second")]), "a,b");
  assert.equal(notes.list()[1]?.note, "second: p99 needs 368 calls, has 5");
});

test("beyond z the marks go on with aa", () => {
  const notes = footnotes();
  const words = "abcdefghijklmnopqrstuvwxyz".split("");
  for (const word of words) notes.mark([told(`note ${word}`)]);
  assert.equal(notes.mark([told("one more")]), "aa");
});

test("letters run row by row, and a note written by hand is one footnote", () => {
  const cell = { value: 1, low: 0, high: 2, level: 0.95, method: "t", n: 9, clusters: 9, clusterBy: "" };
  const rows = [
    {
      a: { ...cell, ...noted([reserve("method.equal")]) },
      b: { ...cell, ...noted([reserve("skewed.high")]) },
    },
    { a: { ...cell, note: "by hand; in two parts" }, b: { ...cell, ...noted([reserve("method.equal")]) } },
  ];
  assert.deepEqual(tableText(rows).match(/^\(\w\) .{9}/gm), [
    "(a) all value",
    "(b) very skew",
    "(c) by hand; ",
  ]);
});
