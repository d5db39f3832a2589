import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { leastEnough } from "../../../src/decide/plan/leastEnough";
import { normalCdf, normalQuantile } from "../../../src/stats/normal";
import { fc } from "../../property";

/** The power of a normal test whose statistic is `scale` at an amount of 1. */
const power = (scale: number, growth: number) => (amount: number) =>
  normalCdf(scale * amount ** growth - 1.96);

describe("the least amount that is enough", () => {
  test("is within half a percent of the true one, with few amounts tried", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 50, noNaN: true }),
        fc.constantFrom(0.5, 1),
        fc.double({ min: 0.3, max: 0.97, noNaN: true }),
        (scale, growth, target) => {
          let tried = 0;
          const chance = (amount: number) => {
            tried++;
            return power(scale, growth)(amount);
          };
          const truth = ((normalQuantile(target) + 1.96) / scale) ** (1 / growth);
          const found = leastEnough(chance, target, { start: 1, range: [1e-7, 1e7], growth });
          assert.ok(found >= truth * (1 - 1e-9) && found <= truth * 1.0051, `${found} for ${truth}`);
          assert.ok(tried <= 16, `${tried} tried`);
        },
      ),
    );
  });

  test("is found in a chance that grows in steps", () => {
    const steps = (amount: number) => Math.min(1, Math.floor(amount * 10) / 100);
    const found = leastEnough(steps, 0.8, { start: 1, range: [1e-3, 1e3], growth: 0.5 });
    assert.ok(found >= 8 && found < 8.05, String(found));
  });

  test("is the same for chances that differ in the last digits", () => {
    const search = { start: 1, range: [1e-7, 1e7] as const, growth: 0.5 };
    for (const scale of [0.03, 0.4, 0.71, 2.2, 9]) {
      const nearly = (amount: number) => power(scale, 0.5)(amount) * (1 + 1e-13);
      assert.equal(leastEnough(nearly, 0.8, search), leastEnough(power(scale, 0.5), 0.8, search));
    }
  });

  test("is Infinity where no chance is defined", () => {
    const search = { start: 1, range: [0.01, 100] as const, growth: 0.5 };
    assert.equal(
      leastEnough(() => Number.NaN, 0.8, search),
      Number.POSITIVE_INFINITY,
    );
  });

  test("is Infinity where the most is not enough, and at most the first guess where the least is", () => {
    const search = { start: 1, range: [0.01, 100] as const, growth: 0.5 };
    assert.equal(
      leastEnough(() => 0.1, 0.8, search),
      Number.POSITIVE_INFINITY,
    );
    assert.equal(leastEnough(() => 0.9, 0.8, search).toFixed(6), "0.010000");
  });
});
