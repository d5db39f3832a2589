import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { dominance, dominanceNotes } from "../../../src/measures/latency/dominance";
import { numberNamed } from "../../../src/measures/latency/number";
import type { Estimate } from "../../../src/stats/estimate";

/** Deciles around 10, 20 ... 90 seconds with a standard error of 1, moved by so many errors of a difference. */
const row = (model: string, moved: (decile: number) => number) => ({
  model,
  quantiles: Object.fromEntries(
    [1, 2, 3, 4, 5, 6, 7, 8, 9].map((decile): [string, Estimate] => {
      const value = 10 * decile + Math.SQRT2 * moved(decile);
      const about = { level: 0.95, method: "", n: 5000, clusters: 5000, clusterBy: "", unit: "tokens/s" };
      return [String(decile / 10), { value, low: value - 1.96, high: value + 1.96, ...about }];
    }),
  ),
});
const still = row("a", () => 0);
const others = (count: number) => Array.from({ length: count }, (_, at) => row(`x${at}`, () => 0));

describe("models compared decile by decile", () => {
  test("one decile apart by 2.5 errors is not shown among nine, by 4 it is", () => {
    const apart = (errors: number) => dominance([[still, row("b", (decile) => (decile === 3 ? errors : 0))]]);
    assert.deepEqual(apart(2.5), [{ lower: [], higher: [] }]);
    assert.deepEqual(apart(4), [{ lower: [0.3], higher: [] }]);
  });

  test("all deciles apart by 2.5 errors are shown of two models, and not among the pairs of six", () => {
    const b = row("b", () => 2.5);
    const every = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];
    assert.deepEqual(dominance([[still, b]]), [{ lower: every, higher: [] }]);
    const pairs = [[still, b] as const, ...others(14).map((one) => [still, one] as const)];
    assert.deepEqual(dominance(pairs)[0], { lower: [], higher: [] });
  });

  test("a pair with an unknown decile is left out", () => {
    const b = row("b", () => 9);
    b.quantiles["0.9"] = { ...b.quantiles["0.9"], value: Number.NaN };
    assert.deepEqual(dominance([[still, b]]), [undefined]);
    assert.deepEqual(
      dominanceNotes([still, b], ["model"], numberNamed("latencyDistribution", "duration")),
      [],
    );
  });
});
