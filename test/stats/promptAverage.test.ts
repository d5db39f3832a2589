import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { boundedMeanDraws } from "../../src/stats/boundedMean";
import { passAt, passHat } from "../../src/stats/passAt";
import { passOverPrompts } from "../../src/stats/passOverPrompts";
import { promptAverage } from "../../src/stats/promptAverage";
import { random } from "../../src/stats/random";
import { fc } from "../property";
import { close } from "./golden";

describe("an average over prompts", () => {
  test("holds its value, stays within 0 and 1 and ignores the order", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 30 }),
        (shares) => {
          const a = promptAverage(shares, { resamples: 199 });
          close(a.value, shares.reduce((sum, s) => sum + s, 0) / shares.length, "mean", 1e-9);
          assert.ok(0 <= a.low && a.low <= a.value && a.value <= a.high && a.high <= 1);
          assert.deepEqual(promptAverage(shares.toReversed(), { resamples: 199 }), a);
        },
      ),
      { numRuns: 50 },
    );
  });
  test("of 0/1 shares is Jeffreys' interval", () => {
    const a = promptAverage([...new Array(16).fill(1), ...new Array(4).fill(0)], { resamples: 40_000 });
    // Beta(16.5, 4.5) quantiles
    assert.ok(Math.abs(a.low - 0.59) < 0.006 && Math.abs(a.high - 0.9279) < 0.006, JSON.stringify(a));
  });
  test("of prompts that are all alike is not certain", () => {
    const all = promptAverage(new Array(20).fill(1));
    assert.ok(all.value === 1 && all.high === 1 && all.low < 0.95 && all.low > 0.8);
    const half = promptAverage(new Array(20).fill(0.5));
    assert.ok(half.low < 0.48 && half.high > 0.52);
  });
  test("takes many distinct values together without moving the mean", () => {
    const values = Array.from({ length: 3_000 }, (_, i) => ((i * 7919) % 3001) / 3001);
    const draws = boundedMeanDraws(values, [0, 1], 500, random(1));
    const mean = draws.reduce((a, b) => a + b) / draws.length;
    const sd = Math.sqrt(draws.reduce((a, b) => a + (b - mean) ** 2, 0) / draws.length);
    close(mean, 0.5, "mean", 0.005);
    close(sd, 1 / Math.sqrt(12 * 3_000), "sd", 0.12);
  });
  test("says what was left out, and has no value without prompts", () => {
    const a = promptAverage([1, Number.NaN, 0]);
    assert.equal(a.n, 2);
    assert.match(a.note ?? "", /1 of 3 prompts left out/);
    const none = promptAverage([]);
    assert.ok(Number.isNaN(none.value) && Number.isNaN(none.low) && /no prompt/.test(none.note ?? ""));
    assert.match(promptAverage([1]).note ?? "", /one prompt says little/);
    assert.throws(() => promptAverage([1.5]), /from 0 to 1, got 1.5/);
    assert.throws(() => promptAverage([Infinity]), /got Infinity/);
  });
});

describe("pass@k and pass^k over prompts", () => {
  const prompts = [
    { runs: 4, passes: 4 },
    { runs: 5, passes: 2 },
    { runs: 2, passes: 1 },
  ];
  test("average the prompts that were run often enough", () => {
    close(passOverPrompts(prompts, 2).value, (1 + passAt(5, 2, 2) + passAt(2, 1, 2)) / 3);
    const hat = passOverPrompts(prompts, 4, { of: "hat" });
    close(hat.value, (1 + passHat(5, 2, 4)) / 2);
    assert.equal(hat.n, 2);
    assert.match(hat.note ?? "", /1 of 3 prompts left out: fewer than 4 runs/);
    close(
      passOverPrompts(prompts, 2, { of: "share", tau: 1 }).value,
      passOverPrompts(prompts, 2, { of: "hat" }).value,
    );
  });
  test("no prompt run often enough gives no value; mistakes are named", () => {
    const none = passOverPrompts(prompts, 9);
    assert.ok(Number.isNaN(none.value));
    assert.match(none.note ?? "", /3 of 3 prompts left out: fewer than 9 runs; no prompt/);
    assert.throws(() => passOverPrompts([{ runs: 2, passes: 3 }], 1), /3 passes of 2 runs/);
    assert.throws(() => passOverPrompts(prompts, 0), /k >= 1/);
    assert.throws(() => passOverPrompts(prompts, 1, { of: "all" as "hat" }), /of to be one of/);
  });
});
