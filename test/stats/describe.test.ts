import assert from "node:assert/strict";
import { test } from "node:test";
import { describe } from "../../src/stats/describe";

test("a sample is described by plain numbers, quartiles of type 7", () => {
  assert.deepEqual(describe([10, 1, 3, 2]), {
    n: 4,
    mean: 4,
    standardDeviation: Math.sqrt(50 / 3),
    skewness: describe([1, 2, 3, 10]).skewness,
    min: 1,
    lowerQuartile: 1.75,
    median: 2.5,
    upperQuartile: 4.75,
    max: 10,
    medianDeviation: 1,
  });
});

test("what a sample is too small for is NaN, never 0", () => {
  const { n, mean, median } = describe([]);
  assert.deepEqual([n, mean, median], [0, Number.NaN, Number.NaN]);
  assert.equal(describe([5]).standardDeviation, Number.NaN);
  assert.equal(describe([5, 6]).skewness, Number.NaN);
});

test("NaN throws unless dropped", () => {
  assert.throws(() => describe([1, Number.NaN]), RangeError);
  assert.equal(describe([1, Number.NaN], { nan: "drop" }).n, 1);
});
