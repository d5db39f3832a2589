import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { meanInterval } from "../../src/stats/meanInterval";
import { newcombe } from "../../src/stats/newcombe";
import { pairedDifference } from "../../src/stats/pairedDifference";
import { random } from "../../src/stats/random";
import { fc } from "../property";
import { close, golden } from "./golden";

const nan = Number.NaN;

describe("the paired difference", () => {
  const first = [5.1, 7.2, 6.3, 9.8, 4.4, 5.9];
  const second = [4.7, 5.1, 6.6, 8.1, 4.1, 5.2];
  test("is the mean of the differences, with their interval", () => {
    const d = pairedDifference(first, second, { unit: "points" });
    const of = meanInterval(first.map((v, i) => v - second[i]));
    assert.deepEqual([d.value, d.low, d.high], [of.value, of.low, of.high]);
    assert.deepEqual([d.n, d.clusters, d.clusterBy, d.unit], [6, 6, "item", "points"]);
    assert.ok(d.correlation > 0.8 && d.correlation < 1);
  });
  test("is clustered where items stand or fall together", () => {
    const clusters = ["a", "a", "b", "b", "c", "c"];
    const d = pairedDifference(first, second, { clusters, clusterBy: "repository" });
    assert.deepEqual([d.clusters, d.clusterBy, d.method], [3, "repository", "t-cluster"]);
  });
  test("changes its sign when the sides are exchanged", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer(), fc.integer()), { minLength: 3, maxLength: 12 }),
        (pairs) => {
          const a = pairs.map(([x]) => x);
          const b = pairs.map(([, y]) => y);
          const forth = pairedDifference(a, b);
          const back = pairedDifference(b, a);
          close(back.value, -forth.value, "value", 1e-9);
          if (Number.isFinite(forth.low)) close(back.high, -forth.low, "ends", 1e-6, 1e-6);
        },
      ),
    );
  });
  test("of 0/1 scores that agree everywhere is not certain", () => {
    const scores = [1, 0, 1, 1, 0, 1, 1, 1, 0, 1];
    const d = pairedDifference(scores, scores);
    assert.equal(d.value, 0);
    assert.ok(d.low < -0.03 && d.high > 0.03 && d.low > -0.4, JSON.stringify(d));
    assert.equal(d.method, "bootstrap-posterior");
  });
  test("has no interval for other scores that differ by the same everywhere, or for too few", () => {
    const same = pairedDifference([1, 2, 3], [2, 3, 4]);
    assert.ok(same.value === -1 && Number.isNaN(same.low) && /the same on every item/.test(same.note ?? ""));
    const one = pairedDifference([3.5], [1]);
    assert.ok(one.value === 2.5 && Number.isNaN(one.low) && one.note);
    const none = pairedDifference([], []);
    assert.ok(Number.isNaN(none.value) && none.note);
  });
  test("leaves incomplete items out with their clusters, and names mistakes", () => {
    const d = pairedDifference([...first, nan, 1], [...second, 2, nan]);
    close(d.value, pairedDifference(first, second).value);
    assert.match(d.note ?? "", /2 of 8 items left out/);
    assert.throws(() => pairedDifference([1], [1, 2]), /pairedDifference requires/);
    assert.throws(() => pairedDifference([1], [1], { clusters: [] }), /clusters/);
    assert.throws(() => pairedDifference([1, 2], [1, 3], { level: 95 }), /did you mean 0.95/);
  });
});

describe("Newcombe's difference of two rates", () => {
  test("is that of statsmodels", () => {
    const { two_sample } = golden("binomial").cases.find((c: object) => "two_sample" in c);
    for (const c of two_sample) {
      const d = newcombe(c.k1, c.n1, c.k2, c.n2);
      close(d.value, c.k1 / c.n1 - c.k2 / c.n2);
      close(d.low, c.newcombe_95[0], "low");
      close(d.high, c.newcombe_95[1], "high");
      assert.equal(d.method, "newcombe");
      assert.equal(d.n, c.n1 + c.n2);
    }
  });
  test("is not certain where both rates are none, and has none without trials", () => {
    const none = newcombe(0, 10, 0, 10);
    assert.ok(none.value === 0 && none.low < -0.2 && none.high > 0.2);
    const empty = newcombe(0, 0, 1, 2);
    assert.ok(Number.isNaN(empty.value) && Number.isNaN(empty.low) && empty.note);
    assert.throws(() => newcombe(3, 2, 1, 2), RangeError);
  });
});

describe("a paired bootstrap of the difference", () => {
  const g = random(3);
  const first = Array.from({ length: 60 }, () => g.uniform());
  const second = first.map((x) => 0.8 * x + 0.1 * g.normal());
  test("is as wide as t where the differences are many and even, and sees the pairs", () => {
    const t = pairedDifference(first, second);
    const resampled = pairedDifference(first, second, { method: "bootstrap-bca" });
    assert.deepEqual([resampled.method, resampled.value], ["bootstrap-bca", t.value]);
    const ratio = (resampled.high - resampled.low) / (t.high - t.low);
    assert.ok(ratio > 0.85 && ratio < 1.1, String(ratio));
    assert.deepEqual(pairedDifference(first, second, { method: "bootstrap-bca" }), resampled);
  });
  test("of 0 and 1 too; where models agree on every item doubt stays", () => {
    const [a, b] = [first.map((x) => Number(x > 0.3)), first.map((x) => Number(x > 0.5))];
    const some = pairedDifference(a, b, { method: "bootstrap-bca" });
    assert.ok(some.method === "bootstrap-bca" && some.low > 0 && some.high < 0.5, JSON.stringify(some));
    const same = pairedDifference(a, a, { method: "bootstrap-bca" });
    assert.ok(same.method === "bootstrap-posterior" && same.low < 0 && same.high > 0);
  });
});
