import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { eValue, nearestToOne, oddsFactor } from "../../src/stats/eValue";
import { fc } from "../property";

describe("the E-value", () => {
  test("is that of the paper for a risk ratio of 3.9 [1.8, 8.7]", () => {
    const found = { value: 3.9, low: 1.8, high: 8.7 };
    assert.equal(eValue(found.value).toFixed(2), "7.26");
    assert.equal(eValue(nearestToOne(found)).toFixed(1), "3.0");
  });
  test("of no effect is 1, of a boundless one infinite, of an unknown one unknown", () => {
    assert.deepEqual([1, 0, Number.POSITIVE_INFINITY, 1e300].map(eValue), [1, Infinity, Infinity, 2e300]);
    assert.ok(Number.isNaN(eValue(Number.NaN)));
    assert.throws(() => eValue(-0.5), /eValue requires ratio >= 0, got -0\.5/);
  });
  test("has its place with rates: a quantile moves as far as the odds of lying below it are shifted", () => {
    assert.equal(oddsFactor(0.607, 0.5).toFixed(3), "1.545");
    assert.ok(Math.abs(oddsFactor(1 - 0.607, 0.5) / oddsFactor(0.607, 0.5) - 1) < 1e-12);
    assert.deepEqual([oddsFactor(0.95, 0.95), oddsFactor(1, 0.5)], [1, Number.POSITIVE_INFINITY]);
  });
  const ratio = fc.double({ min: 1, max: 1e6, noNaN: true });
  test("is that of the inverse, grows with the ratio, and bounds the ratio that two causes make", () =>
    fc.assert(
      fc.property(ratio, ratio, (x, y) => {
        const [low, high] = [Math.min(x, y), Math.max(x, y)];
        assert.ok(Math.abs(eValue(1 / x) / eValue(x) - 1) < 1e-6);
        assert.ok(eValue(low) <= eValue(high));
        // The bounding factor of two associations as strong as the E-value is the ratio itself.
        const e = eValue(x);
        assert.ok(Math.abs((e * e) / (2 * e - 1) / x - 1) < 1e-9);
      }),
    ));
  test("of an interval is at the end nearer to 1, which is 1 if the interval holds it", () => {
    const near = (low: number, high: number) => nearestToOne({ low, high });
    assert.deepEqual([near(1.8, 8.7), near(0.8, 1.2), near(0.25, 0.5)], [1.8, 1, 2]);
    assert.ok(Number.isNaN(near(Number.NaN, 2)));
  });
});
