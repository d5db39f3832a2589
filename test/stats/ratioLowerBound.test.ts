import assert from "node:assert/strict";
import { test } from "node:test";
import { clopperPearson } from "../../src/stats/rate";
import { ratioLowerBound } from "../../src/stats/ratioLowerBound";

test("the bound is the sum over the one-sided Clopper-Pearson bound of the number of events", () => {
  for (const trials of [1, 7, 120]) {
    // A two-sided interval of 90 % has the one-sided bound of 95 % as its end.
    const most = trials * clopperPearson(0, trials, { level: 0.9 }).high;
    const { value, low, high, n } = ratioLowerBound(12, { trials });
    assert.ok(Number.isNaN(value));
    assert.ok(Math.abs(low - 12 / most) < 1e-12 * low);
    assert.deepEqual([high, n], [Number.POSITIVE_INFINITY, trials]);
  }
});

test("fewer effective clusters bound less, and a higher level bounds less", () => {
  const plain = ratioLowerBound(12, { trials: 100 }).low;
  assert.ok(ratioLowerBound(12, { trials: 100, clusters: 20, effective: 14.5 }).low < plain);
  assert.ok(ratioLowerBound(12, { trials: 100, level: 0.99 }).low < plain);
});

test("nothing tried bounds nothing, and a sum below 0 has no bound", () => {
  for (const estimate of [ratioLowerBound(12, { trials: 0 }), ratioLowerBound(-1, { trials: 10 })]) {
    assert.ok(Number.isNaN(estimate.low) && Number.isNaN(estimate.high));
    assert.ok(estimate.note);
  }
});
