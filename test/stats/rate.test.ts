import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { random } from "../../src/stats/random";
import { clopperPearson, rateFromSums, wilson, wilsonBounds } from "../../src/stats/rate";
import { rateInterval } from "../../src/stats/rateInterval";
import { studentTQuantile } from "../../src/stats/studentT";
import { fc, thorough } from "../property";
import { close, golden } from "./golden";

describe("rates", () => {
  test("Wilson and Clopper-Pearson agree with statsmodels", () => {
    for (const c of golden("binomial").cases) {
      if (c.k === undefined) continue;
      for (const level of [0.9, 0.95, 0.99]) {
        const [w, cp] = [wilson(c.k, c.n, { level }), clopperPearson(c.k, c.n, { level })];
        for (const [i, end] of (["low", "high"] as const).entries()) {
          close(w[end], c[`wilson_${level}`][i], `wilson ${c.k}/${c.n} ${level} ${end}`);
          close(cp[end], c[`beta_${level}`][i], `clopper ${c.k}/${c.n} ${level} ${end}`);
        }
      }
    }
  });
  test("none and all have an end at the value and never a zero width", () => {
    for (const n of [1, 5, 1000]) {
      const none = rateInterval(new Array(n).fill(0));
      assert.ok(none.low === 0 && none.value === 0 && none.high > 0.5 / n);
      const all = rateInterval(new Array(n).fill(true));
      assert.ok(all.high === 1 && all.value === 1 && all.low < 1 - 1 / n / 2);
    }
    const empty = rateInterval([]);
    assert.ok(Number.isNaN(empty.value) && empty.note === "no observations");
  });
  test("effective counts that are not whole are taken", () => {
    assert.ok(wilson(2.5, 10.4).low > wilson(2.5, 9).low * 0 && clopperPearson(2.5, 10.4).high < 1);
    assert.throws(() => wilson(5, 4), /wilson requires 0 <= k <= n, got k = 5 and n = 4/);
    assert.throws(() => clopperPearson(1, 2, { level: 95 }), /did you mean 0.95/);
  });
  test("clusters that agree inside widen the interval by the design effect", () => {
    const r = random(1);
    const labels = Array.from({ length: 1000 }, (_, i) => i % 50);
    const bad = Array.from({ length: 50 }, () => r.uniform() < 0.3);
    const values = labels.map((k) => (bad[k] ? 1 : 0));
    const e = rateInterval(values, { clusters: labels, clusterBy: "user_id" });
    close(e.designEffect!, 20, "design effect", 0.05);
    const fewer = wilson(e.value * 50, 50);
    close(e.high, fewer.high, "as many trials as clusters", 0.05);
    assert.deepEqual([e.n, e.clusters, e.clusterBy, e.unit], [1000, 50, "user_id", "1"]);
  });
  test("no event in clusters counts as many trials as a usual correlation leaves, or a given one", () => {
    const labels = Array.from({ length: 1000 }, (_, i) => i % 50);
    const none = new Array(1000).fill(0);
    const e = rateInterval(none, { clusters: labels });
    const t = studentTQuantile(0.975, 49);
    close(e.high, wilsonBounds(0, 1000 / (1 + 0.05 * 19), t)[1]);
    assert.match(
      e.note!,
      /too few events among the observations to estimate the correlation within a cluster/,
    );
    const correlated = rateInterval(none, { clusters: labels, correlation: 1 });
    close(correlated.high, wilsonBounds(0, 50, t)[1]);
    close(
      rateInterval(
        none.map(() => 1),
        { clusters: labels },
      ).low,
      1 - e.high,
    );
  });
  const clustered = fc.record({
    sizes: fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 2, maxLength: 40 }),
    correlation: fc.double({ min: 0, max: 1, noNaN: true }),
    level: fc.constantFrom(0.8, 0.95, 0.99),
  });
  test("the bounds rise with every event among the first, whatever the clusters", () =>
    fc.assert(
      fc.property(clustered, ({ sizes, correlation, level }) => {
        const labels = sizes.flatMap((size, k) => new Array<number>(size).fill(k));
        const bound = (hits: number[]) => rateInterval(hits, { clusters: labels, correlation, level });
        const none = bound(labels.map(() => 0));
        for (const k of sizes.keys()) {
          const one = bound(labels.map((label, i) => (i === labels.indexOf(k) && label === k ? 1 : 0)));
          assert.ok(none.high <= one.high && none.low <= one.low, `${none.high} above ${one.high}`);
          const others = bound(labels.map((_, i) => (i === labels.indexOf(k) ? 0 : 1)));
          const all = bound(labels.map(() => 1));
          assert.ok(all.low >= others.low && all.high >= others.high, `${all.low} below ${others.low}`);
        }
      }),
    ));
  thorough("events in clusters of their own never lower the upper bound", () =>
    fc.assert(
      fc.property(
        fc.integer({ min: 8, max: 60 }),
        fc.integer({ min: 2, max: 40 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (clusters, size, correlation) => {
          const labels = Array.from({ length: clusters * size }, (_, i) => i % clusters);
          const high = (events: number) =>
            rateInterval(
              labels.map((_, i) => (i < events ? 1 : 0)),
              { clusters: labels, correlation },
            ).high;
          for (let events = 0; events < clusters; events++)
            assert.ok(high(events) <= high(events + 1) + 1e-12, `${events}: ${high(events)}`);
        },
      ),
    ),
  );
  test("clusters of one row each give Wilson's interval with t", () => {
    const values = Array.from({ length: 400 }, (_, i) => (i % 5 === 0 ? 1 : 0));
    const e = rateInterval(values, { clusters: values.map((_, i) => i) });
    close(e.low, wilson(80, 400).low, "low", 0.01);
    assert.equal(
      rateInterval(values, { clusters: new Array(400).fill("one") }).note,
      "an interval needs 2 clusters, has 1",
    );
  });
  test("sums of the fewest fields give the plain answer", () => {
    assert.deepEqual(rateFromSums({ n: 20, events: 3 }).high, wilson(3, 20).high);
    assert.throws(() => rateInterval([0, 1, 2]), /got 2; use meanInterval/);
    assert.throws(() => rateInterval([1, null as unknown as number]), /got null at index 1/);
    assert.match(
      rateInterval([1, 0, null as unknown as number], { nan: "drop" }).note!,
      /1 missing value left out/,
    );
    assert.equal(
      rateInterval([1, 0, 1, 1, 0, 1, 0, 0, 1, 1, 1, 1], { method: "bootstrap-percentile" }).resamples,
      9999,
    );
    assert.equal(rateInterval([1, 0], { method: "clopper-pearson" }).method, "clopper-pearson");
  });
});
