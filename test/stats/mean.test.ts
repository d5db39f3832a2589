import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { mean, meanFromSums } from "../../src/stats/mean";
import { meanInterval, meanSums } from "../../src/stats/meanInterval";
import { random } from "../../src/stats/random";
import { studentTQuantile } from "../../src/stats/studentT";
import { close, golden } from "./golden";

const halfWidth = (e: { low: number; high: number }) => (e.high - e.low) / 2;

describe("means", () => {
  test("are exact where a plain sum is not, and do not overflow before the mean does", () => {
    assert.equal(mean([1e16, 1, -1e16]), 1 / 3);
    assert.equal(mean([1.7e308, 1.7e308]), 1.7e308);
    assert.equal(mean({ values: [1, 5], weights: [3, 1] }), 2);
    assert.ok(Number.isNaN(mean([])));
    assert.equal(mean([1, Infinity]), Infinity);
    assert.ok(Number.isNaN(mean([-Infinity, Infinity])));
    assert.throws(() => mean([1, NaN]), /NaN at index 1/);
    assert.equal(mean([1, NaN, 3], { nan: "drop" }), 2);
  });
  test("have the standard errors of statsmodels and of Inspect, with t on one degree less than clusters", () => {
    for (const c of golden("cluster").cases) {
      const plain = meanInterval(c.y, { method: "t" });
      close(plain.value, c.mean, c.name);
      close(halfWidth(plain), studentTQuantile(0.975, c.y.length - 1) * c.se_iid, `${c.name} iid`);
      const clustered = meanInterval(c.y, { clusters: c.group });
      const count = new Set(c.group).size;
      if (count < 5) {
        assert.ok(Number.isNaN(clustered.low) && Number.isNaN(clustered.high), c.name);
        assert.match(clustered.note ?? "", /an interval needs 5 effective clusters/);
        continue;
      }
      close(halfWidth(clustered), studentTQuantile(0.975, count - 1) * c.se_inspect, `${c.name} clustered`);
      close(
        halfWidth(clustered),
        studentTQuantile(0.975, count - 1) * c.se_cr1_statsmodels,
        `${c.name} statsmodels`,
      );
      close(clustered.designEffect!, (c.se_inspect / c.se_iid) ** 2, `${c.name} design effect`);
    }
  });
  test("a weight of 2 is a doubled row", () => {
    const [a, b] = [meanInterval({ values: [1, 2, 9], weights: [2, 0, 3] }), meanInterval([1, 9, 1, 9, 9])];
    close(a.low, b.low);
    close(a.high, b.high);
    assert.equal(a.n, 5);
  });
  test("shift and scale move the interval along, even at 1e300 and 1e-300", () => {
    const r = random(1);
    const x = Array.from({ length: 60 }, () => Math.exp(r.normal()));
    const e = meanInterval(x);
    assert.equal(e.method, "t-skewed");
    for (const factor of [1e300, 1e-300, 7]) {
      const scaled = meanInterval(x.map((v) => v * factor));
      close(scaled.low / factor, e.low, `${factor}`, 1e-9);
      close(scaled.high / factor, e.high, `${factor}`, 1e-9);
    }
    const shifted = meanInterval(x.map((v) => v - 1000));
    close(shifted.low, e.low - 1000, "shift", 1e-9);
  });
  test("skewness moves both ends up, symmetric values keep the plain interval", () => {
    const r = random(2);
    const skewed = Array.from({ length: 100 }, () => Math.exp(r.normal()));
    const [auto, plain] = [meanInterval(skewed), meanInterval(skewed, { method: "t" })];
    assert.ok(auto.low > plain.low && auto.high > plain.high);
    const flat = Array.from({ length: 100 }, () => r.normal());
    assert.equal(meanInterval(flat).method, "t");
  });
  test("sums from an engine give the interval of the rows", () => {
    const r = random(3);
    const x = Float64Array.from({ length: 400 }, () => Math.exp(r.normal()));
    const groups = x.map((_, i) => Math.floor(Math.sqrt(i)));
    const rows = meanInterval(x, { clusters: groups });
    const sums = meanFromSums(meanSums(x, { codes: Int32Array.from(groups), count: 20 }));
    close(sums.low, rows.low);
    close(sums.designEffect!, rows.designEffect!);
    const few = meanFromSums({ n: 3, total: 6, squares: 14 });
    close(few.high, meanInterval([1, 2, 3]).high);
  });
  test("clusters of very unequal size cost degrees of freedom", () => {
    const r = random(4);
    const labels = Array.from({ length: 600 }, (_, i) => (i < 200 ? 0 : i < 300 ? 1 : i % 40));
    const x = labels.map((k) => r.normal() + 0.3 * Math.sin(k));
    const e = meanInterval(x, { clusters: labels });
    const even = meanInterval(x, { clusters: x.map((_, i) => i % 40) });
    assert.ok(halfWidth(e) > 1.2 * halfWidth(even));
    assert.match(e.note!, /effective clusters/);
  });
  test("every thin or odd sample has a documented answer", () => {
    const one = meanInterval([4]);
    assert.ok(one.value === 4 && Number.isNaN(one.low) && /needs 2 observations, has 1/.test(one.note!));
    const none = meanInterval([]);
    assert.ok(Number.isNaN(none.value) && none.note === "no observations");
    const two = meanInterval([1, 2]);
    close(two.high, 1.5 + studentTQuantile(0.975, 1) * 0.5);
    const same = meanInterval([0.1, 0.1, 0.1, 0.1]);
    assert.deepEqual([same.low, same.value, same.high, same.note], [0.1, 0.1, 0.1, "all values are equal"]);
    const infinite = meanInterval([1, 2, Infinity]);
    assert.ok(infinite.value === Infinity && Number.isNaN(infinite.low) && /infinite/.test(infinite.note!));
    const cluster = meanInterval([1, 2, 3], { clusters: ["a", "a", "a"] });
    assert.ok(Number.isNaN(cluster.low) && /needs 2 clusters, has 1/.test(cluster.note!));
    const late = meanInterval([1, 2, 3, 3], { censored: [false, false, false, true] });
    assert.ok(late.high === Infinity && /at least this: 1 of 4/.test(late.note!));
    assert.match(meanInterval([1, NaN, 3, 4], { nan: "drop" }).note!, /1 missing value left out/);
    assert.throws(() => meanInterval([1, 2], { level: 1.5 }), /requires 0 < level < 1/);
    for (const values of [[], [1], [1, 2, 3]])
      for (const method of ["bootstrap-bca", "bootstrap-percentile"] as const) {
        const e = meanInterval(values, { method });
        assert.ok(Number.isNaN(e.low) && e.note !== undefined);
      }
  });
  test("bootstrap intervals of a mean are exact from 100 values and agree with t on symmetric ones", () => {
    const r = random(6);
    const x = Array.from({ length: 2000 }, () => r.normal());
    const e = meanInterval(x, { method: "bootstrap-bca" });
    assert.equal(e.resamples, "exact");
    close(e.low, meanInterval(x, { method: "t" }).low, "low", 0.03);
  });
});
