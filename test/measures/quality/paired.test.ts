import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { qualityFlips } from "../../../src/measures/quality/flips";
import { qualityPairs } from "../../../src/measures/quality/paired";
import { mcnemar } from "../../../src/stats/mcnemar";
import { pairedDifference } from "../../../src/stats/pairedDifference";
import { thorough } from "../../property";
import { near } from "../../same";
import { type Call, withCalls } from "../calls";
import { type Judgement, putScores } from "../scores";

/** For each side the scores of items p0, p1, ...; several runs of an item as an array. */
async function withSides<T>(
  sides: Record<string, (number | number[])[]>,
  work: (store: Parameters<Parameters<typeof withCalls>[1]>[0]) => Promise<T>,
  { column = "model", name = "good", more = {} as Call } = {},
): Promise<T> {
  const calls: Call[] = [];
  const scores: Judgement[] = [];
  for (const [side, items] of Object.entries(sides))
    for (const [at, item] of items.entries())
      for (const [run, value] of [item].flat().entries()) {
        const call_id = `${side}:${at}:${run}`;
        calls.push({ call_id, prompt_id: `p${at}`, ...more, [column]: side });
        scores.push({ call: call_id, value, name });
      }
  return withCalls(calls, async (store) => {
    await putScores(store, scores);
    return work(store);
  });
}
const right = [1, 1, 1, 1, 0, 1, 1, 1, 0, 1];
const wrong = [1, 0, 1, 0, 0, 1, 0, 0, 1, 1];
const options = { score: "good" };

describe("two models on the same items", () => {
  thorough("differ as their items do, with McNemar's p", () =>
    withSides({ alder: right, birch: wrong }, async (store) => {
      const { rows, by } = await qualityPairs(store, options);
      assert.deepEqual(by, ["a", "b"]);
      const [row] = rows;
      const wanted = pairedDifference(right, wrong);
      for (const end of ["value", "low", "high"] as const) near(row.difference[end], wanted[end], end);
      assert.deepEqual([row.a, row.b, row.items, row.only_a, row.only_b], ["alder", "birch", 10, 4, 1]);
      assert.deepEqual([row.p, row.p_holm, row.mean_a, row.mean_b], [mcnemar(4, 1), mcnemar(4, 1), 0.8, 0.5]);
      const turned = (await qualityPairs(store, { ...options, a: "birch", b: "alder" })).rows[0];
      near(turned.difference.value, -wanted.value, "turned");
    }),
  );

  test("are averaged over the runs of an item, and compared by t then", () =>
    withSides(
      { alder: [[1, 1, 0], [1, 1], 1, [0, 1]], birch: [[0, 0, 1], 0, 1, [0, 1], 1] },
      async (store) => {
        const [row] = (await qualityPairs(store, options)).rows;
        assert.equal(row.items, 4);
        near(row.difference.value, (1 / 3 + 1) / 4, "the mean of item differences");
        assert.deepEqual([row.only_a, row.only_b], [2, 0]);
        const d = [1 / 3, 1, 0, 0];
        const sd = Math.sqrt(d.reduce((sum, x) => sum + (x - 1 / 3) ** 2, 0) / 3);
        // P(|t| > 1.414) on 3 degrees of freedom.
        near(1 / 3 / (sd / 2), Math.SQRT2, "t");
        near(row.p, 0.2522, "p", 1e-3);
      },
    ));

  test("are all pairs, of which Holm takes account", () =>
    withSides({ alder: right, birch: wrong, cedar: right.map(() => 0) }, async (store) => {
      const { rows } = await qualityPairs(store, options);
      assert.deepEqual(
        rows.map(({ a, b }) => `${a} ${b}`),
        ["alder birch", "alder cedar", "birch cedar"],
      );
      const least = rows.reduce((one, row) => (row.p < one.p ? row : one));
      near(least.p_holm, 3 * least.p, "the smallest of three");
    }));

  test("of a fault the one with less of it is right", () =>
    withSides(
      { alder: [1, 1, 0], birch: [0, 0, 0] },
      async (store) => {
        const [row] = (await qualityPairs(store, { score: "hallucination" })).rows;
        assert.deepEqual([row.only_a, row.only_b], [0, 2]);
      },
      { name: "hallucination" },
    ));

  test("may be wordings of the same items instead", () =>
    withSides(
      { clean: [0.9, 0.8, 0.7], messy: [0.5, 0.8, 0.6] },
      async (store) => {
        const { rows, by } = await qualityPairs(store, { ...options, compare: "prompt_version" });
        assert.deepEqual(by, ["model", "a", "b"]);
        assert.deepEqual(
          [rows[0].model, rows[0].a, rows[0].b, rows[0].only_a, rows[0].only_b],
          ["alder", "clean", "messy", 2, 0],
        );
        near(rows[0].difference.value, 0.5 / 3, "clean less messy");
      },
      { column: "prompt_version", more: { model: "alder" } },
    ));

  thorough("without an item in common cannot be compared; sides that are none are refused", () =>
    withSides({ alder: [1, 0], birch: [] }, async (store) => {
      const { rows, notes } = await qualityPairs(store, options);
      assert.deepEqual(rows, []);
      assert.ok(notes.some((note) => note.startsWith("No two sides have a score on the same prompt_id")));
      await assert.rejects(
        qualityPairs(store, { ...options, a: "alder", b: "cedar" }),
        /one of alder, got "cedar"/,
      );
      await assert.rejects(
        qualityPairs(store, { ...options, a: "alder" }),
        /both a and b or neither, got "alder" alone/,
      );
      await assert.rejects(qualityPairs(store, { ...options, by: "workload" }), /by to include "model"/);
      await assert.rejects(qualityPairs(store, { ...options, rater: "judge" }), /one of human, got "judge"/);
      await assert.rejects(
        qualityPairs(store, { ...options, compare: "" }),
        /requires compare to be a column of calls/,
      );
    }),
  );
});

describe("qualityFlips", () => {
  test("are the items that one gets right and the other wrong", () =>
    withSides({ alder: right, birch: wrong }, async (store) => {
      const { rows } = await qualityFlips(store, options);
      assert.deepEqual(
        rows.map(({ prompt_id, better }) => `${prompt_id} ${better}`),
        ["p1 alder", "p3 alder", "p6 alder", "p7 alder", "p8 birch"],
      );
      assert.equal((await qualityFlips(store, { ...options, limit: 1 })).rows.length, 2);
      await assert.rejects(qualityFlips(store, { ...options, limit: 0 }), /whole number of items >= 1/);
      const named = await qualityFlips(store, { ...options, pair: "birch, alder" });
      assert.deepEqual(named.rows[0], { ...rows[4], a: "birch", b: "alder", score_a: 1, score_b: 0 });
      await assert.rejects(qualityFlips(store, { ...options, pair: "birch" }), /requires two names/);
    }));
});
