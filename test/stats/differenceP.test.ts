import assert from "node:assert/strict";
import { test } from "node:test";
import { differenceP } from "../../src/stats/differenceP";
import type { Estimate } from "../../src/stats/estimate";
import { studentTQuantile } from "../../src/stats/studentT";

const estimate = (value: number, error: number, clusters = 500): Estimate => {
  const reach = studentTQuantile(0.975, clusters - 1) * error;
  return {
    ...{ value, low: value - reach, high: value + reach, level: 0.95, method: "t-cluster" },
    ...{ n: clusters, clusters, clusterBy: "user_id", unit: "tokens/s" },
  };
};

test("the p-value of a difference is the level at which its interval just excludes 0", () => {
  const [a, b] = [estimate(100, 1), estimate(100 + 1.965 * Math.SQRT2, 1)];
  assert.ok(Math.abs(differenceP(a, b) - 0.05) < 0.002, String(differenceP(a, b)));
  assert.equal(differenceP(a, a), 1);
  assert.ok(differenceP(estimate(100, 1, 4), estimate(110, 1, 4)) > differenceP(a, estimate(110, 1)));
});
