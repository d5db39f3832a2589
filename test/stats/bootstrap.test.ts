import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { bootstrap, bootstrapDraws } from "../../src/stats/bootstrap";
import { biasCorrection, bootstrapBounds, jackknifeAcceleration } from "../../src/stats/bootstrapBounds";
import { mean } from "../../src/stats/mean";
import { quantile } from "../../src/stats/quantile";
import { random } from "../../src/stats/random";
import { close, golden } from "./golden";

const ratio = (rows: [number, number][]) => {
  let [c, r] = [0, 0];
  for (const [x, y] of rows) {
    c += x;
    r += y;
  }
  return c / r;
};

describe("the bootstrap", () => {
  test("gives SciPy's interval from SciPy's resamples", () => {
    for (const c of golden("bootstrap_explicit").cases) {
      close(biasCorrection(c.theta_b, c.theta), c.z0, `${c.name} z0`);
      close(jackknifeAcceleration(c.jackknife), c.acceleration, `${c.name} acceleration`);
      const percentile = bootstrapBounds(c.theta_b, c.theta, { method: "percentile", level: c.confidence });
      const bca = bootstrapBounds(c.theta_b, c.theta, { jackknife: c.jackknife, level: c.confidence });
      for (const [i, end] of (["low", "high"] as const).entries()) {
        close(percentile[end], c.ci_percentile[i], `${c.name} percentile`);
        close(bca[end], c.ci_BCa[i], `${c.name} BCa`);
      }
      const statistic =
        c.statistic === "ratio"
          ? (rows: number[]) => ratio(rows.map((i) => [c.x[i], c.y[i]]))
          : (rows: number[]) =>
              c.statistic === "mean"
                ? mean(rows.map((i) => c.x[i]))
                : quantile(
                    rows.map((i) => c.x[i]),
                    c.p,
                  );
      for (const [b, indices] of c.indices.slice(0, 20).entries())
        close(statistic(indices), c.theta_b[b], `${c.name} ${b}`);
    }
  });
  test("may be split between any number of workers and gives the same bits", () => {
    const r = random(1);
    const x = Array.from({ length: 30 }, () => r.normal());
    const whole = bootstrap(x, mean, { resamples: 500 });
    for (const workers of [2, 3, 7]) {
      const size = Math.ceil(500 / workers);
      const parts = Array.from({ length: workers }, (_, w) =>
        bootstrapDraws(x, mean, { from: w * size, to: Math.min(500, (w + 1) * size) }),
      );
      const draws = parts.flatMap((part) => [...part]);
      assert.deepEqual(bootstrap(x, mean, { draws }), whole);
    }
    assert.notEqual(bootstrap(x, mean, { resamples: 500, seed: 2 }).low, whole.low);
  });
  test("resamples whole clusters", () => {
    const r = random(2);
    const clusters = Array.from({ length: 200 }, (_, i) => i % 20);
    const level = Array.from({ length: 20 }, () => r.normal());
    const x = clusters.map((k) => level[k]! + 0.01 * r.normal());
    const [rows, units] = [
      bootstrap(x, mean, { resamples: 999 }),
      bootstrap(x, mean, { resamples: 999, clusters, clusterBy: "user_id" }),
    ];
    assert.ok(units.high - units.low > 2.5 * (rows.high - rows.low));
    assert.deepEqual(
      [units.n, units.clusters, units.clusterBy, units.method],
      [200, 20, "user_id", "bootstrap-bca"],
    );
  });
  test("leaves out groups where there are more than 1,000 units, with nearly the same acceleration", () => {
    const r = random(3);
    const x = Array.from({ length: 2500 }, () => Math.exp(r.normal()));
    const grouped = bootstrap(x, mean, { resamples: 300 });
    const n = x.length;
    const exact = bootstrap(x, mean, {
      resamples: 300,
      jackknife: x.map((v) => (mean(x) * n - v) / (n - 1)),
    });
    close(grouped.high, exact.high, "high", 0.01);
  });
  test("degenerate samples have documented answers", () => {
    const few = bootstrap([1, 2, 3], mean);
    assert.ok(Number.isNaN(few.low) && /needs 5 observations, has 3/.test(few.note!));
    assert.equal(bootstrap([1, 2], mean, { smallest: 2, resamples: 99, method: "percentile" }).low, 1);
    assert.equal(bootstrap([], mean).note, "no observations");
    const same = bootstrap([2, 2, 2, 2, 2], mean, { resamples: 99 });
    assert.deepEqual([same.low, same.high, same.note], [2, 2, "all resamples give the same value"]);
    const outside = bootstrapBounds([1, 2, 3, 4], 9, { jackknife: [1, 2, 3] });
    assert.equal(outside.note?.id, "method.outside");
    assert.equal(jackknifeAcceleration([5, 5, 5]), 0);
    const lost = bootstrap([1, 2, 3, 4, 5, 6], (rows) => (rows.includes(1) ? 1 : Number.NaN), {
      resamples: 99,
    });
    assert.ok(Number.isNaN(lost.low) && /not a number in/.test(lost.note!));
    const open = bootstrap([0, 0, 0, 1, 0, 0], (rows) => 1 / mean(rows), {
      resamples: 499,
      method: "percentile",
    });
    assert.equal(open.high, Infinity);
    assert.throws(() => bootstrap([1, 2], mean, { resamples: 0 }), /requires a whole resamples >= 1/);
    assert.throws(
      () => bootstrap([1, 2], mean, { method: "basic" as "bca" }),
      /method to be one of bca, percentile/,
    );
  });
});
