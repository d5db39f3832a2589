import assert from "node:assert/strict";
import { test } from "node:test";
import { studentisedRangeQuantile } from "../../src/stats/studentisedRange";
import { studentTQuantile } from "../../src/stats/studentT";
import { near } from "../same";

test("the studentised range has the quantiles of Tukey's tables", () => {
  for (const [groups, degrees, expected] of [
    [6, 59, 2.945],
    [6, 11, 3.41],
    [5, 5, 4.012],
    [5, 7, 3.578],
    [12, 24, 3.606],
  ])
    near(
      studentisedRangeQuantile(0.95, groups, degrees) / Math.SQRT2,
      expected,
      `${groups} ${degrees}`,
      5e-4,
    );
  near(studentisedRangeQuantile(0.95, 12, 2) / Math.SQRT2, 10.43, "two degrees", 5e-3);
});

test("of two means it is Student's t, however few degrees", () => {
  for (const degrees of [1, 2, 7, 60])
    near(
      studentisedRangeQuantile(0.95, 2, degrees) / Math.SQRT2,
      studentTQuantile(0.975, degrees),
      `${degrees}`,
      1e-6,
    );
});

test("takes the degrees of many clusters and models, whole or not", () => {
  const at = (degrees: number) => studentisedRangeQuantile(0.95, 12, degrees) / Math.SQRT2;
  // With degrees without end: the tables' 4.622.
  near(at(1e6), 4.622 / Math.SQRT2, "a million", 5e-4);
  assert.ok(at(54.5) < at(54) && at(54.5) > at(55) && at(1.2) < at(1));
});

test("fewer than two groups and less than one degree are refused", () => {
  assert.throws(() => studentisedRangeQuantile(0.95, 1, 5), /requires a whole groups >= 2, got 1/);
  assert.throws(() => studentisedRangeQuantile(0.95, 3, 0), /requires degrees of freedom >= 1, got 0/);
});
