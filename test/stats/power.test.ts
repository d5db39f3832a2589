import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { newcombe } from "../../src/stats/newcombe";
import {
  minimumDetectableEffect,
  powerForMeans,
  powerForQuantile,
  powerForRates,
} from "../../src/stats/power";
import { random } from "../../src/stats/random";
import { fc } from "../property";
import { close, golden } from "./golden";

describe("sample sizes", () => {
  test("for means equal the reference values", () => {
    for (const c of golden("power_and_stability").cases.slice(0, 2)) {
      const spread = { between: c.omega2, withinFirst: c.sigma2_a, runsFirst: c.K };
      close(minimumDetectableEffect(c.n, spread), c.mde, "mde");
      close(powerForMeans(0.03, spread), c.n_for_delta_003, "n");
    }
  });
  test("and detectable effects are each other's inverse, and grow with the design effect", () => {
    const positive = fc.double({ min: 0.01, max: 10, noNaN: true });
    fc.assert(
      fc.property(
        positive,
        positive,
        positive,
        fc.constantFrom(1, 2.5),
        (difference, first, second, designEffect) => {
          const n = powerForMeans(difference, { first, second }, { designEffect, power: 0.9 });
          close(
            minimumDetectableEffect(n, { first, second }, { designEffect, power: 0.9 }),
            difference,
            "inverse",
          );
          close(
            n,
            designEffect * powerForMeans(difference, { first, second }, { power: 0.9 }),
            "design effect",
          );
        },
      ),
    );
  });
  test("for rates find the planned difference at about the planned power", () => {
    const n = Math.ceil(powerForRates(0.6, 0.7));
    assert.equal(n, 356);
    const g = random(1);
    let found = 0;
    for (let run = 0; run < 400; run++) {
      const hits = (p: number) => {
        let k = 0;
        for (let i = 0; i < n; i++) if (g.uniform() < p) k++;
        return k;
      };
      const d = newcombe(hits(0.6), n, hits(0.7), n);
      if (d.high < 0 || d.low > 0) found++;
    }
    assert.ok(found > 0.74 * 400 && found < 0.86 * 400, `${found} of 400`);
  });
  test("for a quantile are near the theory of a known law", () => {
    const g = random(5);
    const pilot = Array.from({ length: 20_000 }, () => g.normal());
    for (const [p, z] of [
      [0.5, 0],
      [0.95, 1.6448536269514722],
    ]) {
      const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
      const expected = (2 * 7.848879734 * p * (1 - p)) / density ** 2 / 0.1 ** 2;
      close(powerForQuantile(pilot, p, 0.1), expected, `p ${p}`, 0.15);
    }
    const scaled = powerForQuantile(
      pilot.map((v) => 3 * v + 7),
      0.9,
      0.3,
    );
    close(scaled, powerForQuantile(pilot, 0.9, 0.1), "scale", 1e-9);
  });
});

describe("sizes that do not exist", () => {
  test("no difference needs endless data, no data shows nothing", () => {
    assert.equal(powerForRates(0.5, 0.5), Infinity);
    assert.equal(powerForMeans(0, { first: 1 }), Infinity);
    assert.equal(minimumDetectableEffect(0, { first: 1 }), Infinity);
    assert.equal(powerForQuantile([1, 2, 3, 4, 5, 6, 7, 8, 9], 0.5, 0), Infinity);
    assert.equal(minimumDetectableEffect(10, { first: 0 }), 0);
  });
  test("a pilot too small or flat has no answer", () => {
    assert.ok(Number.isNaN(powerForQuantile([], 0.5, 1)));
    assert.ok(Number.isNaN(powerForQuantile(new Array(100).fill(4), 0.5, 1)));
    assert.ok(
      Number.isNaN(
        powerForQuantile(
          Array.from({ length: 200 }, (_, i) => i),
          0.99,
          1,
        ),
      ),
    );
  });
  test("mistakes are named", () => {
    assert.throws(() => powerForRates(60, 0.7), /did you mean 0.6/);
    assert.throws(() => powerForRates(0.6, 0.7, { power: 80 }), /0 < power < 1, got 80/);
    assert.throws(() => powerForMeans(Number.NaN, { first: 1 }), /a difference to find, got NaN/);
    assert.throws(() => powerForMeans(1, { first: -1 }), /variances >= 0, got -1/);
    assert.throws(() => powerForMeans(1, { between: 1, runsFirst: 0 }), /runsFirst/);
    assert.throws(() => minimumDetectableEffect(-1, { first: 1 }), /n >= 0, got -1/);
    assert.throws(() => powerForMeans(1, { first: 1 }, { designEffect: 0 }), /designEffect/);
    assert.throws(() => powerForQuantile([1, 2], 1, 1), /0 < p < 1, got 1/);
  });
});
