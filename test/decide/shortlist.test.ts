import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { benchmarkShortlist } from "../../src/decide/shortlist";
import { tierTable } from "../../src/measures/benchmark/tiers";
import { fc, runs } from "../property";

const board = (scores: readonly number[], error = 1) =>
  tierTable(scores.map((score, at) => ({ model: `m${at}`, score, error })));

describe("a shortlist", () => {
  test("drops what enough others are clearly better than, and nothing else", () => {
    const list = benchmarkShortlist(board([90, 80, 79, 60]), { size: 2 });
    assert.deepEqual(list.keep, ["m0", "m1", "m2"]);
    assert.deepEqual(
      list.rows.map(({ model, keep, clearly_better }) => [model, keep, clearly_better]),
      [
        ["m0", true, 0],
        ["m1", true, 1],
        ["m2", true, 1],
        ["m3", false, 3],
      ],
    );
    assert.match(list.notes[0], /^3 of 4 models stay; .* 3 stay and not 2, since/);
  });

  test("keeps everything where nothing is sure", () => {
    assert.deepEqual(benchmarkShortlist(board([90, 50, 10], 500), { size: 1 }).keep, ["m0", "m1", "m2"]);
    const unsure = tierTable([
      { model: "a", score: 9 },
      { model: "b", score: 1 },
    ]);
    const list = benchmarkShortlist(unsure, { size: 1 });
    assert.deepEqual(list.keep, ["a", "b"]);
    assert.match(list.notes.join(" "), /All 2 models stay.*No standard errors are known/);
  });

  test("drops by a claim alone: what is behind as many others is settled, all else open or not to be decided", () => {
    const list = benchmarkShortlist(board([90, 80, 79, 60]), { size: 2 });
    assert.deepEqual(
      list.rows.map(({ claim }) => claim.status),
      ["open", "open", "open", "settled"],
    );
    assert.ok(list.rows.every(({ keep, claim }) => keep === (claim.status !== "settled")));
  });

  test("never drops one of the best by score, and is at least of the size asked for", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 1, max: 4 }),
        (scores, size) => {
          const { keep, rows } = benchmarkShortlist(board(scores), { size });
          assert.ok(keep.length >= Math.min(size, scores.length));
          assert.deepEqual(
            keep,
            rows.slice(0, keep.length).map(({ model }) => model),
          );
        },
      ),
      { numRuns: runs(20) },
    );
  });

  test("asks for a size", () => {
    assert.throws(
      () => benchmarkShortlist(board([1]), { size: 0 }),
      /benchmarkShortlist requires a whole size >= 1, got 0/,
    );
  });
});
