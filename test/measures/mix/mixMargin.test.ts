import assert from "node:assert/strict";
import { test } from "node:test";
import { type Ladder, ladderQuantile, quantileMargin } from "../../../src/measures/mix/mixMargin";

test("the share below a wait goes back from the quantile, also within buckets of many calls", () => {
  const ladder: Ladder = {
    x: [1, 2, 4, 9],
    weights: [30, 50, 15, 5],
    censored: [false, false, false, false],
  };
  for (const p of [0.2, 0.5, 0.9, 0.95]) {
    const { value, below } = quantileMargin(ladder, 100, p, 0.002, 0.95);
    assert.equal(value, ladderQuantile(ladder, 100, p));
    assert.ok(Math.abs(below!(value) - p) < 1e-9, `${p}: ${below!(value)}`);
  }
  const { below } = quantileMargin(ladder, 100, 0.5, 0.002, 0.95);
  assert.deepEqual([below!(0.5), below!(10)], [0, 1]);
});
