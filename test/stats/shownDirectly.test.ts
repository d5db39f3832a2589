import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Comparisons } from "../../src/stats/comparisons";
import { random } from "../../src/stats/random";
import { notShownDirectly } from "../../src/stats/shownDirectly";

/** So many comparisons of each pair of three models, with the share that the first of the two wins. */
function comparisonsOf(pairs: [first: number, second: number, n: number, share: number][]): Comparisons {
  const rows = pairs.flatMap(([first, second, n, share]) =>
    Array.from({ length: n }, (_, at) => ({ first, second, preferred: (at * 0.618) % 1 < share ? 1 : 0 })),
  );
  const of = (name: "first" | "second" | "preferred") => rows.map((row) => row[name]);
  return { first: of("first"), second: of("second"), preferred: of("preferred") };
}

describe("what a model's comparisons with each other one show by themselves", () => {
  test("is nothing of a model that it hardly met, however much it beats those that beat that one", () => {
    const some = comparisonsOf([
      [0, 1, 200, 0.7],
      [1, 2, 200, 0.7],
      [0, 2, 6, 0.67],
    ]);
    assert.deepEqual(notShownDirectly(some, 0, { models: 3 }), [2]);
    const all = comparisonsOf([
      [0, 1, 200, 0.7],
      [2, 0, 200, 0.3],
    ]);
    assert.deepEqual(notShownDirectly(all, 0, { models: 3 }), []);
  });

  test("is told of one that always won as of coins that all fell alike", () => {
    const won = (n: number) => comparisonsOf([[0, 1, n, 1]]);
    assert.deepEqual(
      [4, 5].map((n) => notShownDirectly(won(n), 0, { models: 2 })),
      [[1], []],
    );
    // Three raters who all prefer it are three coins, however often each did.
    const raters = { ...won(60), clusters: [Array.from({ length: 60 }, (_, at) => at % 3)] };
    assert.deepEqual(notShownDirectly(raters, 0, { models: 2 }), [1]);
  });

  test("is false of an equal in about 5 of 100", () => {
    const found = Array.from({ length: 300 }, (_, log) => {
      const r = random(log);
      const preferred = Array.from({ length: 120 }, () => (r.uniform() < 0.5 ? 1 : 0));
      const equal = { first: preferred.map(() => 0), second: preferred.map(() => 1), preferred };
      return notShownDirectly(equal, 0, { models: 2 }).length === 0;
    });
    const share = found.filter(Boolean).length / 300;
    assert.ok(share > 0.02 && share < 0.08, String(share));
  });
});
