import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fieller, fiellerBounds } from "../../src/stats/fieller";
import { mergePowerSums, POWER_SUMS, powerSums, recentred, totals } from "../../src/stats/powerSums";
import { random } from "../../src/stats/random";
import { listedRatios, ratioChunk, ratioDraws, ratioJackknife } from "../../src/stats/ratioDraws";
import { ratioFromPowerSums, ratioInterval } from "../../src/stats/ratioInterval";
import { ratioLaw } from "../../src/stats/ratioLaw";
import { fc } from "../property";
import { close, golden } from "./golden";

function tasks(count: number, seed: number, resolved = 0.7) {
  const r = random(seed);
  const costs = Float64Array.from({ length: count }, () => 0.02 * r.gamma(1.3));
  return { costs, resolved: Float64Array.from({ length: count }, () => (r.uniform() < resolved ? 1 : 0)) };
}

describe("ratios of sums", () => {
  test("Fieller's bounds, the jackknife and the ratio agree with reference values", () => {
    for (const c of golden("cluster").cases) {
      const sums = powerSums(c.cluster_cost, c.cluster_resolved);
      const { low, high, g } = fiellerBounds(sums, 0.95);
      close(g, c.fieller_g, `${c.name} g`);
      if (c.fieller_t95 === null) assert.ok(!Number.isFinite(low) || !Number.isFinite(high), c.name);
      else {
        close(low, c.fieller_t95[0], `${c.name} low`);
        close(high, c.fieller_t95[1], `${c.name} high`);
      }
      const left = ratioJackknife(c.cluster_cost, c.cluster_resolved);
      for (const [i, expected] of c.ratio_jackknife.entries())
        close(left[i]!, expected, `${c.name} jackknife`);
      close(fieller(sums).value, c.ratio, c.name);
      close(
        Math.sqrt((sums.d2r0 * sums.clusters) / (sums.clusters - 1)) / sums.d0r1,
        c.ratio_se_linear,
        `${c.name} se`,
      );
    }
  });
  test("listing every resample gives the law of all n^n of them", () => {
    for (const c of golden("ratio_exact_enumeration").cases) {
      const { ratios, chances } = listedRatios(c.c, c.r);
      const zero = chances.reduce((sum, chance, i) => sum + (ratios[i] === Infinity ? chance : 0), 0);
      close(zero, c.p_zero_denominator, "zero");
      let [average, squares, passed] = [0, 0, 0];
      const upTo: number[] = [];
      for (const [i, ratio] of ratios.entries()) {
        if (ratio === Infinity) continue;
        const weight = chances[i]! / (1 - zero);
        average += weight * ratio;
        squares += weight * ratio * ratio;
        passed += weight;
        upTo.push(passed);
      }
      close(average, c.mean, "mean");
      close(squares - average ** 2, c.var, "variance");
      for (const [i, q] of c.q.entries())
        close(ratios[upTo.findIndex((sum) => sum >= q)]!, c.quantile_type1[i], `quantile ${q}`);
    }
  });
  test("power sums of parts merge to those of the whole, about any centre", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 1, max: 50 }),
        fc.double({ min: -2, max: 2, noNaN: true }),
        (one, two, centre) => {
          const { costs, resolved } = tasks(one + two, one * 100 + two);
          const whole = powerSums(costs, resolved, { centre });
          const merged = mergePowerSums(
            powerSums(costs.subarray(0, one), resolved.subarray(0, one), { centre }),
            powerSums(costs.subarray(one), resolved.subarray(one), { centre: 0.03 }),
          );
          for (const { name } of POWER_SUMS) close(merged[name], whole[name], name, 1e-9, 1e-9);
          assert.equal(merged.clusters, one + two);
          close(totals(recentred(whole, 5)).numerator, totals(whole).numerator, "total", 1e-9, 1e-9);
        },
      ),
      { seed: 1, numRuns: 60 },
    );
    assert.equal(POWER_SUMS.length, 14);
  });
  test("the expansion agrees with 40,000 resamples, from rows and from sums about 0 alike", () => {
    const { costs, resolved } = tasks(400, 3);
    const exact = ratioInterval(costs, resolved);
    assert.equal(exact.resamples, "exact");
    const sums = ratioFromPowerSums(powerSums(costs, resolved, { centre: 0 }));
    close(sums.low, exact.low, "low", 1e-9);
    close(sums.high, exact.high, "high", 1e-9);
    const { ratios } = ratioDraws(costs, resolved, 40000, 5);
    const law = ratioLaw(powerSums(costs, resolved));
    for (const t of [exact.low, exact.value, exact.high]) {
      const share = ratios.reduce((sum, ratio) => sum + (ratio <= t ? 1 : 0), 0) / 40000;
      close(law.cdf(t), share, `cdf(${t})`, 0, 0.008);
    }
  });
  test("chunks of resamples do not depend on who draws them", () => {
    const { costs, resolved } = tasks(60, 4);
    const { ratios } = ratioDraws(costs, resolved, 350, 9);
    assert.deepEqual(ratios.slice(200, 300), ratioChunk(costs, resolved, 9, 2));
    assert.deepEqual(ratioInterval(costs, resolved), ratioInterval(costs, resolved, { seed: 1 }));
    assert.notEqual(ratioInterval(costs, resolved).low, ratioInterval(costs, resolved, { seed: 2 }).low);
  });
  test("rows of a cluster are added up before anything is resampled", () => {
    const { costs, resolved } = tasks(150, 6);
    const halves = [...costs, ...costs].map((c) => c / 2);
    const labels = [...Array.from(costs.keys()), ...Array.from(costs.keys())];
    const split = ratioInterval(halves, [...resolved, ...new Array(150).fill(0)], {
      clusters: labels,
      clusterBy: "task_id",
    });
    const whole = ratioInterval(costs, resolved);
    close(split.low, whole.low, "low");
    close(split.high, whole.high, "high");
    assert.deepEqual([split.n, split.clusters, split.clusterBy], [300, 150, "task_id"]);
  });
  test("scale moves along exactly, at any size", () => {
    const { costs, resolved } = tasks(200, 7);
    const e = ratioInterval(costs, resolved);
    for (const factor of [1e300, 1e-250, -3]) {
      const scaled = ratioInterval(
        costs.map((c) => c * factor),
        resolved,
      );
      close(Math.min(scaled.low / factor, scaled.high / factor), e.low, `${factor}`, 1e-8);
      close(Math.max(scaled.low / factor, scaled.high / factor), e.high, `${factor}`, 1e-8);
    }
  });
  test("below its range the expansion gives way: resamples from rows, Fieller from sums", () => {
    const { costs, resolved } = tasks(40, 8);
    assert.equal(ratioInterval(costs, resolved).resamples, 9999);
    const sums = ratioFromPowerSums(powerSums(costs, resolved));
    assert.equal(sums.method, "fieller");
    assert.match(sums.note!, /fewer than 100 clusters \(40\)/);
    const few = ratioInterval(costs.subarray(0, 8), resolved.subarray(0, 8));
    assert.equal(few.resamples, "exact");
    assert.match(few.note!, /below 30/);
    const { costs: many, resolved: rare } = tasks(2000, 9, 0.01);
    assert.equal(ratioInterval(many, rare, { resamples: 1e6 }).method, "fieller");
    assert.notEqual(ratioInterval(many, rare, { resamples: 999 }).resamples, "exact");
  });
  test("nothing resolved gives a lower bound only, and rare zeros open the upper end", () => {
    const none = ratioInterval([1, 2, 3, 4], [0, 0, 0, 0]);
    assert.ok(Number.isNaN(none.value) && none.high === Infinity);
    close(none.low, 10 / (4 * (1 - 0.05 ** (1 / 4))), "lower bound");
    assert.match(none.note!, /lower bound only/);
    const one = ratioInterval([1, 2, 3, 4, 5, 6], [0, 0, 1, 0, 0, 0]);
    assert.equal(one.high, Infinity);
    assert.match(one.note!, /denominator is 0 in 33 % of resamples/);
  });
  test("every thin or odd sample has a documented answer", () => {
    const said = (c: number[], r: number[]) => ratioInterval(c, r).note!;
    assert.match(said([], []), /no clusters/);
    assert.match(said([1], [1]), /needs 5 clusters, has 1/);
    assert.match(said([1, 2], [1, 1]), /needs 5 clusters, has 2/);
    assert.match(said([1, 2, Infinity, 1, 1], [1, 1, 1, 1, 1]), /infinite/);
    const same = ratioInterval(new Array(200).fill(2), new Array(200).fill(1));
    assert.deepEqual([same.low, same.value, same.high], [2, 2, 2]);
    const free = ratioInterval(new Array(20).fill(0), new Array(20).fill(1));
    assert.deepEqual([free.low, free.high], [0, 0]);
    assert.throws(() => ratioInterval([1, 2], [1, -1]), /requires denominators >= 0, got -1/);
    assert.throws(() => ratioInterval([1], [1, 2]), /one denominator for each numerator/);
    assert.throws(() => ratioInterval([NaN], [1]), /NaN at index 0/);
    assert.match(
      ratioInterval([1, NaN, 2, 3], [1, 1, NaN, 1], { nan: "drop" }).note!,
      /2 missing values left out/,
    );
    assert.throws(() => ratioInterval([1], [1], { method: "basic" as "fieller" }), /method to be one of/);
    const open = fieller(powerSums([1, 2, 1, 1, 1, 1], [0, 0, 0, 0, 0, 1]));
    assert.ok(open.high === Infinity && /unbounded/.test(open.note!));
  });
});
