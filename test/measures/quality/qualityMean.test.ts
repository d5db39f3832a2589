import assert from "node:assert/strict";
import { test } from "node:test";
import { type ScoreSums, standardError } from "../../../src/measures/quality/qualityMean";

test("clusters with the same mean have a standard error of 0, whatever their sums were rounded to", () => {
  const sums = (residual_squares: number) =>
    ({ n: 30, clusters: 10, deviations: 20 / 3, residual_squares }) as ScoreSums;
  assert.equal(standardError(sums(1.2e-31), "prompt_id"), 0);
  assert.equal(standardError(sums(0.9), "prompt_id"), Math.sqrt((0.9 * 10) / 9) / 30);
});
