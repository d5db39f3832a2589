import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { clusteredQuantileRanks } from "../../src/stats/clusteredQuantile";
import { noteOf } from "../../src/stats/estimate";
import { meanFromSums } from "../../src/stats/mean";
import { powerSums } from "../../src/stats/powerSums";
import { random } from "../../src/stats/random";
import { rateFromSums } from "../../src/stats/rate";
import { ratioFromPowerSums } from "../../src/stats/ratioInterval";
import {
  partOf,
  pooledDays,
  type SharedTime,
  sharedDegrees,
  sharedTime,
  timedVariance,
  timeNotes,
} from "../../src/stats/sharedTime";
import { widened } from "../../src/stats/widened";
import { fc } from "../property";

describe("time that users share", () => {
  test("adds V_hour - V_both to the variance of the users, hours counted as a sample", () => {
    const { added, degrees } = sharedTime({ units: 10, hours: 8, both: 5, count: 101, effective: 50 });
    assert.ok(Math.abs(added - (8 * 1.01 - 5) / 10) < 1e-12);
    assert.equal(degrees, 49);
  });
  test("never takes anything away", () => {
    const sums = { units: 10, hours: 3, both: 5, count: 100, effective: 50 };
    assert.deepEqual(sharedTime(sums), { added: 0, degrees: Number.POSITIVE_INFINITY });
  });
  test("is not told from fewer than ten effective hours", () => {
    const sums = { units: 10, hours: 30, both: 5, count: 12, effective: 9.9 };
    assert.equal(sharedTime(sums).added, 0);
    assert.ok(sharedTime({ ...sums, effective: 10 }).added > 0);
  });
  test("brings its own degrees of freedom in, by its part of the variance", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 50, noNaN: true }), (added) => {
        const degrees = sharedDegrees(20, { added, degrees: 60 });
        assert.ok(degrees >= 20 && degrees <= 80 + 1e-9);
      }),
    );
    assert.equal(sharedDegrees(20, { added: 0, degrees: Number.POSITIVE_INFINITY }), 20);
    assert.ok(Math.abs(sharedDegrees(20, { added: 1e9, degrees: 60 }) - 60) < 1e-6);
  });
});

describe("days that may share something", () => {
  const days = (odds: number): SharedTime => ({
    added: 0,
    degrees: Number.POSITIVE_INFINITY,
    days: { odds, parts: [{ weight: 1, added: 3 }], spells: 28 },
  });
  test("make a variance between that without them and that with them, by how likely they are", () => {
    const [no, even, yes] = [1e-9, 1, 1e9].map((odds) => timedVariance(1e9, days(odds), 0.95).more);
    assert.ok(Math.abs(no - 1) < 1e-6 && Math.abs(yes - 4) < 1e-6, `${no} ${yes}`);
    // Half of errors with a standard deviation of 1 and half of 2: 2.5 % lie beyond 3.292.
    assert.ok(Math.abs(Math.sqrt(even) * 1.959964 - 3.3) < 0.05, String(even));
    assert.ok(timedVariance(1e9, days(1), 0.5).more < even);
  });
  test("count for nothing where nothing is known of them", () => {
    assert.deepEqual(timedVariance(20, undefined, 0.95), { more: 1, degrees: 20 });
    assert.deepEqual(timedVariance(20, { added: 1, degrees: 60 }, 0.95), { more: 2, degrees: 60 });
  });
  test("are less likely where other rows show none, more where they show some, and never ruled out", () => {
    const nothing = (rows: SharedTime[]) => pooledDays(rows)[0]?.days?.nothing ?? Number.NaN;
    assert.equal(nothing([days(5)]), 0.5);
    const [quiet, loud] = [0.2, 50].map((odds) => nothing([days(5), days(odds), days(odds), days(odds)]));
    assert.ok(quiet > 0.6 && loud < 0.3, `${quiet} ${loud}`);
    assert.equal(nothing([days(5), ...new Array(200).fill(days(0.1))]), 0.8);
    assert.equal(nothing([days(5), ...new Array(9).fill(undefined)]), 0.5);
  });
  test("are taken in part by a number that takes its variance from elsewhere in part", () => {
    assert.equal(partOf(days(1), 0.5).days?.parts[0].added, 1.5);
    assert.deepEqual(partOf({ added: 4, degrees: 60 }, 0.25), { added: 1, degrees: 60 });
  });
  test("are told in the unit of the units' variance", () => {
    const found = sharedTime({
      units: 10,
      hours: 5,
      both: 5,
      effective: 50,
      days: { odds: 2, parts: [{ weight: 1, added: 30 }], spells: 9 },
    });
    assert.deepEqual(found.days?.parts, [{ weight: 1, added: 3 }]);
    assert.ok(timeNotes({ ...found, days: { ...days(1e9).days!, spells: 9 } })[0].numbers.spells === "9");
  });
});

describe("an interval that knows of it", () => {
  const shared = { added: 3, degrees: 1e9 };
  test("says where it rests on few spells of time, in a mean, a quantile, a rate and a ratio", () => {
    const few = { added: 3, degrees: 6.4 };
    const note =
      "what calls share in time counts as 7 independent spells: below 30 the interval may be too narrow, and a longer log has more";
    assert.equal(noteOf(timeNotes(few)), note);
    assert.deepEqual(
      [timeNotes({ ...few, added: 0.9 }), timeNotes(shared), timeNotes(undefined)],
      [[], [], []],
    );
    const n = 4000;
    const even = { n, clusters: n, sizeSquares: n, sizeCubes: n, sizeFourths: n, shared: few };
    assert.equal(meanFromSums({ ...even, total: n, deviations: n, residualSquares: n }).note, note);
    assert.equal(
      noteOf(clusteredQuantileRanks(0.5, { ...even, below: n / 2, leaveOneOut: n / (n / 2) ** 2 }).notes),
      note,
    );
    assert.equal(rateFromSums({ ...even, events: n / 2, eventSquares: n / 2, products: n / 2 }).note, note);
    const r = random(9);
    const sizes = new Array(900).fill(1);
    const sums = powerSums(
      sizes.map(() => 1 + 0.1 * r.normal()),
      sizes,
    );
    assert.equal(widened(ratioFromPowerSums(sums), sums, { shared: few }).note, note);
  });
  test("of a mean is twice as wide at four times the variance", () => {
    const sums = {
      n: 4000,
      total: 4000,
      deviations: 4000,
      clusters: 4000,
      sizeSquares: 4000,
      residualSquares: 4000,
    };
    const plain = meanFromSums(sums);
    const wide = meanFromSums({ ...sums, shared });
    assert.ok(Math.abs((wide.high - wide.value) / (plain.high - plain.value) - 2) < 1e-3);
    assert.ok(Math.abs((wide.designEffect as number) - 4 * (plain.designEffect as number)) < 1e-9);
  });
  test("of a rate counts a quarter of the trials", () => {
    const sums = {
      n: 4000,
      events: 2000,
      clusters: 4000,
      sizeSquares: 4000,
      eventSquares: 2000,
      products: 2000,
    };
    const wide = rateFromSums({ ...sums, shared });
    const fewer = rateFromSums({ n: 1000, events: 500 });
    assert.ok(Math.abs(wide.low - fewer.low) < 1e-4);
  });
  test("of a quantile has ranks about twice as far apart", () => {
    const sums = {
      n: 10_000,
      below: 5000,
      clusters: 10_000,
      sizeSquares: 1e4,
      sizeCubes: 1e4,
      sizeFourths: 1e4,
    };
    const law = { ...sums, leaveOneOut: 1e4 / 2.5e7 };
    const [plain, wide] = [clusteredQuantileRanks(0.5, law), clusteredQuantileRanks(0.5, { ...law, shared })];
    assert.ok(Math.abs((wide.high - wide.low) / (plain.high - plain.low) - 2) < 0.01);
  });
  test("of a ratio keeps its shape", () => {
    const r = random(3);
    const sizes = new Array(900).fill(1);
    const sums = powerSums(
      sizes.map(() => Math.exp(0.3 * r.normal())),
      sizes,
    );
    const one = ratioFromPowerSums(sums);
    const { value, low, high } = widened(one, sums, { shared });
    assert.ok(Math.abs((high - value) / (one.high - value) - 2) < 0.01);
    assert.ok(Math.abs((value - low) / (value - one.low) - 2) < 0.01);
    const open = { ...one, high: Number.POSITIVE_INFINITY };
    assert.equal(widened(open, sums, { shared }).high, Number.POSITIVE_INFINITY);
    assert.deepEqual(widened(one, sums), one);
  });
  test("of a ratio of heavy tails ends further up than resamples of what was seen, and says why", () => {
    const r = random(5);
    const sizes = new Array(100).fill(1);
    const sums = powerSums(
      sizes.map(() => Math.exp(1.4 * r.normal())),
      sizes,
    );
    const one = ratioFromPowerSums(sums, { method: "fieller" });
    const wide = widened(one, sums, { even: true });
    assert.ok(wide.high > 1.1 * one.high && wide.low === one.low);
    assert.match(wide.note as string, /very skewed: .* read the upper end as "at least"/);
  });
  test("of a ratio over clusters of very unequal size counts the effective ones", () => {
    const r = random(4);
    const sizes = Array.from({ length: 200 }, (_, k) => Math.ceil(200 / (k + 1)));
    const c = sizes.map((m) => m * (1 + 0.3 * r.normal()));
    const sums = powerSums(c, sizes);
    const one = ratioFromPowerSums(sums);
    const wide = widened(one, sums);
    assert.ok(wide.high - wide.value > 1.05 * (one.high - one.value));
  });
});
