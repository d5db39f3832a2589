import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { permutationP } from "../../src/stats/permutationP";
import { random } from "../../src/stats/random";
import { rankCorrelationOverModels } from "../../src/stats/rankCorrelationOverModels";
import { resampleSpearman } from "../../src/stats/resampleSpearman";
import { smallestCorrelation } from "../../src/stats/smallestCorrelation";
import { spearman } from "../../src/stats/spearman";
import { thorough } from "../property";
import { close } from "./golden";

const ten = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

describe("the rank correlation over models as a sample", () => {
  test("is Bonett and Wright's interval for Spearman and Fieller's for Kendall", () => {
    const y = [2, 1, 4, 3, 6, 5, 8, 7, 10, 9];
    const s = rankCorrelationOverModels(ten, y);
    const r = 31 / 33;
    close(s.value, r, "rho");
    close(s.low, Math.tanh(Math.atanh(r) - 1.959963984540054 * Math.sqrt((1 + r ** 2 / 2) / 7)), "low");
    close(s.high, Math.tanh(Math.atanh(r) + 1.959963984540054 * Math.sqrt((1 + r ** 2 / 2) / 7)), "high");
    const weak = [5, 1, 9, 3, 10, 2, 8, 4, 7, 6];
    const k = rankCorrelationOverModels(ten, weak, { kind: "kendall", level: 0.9 });
    const wide = Math.atanh(k.high) - Math.atanh(k.value);
    const least = 1.6448536269514722 * Math.sqrt(0.437 / 6);
    close(wide, least, "Fieller", 1e-9);
    const tau = rankCorrelationOverModels(ten, [1, 2, 3, 4, 5, 6, 10, 7, 8, 9], {
      kind: "kendall",
      level: 0.9,
    });
    close(tau.value, 39 / 45, "tau");
    assert.ok(tau.low < Math.tanh(Math.atanh(39 / 45) - least) - 0.01 && tau.low > 0, JSON.stringify(tau));
    const many = Array.from({ length: 200 }, (_, i) => i);
    const shaken = many.map((i) => (i * 7919) % 200);
    const large = rankCorrelationOverModels(many, shaken, { kind: "kendall" });
    close(
      Math.atanh(large.high) - Math.atanh(large.value),
      1.959963984540054 * Math.sqrt(0.437 / 196),
      "many",
      1e-9,
    );
    assert.deepEqual([s.method, k.method, s.n], ["bonett-wright", "fieller-hartley-pearson", 10]);
  });
  test("a perfect order never looks certain", () => {
    for (const kind of ["spearman", "kendall"] as const) {
      const up = rankCorrelationOverModels(ten, ten, { kind });
      assert.ok(up.value === 1 && up.high === 1 && up.low < 0.98 && up.low > 0.5, JSON.stringify(up));
      const down = rankCorrelationOverModels(ten, [...ten].reverse(), { kind });
      assert.deepEqual([down.low, down.high], [-1, -up.low]);
    }
  });
  test("is refused below ten models, for a constant side and for nothing", () => {
    for (const n of [0, 1, 2, 9]) {
      const r = rankCorrelationOverModels(ten.slice(0, n), ten.slice(0, n));
      assert.ok(Number.isNaN(r.low) && Number.isNaN(r.high));
      assert.match(r.note ?? "", new RegExp(`needs 10 models, has ${n}`));
    }
    const constant = rankCorrelationOverModels(
      ten.map(() => 1),
      ten,
    );
    assert.ok(Number.isNaN(constant.value) && Number.isNaN(constant.low));
    assert.match(constant.note ?? "", /no order/);
  });
  test("leaves incomplete pairs out and says how many", () => {
    const r = rankCorrelationOverModels([...ten, 11, Number.NaN], [...ten, Number.NaN, 1]);
    assert.equal(r.n, 10);
    assert.match(r.note ?? "", /2 of 12 models left out/);
  });
});

describe("the smallest correlation that can be shown", () => {
  test("is the tables' critical value", () => {
    const table: [number, number, number][] = [
      [5, 1, 1],
      [6, 0.886, 0.867],
      [7, 0.786, 0.714],
      [8, 0.738, 0.643],
      [9, 0.7, 0.556],
    ];
    for (const [n, rho, tau] of table) {
      assert.ok(Math.abs(smallestCorrelation(n) - rho) < 0.001);
      assert.ok(Math.abs(smallestCorrelation(n, { kind: "kendall" }) - tau) < 0.001);
    }
    assert.ok(Math.abs(smallestCorrelation(10) - 0.648) < 0.007);
    assert.ok(Math.abs(smallestCorrelation(20) - 0.447) < 0.007);
  });
  test("has just enough evidence, and one step less has not", () => {
    // Six models with two swaps of neighbours are enough; with three they are not.
    const y = [2, 1, 3, 4, 6, 5];
    assert.ok(spearman(ten.slice(0, 6), y) >= smallestCorrelation(6));
    assert.ok(permutationP(ten.slice(0, 6), y) <= 0.05);
    assert.ok(permutationP(ten.slice(0, 6), [2, 1, 4, 3, 6, 5]) > 0.05);
  });
  test("is NaN where even a perfect order proves nothing", () => {
    for (const n of [0, 1, 2, 3, 4]) assert.ok(Number.isNaN(smallestCorrelation(n)));
    assert.ok(Number.isNaN(smallestCorrelation(5, { level: 0.99 })));
    assert.equal(smallestCorrelation(5, { level: 0.9, kind: "kendall" }), 0.8);
    assert.throws(() => smallestCorrelation(2.5), /whole models/);
  });
  thorough("passes into the normal law without a jump", () => {
    for (const kind of ["spearman", "kendall"] as const)
      assert.ok(Math.abs(smallestCorrelation(300, { kind }) / smallestCorrelation(301, { kind }) - 1) < 0.02);
  });
});

describe("resampled Spearman correlations", () => {
  test("are those of the resampled pairs themselves, with ties", () => {
    const x = [1, 2, 2, 4, 5, 5, 5, 8];
    const y = [3, 1, 4, 4, 5, 9, 2, 6];
    const draws = resampleSpearman(x, y, { resamples: 50, seed: 3 });
    const order = [...x.keys()].sort((i, j) => x[i] - x[j] || y[i] - y[j]);
    const g = random(3);
    for (const draw of draws) {
      const picked = x.map(() => order[g.integer(x.length)]);
      const expected = spearman(
        picked.map((i) => x[i]),
        picked.map((i) => y[i]),
      );
      close(draw, expected, "resample", 1e-12);
    }
  });
  test("do not depend on the rows' order, and a resample of one value has none", () => {
    assert.deepEqual(
      resampleSpearman([1, 2, 3, 4], [2, 1, 4, 3], { resamples: 20 }),
      resampleSpearman([4, 2, 1, 3], [3, 1, 2, 4], { resamples: 20 }),
    );
    const two = resampleSpearman([1, 2], [1, 2], { resamples: 100 });
    assert.ok(two.some(Number.isNaN) && two.some((r) => r === 1));
    assert.ok(resampleSpearman([], [], { resamples: 3 }).every(Number.isNaN));
    assert.ok(resampleSpearman([1, 1], [2, 3], { resamples: 3 }).every(Number.isNaN));
  });
});
