import assert from "node:assert/strict";
import { test } from "node:test";
import { disowning, type Kind, reservations, reserve } from "../../src/stats/reservation";

const kinds: [string, Kind][] = Object.entries(reservations);

test("a number that is missing carries no decision, and what was left out or done to it does not stop one", () => {
  for (const [id, { decides, side }] of kinds) {
    if (id.startsWith("none.")) assert.equal(decides, false, id);
    if (id.startsWith("left-out.")) assert.deepEqual([decides, side], [true, "both"], id);
    if (!decides)
      assert.equal(
        disowning([{ ...reserve("none.order"), side }], side === "low" ? "low" : "high").length,
        1,
      );
  }
});

test("no two kinds of reservation have the same sentence, but for the end that they are about", () => {
  const sentences = kinds.map(([, { side, text }]) => `${side} ${text}`);
  assert.equal(new Set(sentences).size, sentences.length);
});

test("a sentence that leaves an end open disowns that end alone", () => {
  const longest = [reserve("method.as-long", { tokens: 8000 })];
  assert.equal(disowning(longest, "high")[0]?.id, "method.as-long");
  assert.deepEqual(disowning(longest, "low"), []);
});
