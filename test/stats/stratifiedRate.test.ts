import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { wilson } from "../../src/stats/rate";
import { stratifiedRate } from "../../src/stats/stratifiedRate";

describe("the rate of a whole from samples of its strata", () => {
  test("weighs each stratum by its size, not by how much of it was drawn", () => {
    const { value, n } = stratifiedRate([
      { size: 900, rate: wilson(1, 10) },
      { size: 100, rate: wilson(45, 90) },
    ]);
    assert.equal(value.toFixed(4), "0.1400");
    assert.equal(n, 100);
  });

  test("has the interval of its only stratum", () => {
    const one = wilson(3, 20);
    const { low, high } = stratifiedRate([{ size: 7, rate: one }]);
    assert.ok(Math.abs(low - one.low) < 1e-12 && Math.abs(high - one.high) < 1e-12);
  });

  test("keeps what a stratum without any event may still hold", () => {
    const seen = { size: 100, rate: wilson(50, 100) };
    const { high } = stratifiedRate([seen, { size: 900, rate: wilson(0, 10) }]);
    assert.ok(high > 0.05 + 0.9 * wilson(0, 10).high * 0.99, `${high}`);
  });

  test("takes a stratum of which nothing was drawn to be anything, and says so", () => {
    const { value, low, high, note } = stratifiedRate(
      [
        { size: 100, rate: wilson(50, 100) },
        { size: 300, rate: wilson(0, 0) },
      ],
      { counted: "tasks" },
    );
    assert.equal(value, 0.5);
    assert.ok(low <= 0.5 / 4 && high >= 1 - 0.5 / 4, `${low} ${high}`);
    assert.match(note ?? "", /300 of 400 tasks are of kinds of which none was drawn/);
  });

  test("is unknown if nothing was drawn", () => {
    const { value, note } = stratifiedRate([{ size: 5, rate: wilson(0, 0) }], { counted: "tasks" });
    assert.ok(Number.isNaN(value));
    assert.equal(note, "no tasks");
  });
});
