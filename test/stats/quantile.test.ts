import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { interpolateRank, quantile } from "../../src/stats/quantile";
import { observationsNeeded, quantileRanks, ranksToFetch } from "../../src/stats/quantileRanks";
import { fc } from "../property";
import { close, golden } from "./golden";

describe("quantiles", () => {
  test("type 7 agrees with R on ties, constants, single values and 1e300", () => {
    for (const c of golden("quantile").cases)
      for (const [i, p] of c.p.entries()) close(quantile(c.x, p), c.type7[i], `${c.name} p ${p}`);
  });
  test("the input keeps its order and typed arrays give the same answer", () => {
    const values = [5, 1, 4, 2, 3];
    assert.equal(quantile(values, 0.3), quantile(Float32Array.from(values), 0.3));
    assert.deepEqual(values, [5, 1, 4, 2, 3]);
  });
  test("a weight of 2 is a doubled row and a weight of 0 is no row", () => {
    const weighted = { values: [1, 2, 3, 9], weights: [1, 2, 0, 3] };
    for (const p of [0, 0.1, 0.35, 0.5, 0.8, 1])
      assert.equal(quantile(weighted, p), quantile([9, 2, 9, 1, 9, 2], p));
  });
  test("large samples are selected, not sorted, with the same result", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true }), { minLength: 1, maxLength: 3000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (values, p) => {
          const sorted = Float64Array.from(values).sort();
          const h = (values.length - 1) * p;
          const result = quantile(values, p);
          if (Number.isNaN(result)) return;
          assert.ok(result >= sorted[Math.floor(h)]! && result <= sorted[Math.ceil(h)]!);
        },
      ),
      { seed: 2, numRuns: 200 },
    );
  });
  test("infinities are values, and do not leak into a whole rank", () => {
    assert.equal(quantile([1, 2, 3, Infinity, Infinity], 0.5), 3);
    assert.equal(quantile([1, 2, 3, Infinity], 0.9), Infinity);
    assert.equal(quantile([-Infinity, 5], 0), -Infinity);
    assert.equal(
      interpolateRank(3, (k) => [1, 2, 3, Infinity][k - 1]!),
      3,
    );
  });
  test("an empty sample has no quantile; NaN, text, BigInt and percentages are refused with what to do", () => {
    assert.ok(Number.isNaN(quantile([], 0.5)));
    assert.equal(quantile([7], 0.99), 7);
    assert.throws(() => quantile([1, 2], 95), /quantile requires 0 <= p <= 1, got 95; did you mean 0.95\?/);
    assert.throws(() => quantile([1, NaN], 0.5), /got NaN at index 1; use nan: "drop"/);
    assert.equal(quantile([1, NaN, 3], 0.5, { nan: "drop" }), 2);
    assert.throws(() => quantile(["1"] as unknown as number[], 0.5), /requires numbers, got "1" at index 0/);
    assert.throws(() => quantile([1n] as unknown as number[], 0.5), /the BigInt 1n at index 0; convert it/);
    assert.throws(() => quantile(3 as unknown as number[], 0.5), TypeError);
    assert.throws(() => quantile({ values: [2, 1], weights: [1, 1] }, 0.5), /ascending and distinct/);
    assert.throws(() => quantile({ values: [1, 2], weights: [1, -1] }, 0.5), /finite weights >= 0, got -1/);
  });
});

describe("ranks of quantile bounds", () => {
  test("exact-order ranks agree with the binomial definition", () => {
    for (const c of golden("order_statistic_ci").cases) {
      if (c.n === undefined) {
        for (const row of c.minimum_n)
          assert.equal(
            observationsNeeded(row.p, { level: row.confidence }),
            row.n_two_sided_both,
            `${row.p}`,
          );
        continue;
      }
      const { low, high } = quantileRanks(c.n, c.p, { level: c.confidence, method: "exact-order" });
      assert.equal(low < 1 ? null : low, c.lower_rank, `n ${c.n} p ${c.p} low`);
      assert.equal(high > c.n ? null : high, c.upper_rank, `n ${c.n} p ${c.p} high`);
    }
  });
  test("fractional ranks lie inside the exact ones and near the nominal tails", () => {
    for (const [n, p] of [
      [100, 0.5],
      [1000, 0.99],
      [1e6, 0.999],
      [20, 0.2],
    ] as const) {
      const whole = quantileRanks(n, p, { method: "exact-order" });
      const real = quantileRanks(n, p);
      assert.ok(real.low >= whole.low - 1e-9 && real.low <= whole.low + 1, `low ${real.low} ${whole.low}`);
      assert.ok(
        real.high <= whole.high + 1e-9 && real.high >= whole.high - 1,
        `high ${real.high} ${whole.high}`,
      );
    }
  });
  test("the upper rank passes n exactly where n falls below the need", () => {
    for (const p of [0.5, 0.95, 0.99, 0.999]) {
      const { needed } = quantileRanks(10, p);
      assert.ok(quantileRanks(needed, p).high <= needed, `p ${p}`);
      assert.ok(quantileRanks(needed - 1, p).high > needed - 1, `p ${p}`);
    }
    assert.deepEqual(
      [0.95, 0.99, 0.999].map((p) => observationsNeeded(p, { level: 0.95 })),
      [72, 368, 3688],
    );
  });
  test("the engine is asked for at most six order statistics, all within the sample", () => {
    for (const n of [1, 2, 7, 368, 100000])
      for (const p of [0, 0.5, 0.99, 1]) {
        const wanted = ranksToFetch(quantileRanks(n, p));
        assert.ok(wanted.length > 0 && wanted.length <= 6 && wanted[0]! >= 1 && wanted.at(-1)! <= n);
      }
    assert.deepEqual(ranksToFetch(quantileRanks(0, 0.5)), []);
    assert.throws(
      () => quantileRanks(10, 0.5, { level: 95 }),
      /requires 0 < level < 1, got 95; did you mean 0.95\?/,
    );
    assert.throws(() => quantileRanks(10.5, 0.5), /requires a whole n >= 0, got 10.5/);
  });
});
