import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { kendall } from "../../src/stats/kendall";
import { midranks } from "../../src/stats/midranks";
import { pearson } from "../../src/stats/pearson";
import { spearman } from "../../src/stats/spearman";
import { weightedTau } from "../../src/stats/weightedTau";
import { fc } from "../property";
import { close, golden } from "./golden";

interface Case {
  name: string;
  x: number[];
  y: number[];
  pearson: number;
  spearman: number;
  kendall_tau_b: number;
  weightedtau: number;
  weightedtau_rank_none: number;
  rank_avg_x: number[];
}
const cases: Case[] = golden("correlation").cases;

const coarse = fc.array(fc.tuple(fc.integer({ min: -4, max: 4 }), fc.integer({ min: -4, max: 4 })), {
  minLength: 2,
  maxLength: 30,
});
const split = (pairs: [number, number][]) => [pairs.map(([a]) => a), pairs.map(([, b]) => b)] as const;

function kendallByPairs(x: readonly number[], y: readonly number[]): number {
  let score = 0;
  let untiedX = 0;
  let untiedY = 0;
  for (let i = 0; i < x.length; i++)
    for (let j = 0; j < i; j++) {
      score += Math.sign(x[i] - x[j]) * Math.sign(y[i] - y[j]);
      if (x[i] !== x[j]) untiedX++;
      if (y[i] !== y[j]) untiedY++;
    }
  return untiedX && untiedY ? score / Math.sqrt(untiedX * untiedY) : Number.NaN;
}

describe("correlations against SciPy", () => {
  for (const c of cases)
    test(c.name, () => {
      midranks(c.x).forEach((rank, i) => {
        assert.equal(rank, c.rank_avg_x[i]);
      });
      close(pearson(c.x, c.y), c.pearson, "pearson", c.name.startsWith("big offset") ? 1e-7 : 1e-9);
      close(spearman(c.x, c.y), c.spearman, "spearman");
      close(kendall(c.x, c.y), c.kendall_tau_b, "kendall");
      close(weightedTau(c.x, c.y), c.weightedtau, "weighted tau");
      close(weightedTau(c.x, c.y, { rank: "first" }), c.weightedtau_rank_none, "weighted tau, first");
    });
});

describe("rank correlations", () => {
  test("kendall by merge sort equals counting every pair, with ties", () => {
    fc.assert(
      fc.property(coarse, (pairs) => {
        const [x, y] = split(pairs);
        close(kendall(x, y), kendallByPairs(x, y), "tau-b", 1e-12);
      }),
    );
  });
  test("a rising map of one side changes nothing, a falling one the sign", () => {
    fc.assert(
      fc.property(coarse, (pairs) => {
        const [x, y] = split(pairs);
        for (const correlation of [spearman, kendall, weightedTau]) {
          const cubed = x.map((v) => v ** 3 + 5);
          close(correlation(cubed, y), correlation(x, y), "rising", 1e-12);
        }
        for (const correlation of [spearman, kendall]) {
          const falling = x.map((v) => -(v ** 3));
          close(correlation(falling, y), -correlation(x, y), "falling", 1e-12);
        }
      }),
    );
  });
  test("the two sides can be exchanged and the rows shuffled", () => {
    fc.assert(
      fc.property(coarse, fc.integer({ min: 1, max: 29 }), (pairs, shift) => {
        const [x, y] = split(pairs);
        const [u, v] = split([...pairs.slice(shift % pairs.length), ...pairs.slice(0, shift % pairs.length)]);
        for (const correlation of [pearson, spearman, kendall, weightedTau]) {
          close(correlation(y, x), correlation(x, y), "exchanged", 1e-12);
          close(correlation(u, v), correlation(x, y), "shuffled", 1e-12);
        }
      }),
    );
  });
  test("every correlation lies between -1 and 1, and is 1 with itself", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 2, maxLength: 20 }),
        (x) => {
          const y = x.map((_, i) => (i * 7919) % 13);
          for (const correlation of [pearson, spearman, kendall, weightedTau]) {
            const r = correlation(x, y);
            assert.ok(Number.isNaN(r) || Math.abs(r) <= 1);
            const self = correlation(x, x);
            if (new Set(x.map((v) => v + 0)).size > 1) close(self, 1, "self", 1e-12);
            else assert.ok(Number.isNaN(self));
          }
        },
      ),
    );
  });
  test("weights by position follow the order given, and explicit ranks are the same", () => {
    const x = [3, 1, 2, 5, 4];
    const y = [1, 2, 3, 4, 5];
    assert.equal(
      weightedTau(x, y, { rank: "position" }),
      weightedTau(x, y, { rank: Float64Array.of(0, 1, 2, 3, 4) }),
    );
    assert.notEqual(weightedTau(x, y, { rank: "position" }), weightedTau(x, y));
  });
});

describe("awkward input", () => {
  const all = [pearson, spearman, kendall, weightedTau];
  test("no pair, one pair and a constant side give NaN", () => {
    for (const correlation of all) {
      assert.ok(Number.isNaN(correlation([], [])));
      assert.ok(Number.isNaN(correlation([1], [2])));
      assert.ok(Number.isNaN(correlation([1, 1, 1], [1, 2, 3])));
      assert.ok(Number.isNaN(correlation([1, 2, 3], [5, 5, 5])));
    }
    assert.deepEqual(midranks([]), new Float64Array(0));
  });
  test("NaN is propagated, or its pair dropped when asked", () => {
    for (const correlation of all) {
      assert.ok(Number.isNaN(correlation([1, Number.NaN, 3, 4], [1, 9, 4, 3])));
      const dropped = correlation([1, Number.NaN, 3, 4], [1, 9, 4, 3], { nan: "drop" });
      assert.equal(dropped, correlation([1, 3, 4], [1, 4, 3]));
      assert.ok(!Number.isNaN(dropped));
    }
    assert.deepEqual(midranks([Number.NaN, 5, 4]), Float64Array.of(Number.NaN, 2, 1));
    assert.equal(
      weightedTau([1, Number.NaN, 3, 4], [1, 9, 4, 3], { nan: "drop", rank: [2, 9, 1, 0] }),
      weightedTau([1, 3, 4], [1, 4, 3], { rank: [2, 1, 0] }),
    );
  });
  test("infinite values rank at the ends; Pearson has no answer for them", () => {
    assert.equal(spearman([1, 2, Infinity], [-Infinity, 0, 9]), 1);
    assert.equal(kendall([1, 2, Infinity], [-Infinity, 0, 9]), 1);
    assert.ok(Number.isNaN(pearson([1, 2, Infinity], [1, 2, 3])));
  });
  test("values of 1e300 and of 1e-300 neither overflow nor vanish", () => {
    close(pearson([1e300, 2e300, 4e300], [1, 2, 4]), 1, "large");
    close(pearson([-1.7e308, 1.7e308, 0], [-1, 1, 0]), 1, "largest");
    close(pearson([1e-300, 2e-300, 4e-300], [1, 2, 4]), 1, "small");
    assert.equal(spearman([1e300, 2e300, 4e300], [1, 2, 4]), 1);
  });
  test("sides of different lengths are refused by name", () => {
    assert.throws(() => spearman([1, 2], [1]), /spearman requires two sides of one length, got 2 and 1/);
    assert.throws(() => weightedTau([1, 2], [1, 2], { rank: [0] }), /one rank per pair, got 1 for 2/);
    assert.throws(() => weightedTau([1, 2], [1, 2], { rank: [0, -1] }), /ranks from 0 up, got -1/);
    assert.throws(() => weightedTau([1, 2], [1, 2], { rank: "top" as "both" }), RangeError);
  });
});
