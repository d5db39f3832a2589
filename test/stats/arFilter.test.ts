import assert from "node:assert/strict";
import { test } from "node:test";
import { arSums } from "../../src/stats/arFilter";

test("products by the covariance of an AR(1) process with noise are those of its inverse", () => {
  // Two days, two apart: covariance [[1 + 2, 2 * .25], [.5, 4 + 2]], its inverse by hand.
  const { products, logs } = arSums(
    {
      days: [0, 2],
      own: [1, 4],
      columns: [
        [1, 1],
        [2, -1],
      ],
    },
    2,
    0.5,
  );
  const determinant = 3 * 6 - 0.25;
  assert.ok(Math.abs(logs - Math.log(determinant)) < 1e-12);
  assert.ok(Math.abs(products[0][0] - (6 + 3 - 1) / determinant) < 1e-12);
  assert.ok(Math.abs(products[1][0] - (2 * 6 - 0.5 * (2 - 1) - 3) / determinant) < 1e-12);
  assert.ok(Math.abs(products[1][1] - (4 * 6 + 3 + 2) / determinant) < 1e-12);
});

test("a determinant too large for a number still has its logarithm", () => {
  const days = Array.from({ length: 400 }, (_, day) => day);
  const { logs } = arSums({ days, own: days.map(() => 1e6), columns: [days] }, 0, 0);
  assert.ok(Math.abs(logs - 400 * Math.log(1e6)) < 1e-6);
});
