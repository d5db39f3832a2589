import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { clusteredQuantileRanks, quantileClusters } from "../../src/stats/clusteredQuantile";
import { noteOf } from "../../src/stats/estimate";
import { orderStatistics } from "../../src/stats/orderStatistics";
import { interpolateRank } from "../../src/stats/quantile";
import { quantileEstimate } from "../../src/stats/quantileEstimate";
import { quantileInterval } from "../../src/stats/quantileInterval";
import { bcaTail, quantileLaw } from "../../src/stats/quantileLaw";
import { quantileRanks, ranksToFetch } from "../../src/stats/quantileRanks";
import { random } from "../../src/stats/random";
import { close, golden } from "./golden";

const lookup = (values: number[]) => orderStatistics("test", values).at;

describe("the exact bootstrap law of a quantile", () => {
  test("agrees with all resamples enumerated", () => {
    for (const c of golden("exact_quantile_bootstrap").cases.filter((c: { kind: string }) =>
      c.kind.startsWith("type7"),
    )) {
      const law = quantileLaw(c.n, c.p, lookup(c.x));
      for (const [i, t] of c.support.entries()) {
        // The support is rounded to 1e-13, so the distribution is evaluated just next to it.
        close(law.cdf(t + 2e-13), c.cdf[i], `n ${c.n} p ${c.p} cdf(${t})`);
        close(law.cdf(t - 2e-13), i === 0 ? 0 : c.cdf[i - 1], `below ${t}`);
      }
      for (const [level, [low, high]] of [
        [0.95, c.ci95],
        [0.9, c.ci90],
      ] as const) {
        close(law.quantile((1 - level) / 2), low, "low", 1e-12, 1e-12);
        close(law.quantile((1 + level) / 2), high, "high", 1e-12, 1e-12);
      }
    }
  });
  test("sees the atom at the estimate itself, from both sides", () => {
    const r = random(3);
    for (let run = 0; run < 30; run++) {
      const values = Array.from({ length: 7 }, () => Math.exp(r.normal()));
      const at = lookup(values);
      const p = [0.3, 0.5, 0.9][run % 3]!;
      const law = quantileLaw(7, p, at);
      const theta = interpolateRank(1 + 6 * p, at);
      const jump = law.cdf(theta) - law.cdf(theta, true);
      assert.ok(jump > 1e-4, `jump ${jump} at p ${p}`);
    }
  });
  test("is inverted by its quantile function on large samples", () => {
    const r = random(4);
    const values = Array.from({ length: 20000 }, () => Math.exp(r.normal()));
    for (const p of [0.5, 0.99, 0.999]) {
      const law = quantileLaw(20000, p, lookup(values));
      for (const u of [0.001, 0.025, 0.5, 0.975, 0.999]) {
        const t = law.quantile(u);
        assert.ok(law.cdf(t) >= u - 1e-12 && law.cdf(t * (1 - 1e-11)) < u, `p ${p} u ${u}`);
      }
    }
  });
  test("the BCa tail is the nominal one without bias or acceleration", () => {
    close(bcaTail(0.025, 0, 0)!, 0.025);
    assert.equal(bcaTail(0.025, Infinity, 0), null);
    assert.equal(bcaTail(0.975, 3, 0.9), 1);
  });
});

describe("the estimate of a quantile from ranks and a look-up", () => {
  test("asks only for the ranks it announced", () => {
    for (const method of ["fractional", "exact-order", "bootstrap-percentile", "bootstrap-bca"] as const)
      for (const [n, p] of [
        [1, 0.5],
        [50, 0.5],
        [500, 0.999],
        [5000, 0.99],
      ] as const) {
        const ranks = quantileRanks(n, p, { method });
        const announced = new Set(ranksToFetch(ranks));
        const estimate = quantileEstimate(ranks, (k) => {
          assert.ok(announced.has(k), `${method} n ${n} p ${p} asked for ${k}`);
          return k;
        });
        assert.ok(estimate.low <= estimate.value && estimate.value <= estimate.high);
      }
  });
  test("says what a tail would need and leaves the upper bound open", () => {
    const estimate = quantileEstimate(quantileRanks(500, 0.999), (k) => k, { counted: "calls" });
    assert.equal(estimate.high, Infinity);
    assert.ok(estimate.low > 490);
    assert.equal(estimate.note, "p99.9 needs 3,688 calls, has 500");
  });
  test("a censored quantile is at least its cutoff, and bounds above censored values are open", () => {
    const measured = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
    const open = (from: number) => (k: number) => (k > from ? Infinity : measured[k - 1]!);
    const at = (k: number) => measured[k - 1]!;
    const median = quantileEstimate(quantileRanks(10, 0.5), at, { atMost: open(8) });
    assert.equal(median.value, 5.5);
    assert.equal(median.high, Infinity);
    assert.match(median.note!, /falls among censored values/);
    const high = quantileEstimate(quantileRanks(10, 0.9), at, { atMost: open(8) });
    close(high.value, 9.1);
    assert.equal(high.high, Infinity);
    assert.match(high.note!, /at least this/);
  });
  test("a quantile among short waits that were cut off is at least what is seen", () => {
    const seen = [1, 1, 1, 1, 6, 7, 8, 9, 10, 11];
    const most = [6, 7, 8, 9, 10, 11, Infinity, Infinity, Infinity, Infinity];
    const low = quantileEstimate(quantileRanks(10, 0.2), (k) => seen[k - 1]!, {
      atMost: (k) => most[k - 1]!,
    });
    assert.equal(low.value, 1);
    assert.match(low.note!, /at least this: some shorter ones are only lower limits/);
  });
  test("no values give no interval, one value an open one, extremes an open end", () => {
    const none = quantileEstimate(quantileRanks(0, 0.5), () => 0, { counted: "calls" });
    assert.ok(Number.isNaN(none.value) && Number.isNaN(none.low) && none.note === "no calls");
    const one = quantileEstimate(quantileRanks(1, 0.5), () => 3);
    assert.deepEqual(
      [one.value, one.low, one.high, one.note],
      [3, -Infinity, Infinity, "p50 needs 6 observations, has 1"],
    );
    const largest = quantileEstimate(quantileRanks(9, 1), (k) => k);
    assert.deepEqual([largest.value, largest.low, largest.high], [9, 9, Infinity]);
  });
});

describe("clustered quantiles from sums over clusters", () => {
  const r = random(8);
  const values = Float64Array.from({ length: 3000 }, () => r.normal());
  const at = orderStatistics("test", values).at;
  const q = interpolateRank(1 + 2999 * 0.9, at);
  test("clusters of one value each give nearly the plain interval", () => {
    const sums = quantileClusters(
      values,
      Int32Array.from({ length: 3000 }, (_, i) => i),
      3000,
      q,
    );
    const ranks = clusteredQuantileRanks(0.9, sums);
    const plain = quantileRanks(3000, 0.9);
    close(ranks.designEffect!, 1, "design effect", 0.01);
    close(ranks.low, plain.low, "low", 1e-3);
    close(ranks.high, plain.high, "high", 1e-3);
  });
  test("rows repeated in each cluster give a design effect near the repeats", () => {
    const repeated = Float64Array.from({ length: 3000 }, (_, i) => values[Math.floor(i / 10)]!);
    const sorted = orderStatistics("test", repeated).at;
    const sums = quantileClusters(
      repeated,
      Int32Array.from({ length: 3000 }, (_, i) => Math.floor(i / 10)),
      300,
      interpolateRank(1 + 2999 * 0.9, sorted),
    );
    const ranks = clusteredQuantileRanks(0.9, sums);
    close(ranks.designEffect!, 10, "design effect", 0.1);
    assert.ok(ranks.high - ranks.low > 2.5 * (quantileRanks(3000, 0.9).high - quantileRanks(3000, 0.9).low));
  });
  test("below 5 effective clusters there is no interval, below 30 a warning", () => {
    const four = clusteredQuantileRanks(
      0.5,
      quantileClusters(
        values,
        Int32Array.from({ length: 3000 }, (_, i) => i % 4),
        4,
        q,
      ),
    );
    const refused = quantileEstimate(four, at, { clusterBy: "user_id" });
    assert.ok(Number.isNaN(refused.low) && Number.isNaN(refused.high) && Number.isFinite(refused.value));
    assert.match(refused.note!, /needs 5 effective clusters, has 4.0/);
    const twenty = clusteredQuantileRanks(
      0.5,
      quantileClusters(
        values,
        Int32Array.from({ length: 3000 }, (_, i) => i % 20),
        20,
        at(1500),
      ),
    );
    assert.match(noteOf(twenty.notes) ?? "", /20.0 effective clusters/);
    assert.equal(quantileEstimate(twenty, at).clusters, 20);
  });
  test("all values tied give that value at both ends", () => {
    const sums = quantileClusters(
      new Float64Array(600).fill(7),
      Int32Array.from({ length: 600 }, (_, i) => i % 60),
      60,
      7,
    );
    const tied = quantileEstimate(clusteredQuantileRanks(0.99, sums), () => 7);
    assert.deepEqual([tied.low, tied.value, tied.high], [7, 7, 7]);
  });
  test("sums that no clusters have are refused", () => {
    assert.throws(
      () =>
        clusteredQuantileRanks(0.5, {
          n: 10,
          below: 11,
          clusters: 2,
          sizeSquares: 50,
          sizeCubes: 1,
          sizeFourths: 1,
          leaveOneOut: 0,
        }),
      /requires sums over clusters/,
    );
  });
});

test("bootstrap ranks of clusters need only sums, and agree with resampling the clusters", () => {
  const r = random(21);
  const labels = Int32Array.from({ length: 4000 }, (_, i) => i % 200);
  const shared = Array.from({ length: 200 }, () => r.normal());
  const x = Float64Array.from(labels, (k) => Math.exp(0.6 * shared[k]! + 0.7 * r.normal()));
  const at = orderStatistics("test", x).at;
  const sums = quantileClusters(x, labels, 200, interpolateRank(1 + 3999 * 0.9, at));
  for (const method of ["bootstrap-percentile", "bootstrap-bca"] as const) {
    const ranks = clusteredQuantileRanks(0.9, sums, { method });
    assert.ok(ranksToFetch(ranks).length <= 9);
    const e = quantileEstimate(ranks, at);
    const drawn = quantileInterval(x, 0.9, { clusters: labels, method, resamples: 1999 });
    assert.deepEqual([e.method, e.resamples], [method, "exact"]);
    close(e.low, drawn.low, "low", 0.03);
    close(e.high, drawn.high, "high", 0.03);
  }
});
