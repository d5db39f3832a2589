import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Estimate } from "../../src/stats/estimate";
import { marginalOf } from "../../src/stats/marginal";
import { normalQuantile } from "../../src/stats/normal";
import { fc } from "../property";
import { near } from "../same";

const estimate = (value: number, low: number, high: number, unit = "s"): Estimate => ({
  value,
  low,
  high,
  level: 0.95,
  method: "",
  n: 100,
  clusters: 100,
  clusterBy: "user_id",
  unit,
});
const end = normalQuantile(0.975);

describe("the draws of an estimate", () => {
  test("have its value in the middle and the ends of its interval where they belong", () =>
    fc.assert(
      fc.property(
        fc.double({ min: 0.1, max: 10, noNaN: true }),
        fc.double({ min: 0.01, max: 0.9, noNaN: true }),
        fc.double({ min: 0.01, max: 3, noNaN: true }),
        fc.boolean(),
        (value, down, up, higher) => {
          const marginal = marginalOf(estimate(value, value * (1 - down), value * (1 + up)), higher);
          assert.ok(marginal);
          near(marginal(0), value);
          near(marginal(-end), value * (1 - down));
          near(marginal(end), value * (1 + up));
          let before = 0;
          for (let z = -6; z <= 6; z += 0.25) {
            const drawn = marginal(z);
            assert.ok(drawn >= before, "ever higher, never below 0");
            before = drawn;
          }
        },
      ),
    ));

  test("are shares where the estimate is one", () => {
    const marginal = marginalOf(estimate(0.01, 0, 0.04, "1"), false);
    assert.equal(marginal?.(-3), 0);
    assert.ok((marginal?.(40) as number) <= 1);
    near(marginal?.(end) as number, 0.04);
  });

  test("go without bound on the bad side that has no end, in half of the draws", () => {
    const slow = marginalOf(estimate(2, 1, Infinity), false);
    assert.equal(slow?.(0.01), Infinity);
    assert.ok((slow?.(-0.01) as number) < 2);
    const few = marginalOf(estimate(2, -Infinity, 3, ""), true);
    assert.equal(few?.(-0.01), -Infinity);
  });

  test("are bounded where only an end is known, as the cost of nothing resolved", () => {
    const dear = marginalOf(estimate(Number.NaN, 0.4, Infinity, "USD/resolved task"), false);
    assert.deepEqual([dear?.(-1), dear?.(1)], [0.4, Infinity]);
  });

  test("do not exist where the good side has no end or nothing is known", () => {
    assert.equal(marginalOf(estimate(2, -Infinity, 3, ""), false), undefined);
    assert.equal(marginalOf(estimate(2, 1, Infinity, "tokens/s"), true), undefined);
    assert.equal(marginalOf(estimate(Number.NaN, Number.NaN, Number.NaN), false), undefined);
  });
});
