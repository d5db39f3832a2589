import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { changePoint } from "../../src/stats/changePoint";
import { confidenceSequence } from "../../src/stats/confidenceSequence";
import { random } from "../../src/stats/random";
import { close } from "./golden";

function series(n: number, at: number, shift: number, stream: number): number[] {
  const g = random(12, stream);
  return Array.from({ length: n }, (_, i) => g.normal() + (i >= at ? shift : 0));
}

describe("a change point", () => {
  test("is found where it is, with the levels before and after", () => {
    const c = changePoint(series(168, 100, 2, 1), { resamples: 499 });
    assert.ok(
      Math.abs(c.index.value - 100) <= 2 && c.index.low <= 100 && 100 <= c.index.high,
      JSON.stringify(c),
    );
    assert.ok(c.index.high - c.index.low < 15);
    assert.equal(c.p, 1 / 500);
    assert.ok(Math.abs(c.after - c.before - 2) < 0.4);
  });
  test("is not claimed for a steady series more often than stated, even one with memory", () => {
    const runs = 100;
    let claims = 0;
    for (let run = 0; run < runs; run++) {
      const g = random(13, run);
      let last = 0;
      const memory = Array.from({ length: 60 }, () => {
        last = 0.3 * last + g.normal();
        return last;
      });
      if (changePoint(memory, { resamples: 99 }).p <= 0.05) claims++;
    }
    assert.ok(claims <= 14, `${claims} of ${runs}`);
  });
  test("does not depend on scale, shift or direction", () => {
    const values = series(60, 30, 1.5, 3);
    const base = changePoint(values, { resamples: 199 });
    const other = changePoint(
      values.map((v) => -4 * v),
      { resamples: 199 },
    );
    assert.deepEqual(
      [other.index.value, other.index.low, other.index.high, other.p],
      [base.index.value, base.index.low, base.index.high, base.p],
    );
    close(other.before, -4 * base.before);
    assert.equal(
      changePoint(
        values.map((v) => v * 1e300),
        { resamples: 199 },
      ).index.value,
      base.index.value,
    );
  });
  test("counts steps as given when some are missing", () => {
    const values = series(60, 30, 5, 4);
    values.splice(10, 0, Number.NaN, Number.NaN);
    const c = changePoint(values, { resamples: 99 });
    assert.equal(c.index.value, 32);
    assert.match(c.index.note ?? "", /2 of 62 steps left out/);
  });
  test("has no answer for short, constant or single-block series, and refuses infinities", () => {
    for (const [values, why] of [
      [[], /needs 8 values, has 0/],
      [[1, 2, 3], /needs 8 values, has 3/],
      [new Array(20).fill(2), /constant/],
    ] as const) {
      const c = changePoint(values);
      assert.ok(Number.isNaN(c.p) && Number.isNaN(c.index.value) && Number.isNaN(c.before));
      assert.match(c.index.note ?? "", why);
    }
    assert.match(changePoint(series(20, 10, 1, 5), { block: 10 }).index.note ?? "", /needs 4 blocks, has 2/);
    assert.throws(() => changePoint([1, Infinity]), /finite values, got Infinity/);
    assert.throws(() => changePoint(series(20, 10, 1, 5), { block: 0 }), /block/);
  });
});

describe("a confidence sequence", () => {
  test("is the published formula", () => {
    const s = confidenceSequence({ value: 2, error: 0.5, n: 400 }, { bestAt: 400, unit: "s" });
    const rho = Math.sqrt((-2 * Math.log(0.05) + Math.log(-2 * Math.log(0.05) + 1)) / 400);
    const reach =
      0.5 *
      Math.sqrt(400) *
      Math.sqrt(
        ((2 * (400 * rho ** 2 + 1)) / (400 ** 2 * rho ** 2)) * Math.log(Math.sqrt(400 * rho ** 2 + 1) / 0.05),
      );
    close(s.high - 2, reach, "reach", 1e-9);
    close(2 - s.low, reach, "reach", 1e-9);
    assert.ok(reach / (1.96 * 0.5) > 1.3 && reach / (1.96 * 0.5) < 1.7);
  });
  test("holds the truth at all looks together", () => {
    const runs = 200;
    let missed = 0;
    for (let run = 0; run < runs; run++) {
      const g = random(14, run);
      let sum = 0;
      let squares = 0;
      let ever = false;
      for (let n = 1; n <= 1500; n++) {
        const x = g.normal();
        sum += x;
        squares += x * x;
        if (n < 100 || n % 20 > 0) continue;
        const mean = sum / n;
        const s = confidenceSequence({
          value: mean,
          error: Math.sqrt((squares / n - mean * mean) / (n - 1)),
          n,
        });
        if (s.low > 0 || s.high < 0) ever = true;
      }
      if (ever) missed++;
    }
    assert.ok(missed <= 0.075 * runs, `${missed} of ${runs}`);
  });
  test("says where it cannot be trusted or made", () => {
    assert.match(confidenceSequence({ value: 1, error: 1, n: 20 }).note ?? "", /100 or more are better/);
    for (const seen of [
      { value: 1, error: 1, n: 0 },
      { value: 1, error: Number.NaN, n: 5 },
      { value: Infinity, error: 1, n: 5 },
      { value: 1, error: 0, n: 500 },
    ]) {
      const s = confidenceSequence(seen);
      assert.ok(Number.isNaN(s.low) && Number.isNaN(s.high) && s.note);
    }
    assert.throws(() => confidenceSequence({ value: 1, error: -1, n: 5 }), /error >= 0, got -1/);
    assert.throws(() => confidenceSequence({ value: 1, error: 1, n: 5 }, { level: 95 }), /did you mean 0.95/);
  });
});
