import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { renoted } from "../../src/stats/estimate";
import { harrellDavis } from "../../src/stats/harrellDavis";
import { quantileDifference, quantileRatio } from "../../src/stats/quantileContrast";
import { quantileInterval } from "../../src/stats/quantileInterval";
import { random } from "../../src/stats/random";
import { fc } from "../property";
import { close, golden } from "./golden";

function lognormal(n: number, seed: number, sigma = 0.9): Float64Array {
  const r = random(seed);
  return Float64Array.from({ length: n }, () => Math.exp(6 + sigma * r.normal()));
}
const METHODS = ["fractional", "exact-order", "bootstrap-percentile", "bootstrap-bca"] as const;

describe("quantile intervals", () => {
  test("a Distribution gives exactly the answer of its rows, under every method", () => {
    const rows = lognormal(400, 1).map((x) => Math.round(x / 50) * 50);
    const counts = new Map<number, number>();
    for (const x of rows) counts.set(x, (counts.get(x) ?? 0) + 1);
    const entries = [...counts].sort((a, b) => a[0] - b[0]);
    const distribution = { values: entries.map((e) => e[0]), weights: entries.map((e) => e[1]) };
    for (const method of METHODS)
      for (const p of [0.5, 0.9, 0.99])
        assert.deepEqual(
          quantileInterval(distribution, p, { method }),
          quantileInterval(rows, p, { method }),
        );
  });
  test("bounds keep their place under shift, scale and monotone maps", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 400 }),
        fc.constantFrom(0.1, 0.5, 0.95),
        fc.constantFrom(...METHODS),
        (n, p, method) => {
          const x = lognormal(n, n);
          const y = x.map((v) => 3 * v + 10);
          const [a, b] = [quantileInterval(x, p, { method }), quantileInterval(y, p, { method })];
          for (const end of ["value", "low", "high"] as const) close(b[end], 3 * a[end] + 10, end, 1e-9);
          if (method === "exact-order") {
            const logs = quantileInterval(x.map(Math.log), p, { method });
            close(Math.exp(logs.high), a.high, "log", 1e-12);
          }
        },
      ),
      { seed: 5, numRuns: 150 },
    );
  });
  test("percentile bounds stay inside the sample and order does not matter", () => {
    const x = lognormal(50, 3);
    for (const method of ["bootstrap-percentile", "bootstrap-bca"] as const) {
      const e = quantileInterval(x, 0.99, { method });
      assert.ok(e.low >= Math.min(...x) && e.high <= Math.max(...x));
      assert.equal(e.resamples, "exact");
      assert.match(e.note!, /p99 needs 368 observations, has 50/);
    }
    assert.deepEqual(quantileInterval(x.slice().reverse(), 0.5), quantileInterval(x, 0.5));
  });
  test("the guaranteed method is at least as wide as the fractional one", () => {
    const x = lognormal(300, 9);
    const [real, whole] = [quantileInterval(x, 0.9), quantileInterval(x, 0.9, { method: "exact-order" })];
    assert.ok(whole.low <= real.low && whole.high >= real.high);
  });
  test("timeouts stay in: quantiles below the cutoff are exact, those above are lower limits", () => {
    const measured = lognormal(1000, 4);
    const cutoff = 1500;
    const seen = measured.map((x) => Math.min(x, cutoff));
    const censored = Array.from(measured, (x) => x > cutoff);
    const median = quantileInterval(seen, 0.5, { censored });
    assert.deepEqual(median, quantileInterval(measured, 0.5));
    const tail = quantileInterval(seen, 0.99, { censored });
    assert.deepEqual([tail.value, tail.high], [cutoff, Infinity]);
    assert.match(tail.note!, /at least/);
    const share = censored.filter(Boolean).length;
    const free = Array.from(seen)
      .filter((x) => x < cutoff)
      .sort((a, b) => a - b);
    const counted = {
      values: [...new Set(free), cutoff],
      weights: [...new Set(free)].map(() => 1).concat(share),
      censored: [...new Set(free)].map(() => 0).concat(share),
    };
    assert.deepEqual(quantileInterval(counted, 0.99), tail);
  });
  test("every thin or odd sample has a documented answer", () => {
    const at = (values: number[], p = 0.5) => {
      const { value, low, high } = quantileInterval(values, p);
      return [value, low, high];
    };
    assert.deepEqual(at([]), [NaN, NaN, NaN]);
    assert.deepEqual(at([4]), [4, -Infinity, Infinity]);
    assert.deepEqual(at([4, 6]), [5, -Infinity, Infinity]);
    assert.deepEqual(at(new Array(50).fill(3)), [3, 3, 3]);
    assert.deepEqual(at([-1e300, 1e300], 0.5), [0, -Infinity, Infinity]);
    assert.deepEqual(
      at(new Array(20).fill(1).map((_, i) => (i < 10 ? -1e308 : 1e308))).slice(1),
      [-1e308, 1e308],
    );
    assert.deepEqual(at([1, 2, 3, 4, 5, 6, Infinity])[0], 4);
    assert.throws(() => quantileInterval([1, NaN], 0.5), /NaN at index 1/);
    assert.match(
      quantileInterval([1, NaN, 2, null as unknown as number], 0.5, { nan: "drop" }).note!,
      /2 missing values left out/,
    );
    assert.throws(() => quantileInterval([1, 2], 0.5, { level: 95 }), /did you mean 0.95/);
    assert.throws(
      () => quantileInterval([1, 2], 0.5, { clusters: ["a"] }),
      /one of clusters for each of values/,
    );
    assert.throws(
      () => quantileInterval([1, 2], 0.5, { method: "bca" as "fractional" }),
      /requires method to be one of/,
    );
    for (const method of METHODS)
      assert.equal(quantileInterval({ values: [1, 2], weights: [0, 0] }, 0.5, { method }).n, 0);
  });
});

describe("clustered quantile intervals", () => {
  const r = random(6);
  const users = Array.from({ length: 80 }, () => r.normal());
  const clusters = Array.from({ length: 4000 }, (_, i) => `u${i % 80}`);
  const values = clusters.map((_, i) => Math.exp(0.7 * users[i % 80]! + 0.7 * r.normal()));
  test("are wider than the plain ones and say by how much", () => {
    const plain = quantileInterval(values, 0.9);
    const clustered = quantileInterval(values, 0.9, { clusters, clusterBy: "user_id" });
    assert.equal(clustered.clusters, 80);
    assert.equal(clustered.clusterBy, "user_id");
    assert.ok(clustered.designEffect! > 3);
    assert.ok(clustered.high - clustered.low > 1.7 * (plain.high - plain.low));
    assert.equal(clustered.value, plain.value);
  });
  test("the cluster bootstrap agrees roughly, and the same seed gives the same bits", () => {
    const options = { clusters, method: "bootstrap-percentile", resamples: 999 } as const;
    const e = quantileInterval(values, 0.9, options);
    assert.deepEqual(e, quantileInterval(values, 0.9, options));
    const reference = quantileInterval(values, 0.9, { clusters });
    close(e.low, reference.low, "low", 0.1);
    close(e.high, reference.high, "high", 0.15);
    assert.equal(e.resamples, 999);
    const bca = quantileInterval(values, 0.9, { ...options, method: "bootstrap-bca" });
    close(bca.high, reference.high, "bca", 0.15);
  });
  test("a missing label makes a row a cluster of its own, and dropped rows take their label along", () => {
    const lone = quantileInterval(values.slice(0, 100), 0.5, { clusters: new Array(100).fill(null) });
    assert.equal(lone.clusters, 100);
    const holed = [NaN, ...values.slice(0, 200)];
    const e = quantileInterval(holed, 0.5, { clusters: ["x", ...clusters.slice(0, 200)], nan: "drop" });
    const expected = quantileInterval(values.slice(0, 200), 0.5, { clusters: clusters.slice(0, 200) });
    assert.deepEqual(renoted(e, []), renoted(expected, []));
  });
});

describe("contrasts of quantiles", () => {
  const [a, b] = [lognormal(3000, 11), lognormal(2500, 12, 0.7)];
  test("the difference and the ratio cover what the margins say", () => {
    const d = quantileDifference(a, b, 0.9);
    const [qa, qb] = [quantileInterval(a, 0.9), quantileInterval(b, 0.9)];
    close(d.value, qa.value - qb.value, "value");
    assert.ok(d.low > qa.low - qb.high && d.high < qa.high - qb.low);
    const ratio = quantileRatio(a, b, 0.9);
    close(ratio.value, qa.value / qb.value, "ratio");
    assert.ok(ratio.low > qa.low / qb.high && ratio.high < qa.high / qb.low);
  });
  test("the exact bootstrap law of the difference agrees with drawing from it", () => {
    const e = quantileDifference(a, b, 0.9, { method: "bootstrap-percentile" });
    const reference = quantileDifference(a, b, 0.9);
    close(e.low, reference.low, "low", 0.1);
    close(e.high, reference.high, "high", 0.1);
    assert.equal(e.resamples, "exact");
    const ratio = quantileRatio(a, b, 0.9, { method: "bootstrap-percentile" });
    close(ratio.low, quantileRatio(a, b, 0.9).low, "ratio", 0.03);
  });
  test("users found in both samples narrow the difference", () => {
    const r = random(2);
    const users = Array.from({ length: 200 }, () => r.normal());
    const label = Array.from({ length: 2000 }, (_, i) => i % 200);
    const one = label.map((u) => Math.exp(0.8 * users[u]! + 0.3 * r.normal()));
    const two = label.map((u) => Math.exp(0.8 * users[u]! + 0.3 * r.normal()));
    const shared = quantileRatio(one, two, 0.5, { clusters: [label, label] });
    const apart = quantileRatio(one, two, 0.5, { clusters: [label, label.map((u) => `other ${u}`)] });
    assert.ok(Math.log(shared.high / shared.low) < 0.6 * Math.log(apart.high / apart.low));
  });
  test("open margins stay open and ratios need positive values", () => {
    assert.equal(quantileDifference([1, 2, 3], [1, 2, 3], 0.5).high, Infinity);
    const none = quantileRatio([-1, -2, -3], [1, 2, 3], 0.5);
    assert.ok(Number.isNaN(none.value) && /above 0/.test(none.note!));
    assert.ok(Number.isNaN(quantileDifference([], [1], 0.5).low));
  });
});

test("Harrell-Davis agrees with its definition on golden samples", () => {
  for (const c of golden("quantile").cases)
    if (c.harrell_davis !== null)
      for (const [i, p] of c.harrell_davis_p.entries())
        close(
          harrellDavis(c.x, p),
          c.harrell_davis[i],
          `${c.name} p ${p}`,
          1e-9,
          1e-12 * Math.max(...c.x.map(Math.abs)),
        );
  assert.equal(harrellDavis([3, 1], 0), 1);
  assert.equal(harrellDavis([3, 1], 1), 3);
  assert.ok(Number.isNaN(harrellDavis([], 0.5)));
  close(harrellDavis({ values: [1, 4], weights: [2, 1] }, 0.5), harrellDavis([1, 1, 4], 0.5));
});
