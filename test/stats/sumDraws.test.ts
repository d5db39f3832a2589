import assert from "node:assert/strict";
import { test } from "node:test";
import { drawnEstimate, sumDraws } from "../../src/stats/sumDraws";

test("all columns are summed over the same draws, which a seed fixes", () => {
  const column = Float64Array.from({ length: 40 }, (_, i) => i);
  const [sums, twice, counts] = sumDraws([column, column.map((x) => 2 * x), column.map(() => 1)], {
    seed: 4,
  });
  assert.deepEqual(
    Array.from(twice),
    Array.from(sums, (x) => 2 * x),
  );
  assert.ok(
    counts.every((count) => count === 40),
    "as many clusters as there are",
  );
  assert.deepEqual(sumDraws([column], { seed: 4 })[0], sums);
  assert.notDeepEqual(sumDraws([column], { seed: 5 })[0], sums);
  const mean = sums.reduce((a, b) => a + b, 0) / sums.length;
  const sd = Math.sqrt(sums.reduce((a, b) => a + (b - mean) ** 2, 0) / sums.length);
  assert.ok(Math.abs(mean - 780) < 6 && Math.abs(sd - Math.sqrt(40 * (1599 / 12))) < 4, `${mean} ${sd}`);
});

test("columns of different length are refused", () =>
  assert.throws(() => sumDraws([[1, 2], [1]]), /columns of one length, got 2 and 1/));

test("bounds hold the middle of the draws, and what is not a number counts as infinite", () => {
  const draws = Float64Array.from({ length: 1001 }, (_, i) => i);
  const { low, high } = drawnEstimate(500, draws, { n: 100, clusters: 1e6 });
  assert.ok(Math.abs(low - 25) < 0.1 && Math.abs(high - 975) < 0.1);
  const open = drawnEstimate(
    500,
    draws.map((x) => (x > 900 ? Number.NaN : x)),
    { n: 100, clusters: 100 },
  );
  assert.equal(open.high, Number.POSITIVE_INFINITY);
});
