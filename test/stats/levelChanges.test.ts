import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { levelChanges } from "../../src/stats/levelChanges";
import { random } from "../../src/stats/random";
import { fc } from "../property";

/** Days with noise, to which `of` adds a level. */
function days(n: number, of: (day: number) => number = () => 0, seed = 5) {
  const source = random(seed);
  const values = Array.from({ length: n }, (_, day) => source.normal() + of(day));
  return { at: values.map((_, day) => 20_000 + day), values, units: values.map(() => 100) };
}

describe("changes of a level", () => {
  test("are found with their day, their size and a chance", () => {
    const { changes, levels } = levelChanges(days(60, (day) => (day < 40 ? 0 : 4)));
    assert.equal(changes.length, 1);
    const [{ index, low, high, chance, by }] = changes;
    assert.equal(index, 40);
    assert.ok(low <= 40 && high >= 40 && high - low < 5);
    assert.ok(chance > 0.99 && chance <= 1);
    assert.ok(by.low < 4 && by.high > 4 && by.low > 2);
    assert.ok(levels[10] < 1 && levels[50] > 3);
  });

  test("are none in noise, and none where days wander", () => {
    assert.deepEqual(levelChanges(days(60)).changes, []);
    const source = random(3);
    let carried = 0;
    const values = Array.from({ length: 80 }, () => (carried = 0.7 * carried + source.normal()));
    const found = levelChanges({ at: values.map((_, day) => day), values, units: values.map(() => 1) });
    assert.deepEqual(found.changes, []);
    assert.ok(found.chance > 0 && found.chance < 0.95);
  });

  test("are no single day, however far off", () => {
    const found = levelChanges(days(60, (day) => (day === 30 ? 40 : 0)));
    assert.deepEqual([found.changes, found.alerts], [[], []]);
  });

  test("are told apart from the days of the week", () => {
    const found = levelChanges(
      days(70, (day) => (day % 7 > 4 ? 6 : 0)),
      { period: 7 },
    );
    assert.deepEqual(found.changes, []);
    const sorted = [...found.pattern].sort((a, b) => a - b);
    assert.ok(sorted[5] > 3 && sorted[4] < 0, String(sorted));
    const moved = levelChanges(
      days(70, (day) => (day % 7 > 4 ? 6 : 0) + (day < 45 ? 0 : 3)),
      { period: 7 },
    );
    assert.equal(moved.changes.length, 1);
    assert.ok(Math.abs(moved.changes[0].index - 45) <= 2);
  });

  test("are several, each given the others", () => {
    const { changes } = levelChanges(days(90, (day) => (day < 30 ? 0 : day < 60 ? 5 : 1)));
    assert.deepEqual(
      changes.map(({ index }) => index),
      [30, 60],
    );
    assert.ok(changes[0].by.value > 3 && changes[1].by.value < -2);
  });

  test("raise an alert soon after, and none before", () => {
    const { alerts } = levelChanges(days(60, (day) => (day < 40 ? 0 : 4)));
    assert.equal(alerts.length, 1);
    assert.ok(alerts[0].index >= 41 && alerts[0].index <= 45, String(alerts[0].index));
    assert.ok(Math.abs(alerts[0].since - 40) <= 1);
  });

  test("alerts are those of the values that were known then", () => {
    const all = days(60, (day) => (day < 40 ? 0 : 4));
    const whole = levelChanges(all).alerts;
    for (const n of [30, 41, 45, 50]) {
      const part = Object.fromEntries(Object.entries(all).map(([name, one]) => [name, one.slice(0, n)]));
      const known = whole.map(({ sure = n, ...alert }) => (sure < n ? { ...alert, sure } : alert));
      assert.deepEqual(
        levelChanges(part as typeof all).alerts,
        known.filter(({ index }) => index < n),
      );
    }
  });

  test("an alert is sure once a look finds it even if days much resemble the days before", () => {
    const sureOf = (by: number) => levelChanges(days(60, (day) => (day < 40 ? 0 : by))).alerts[0];
    const [large, small] = [sureOf(8), sureOf(1.6)];
    assert.ok(Number(large.sure) >= large.index && Number(large.sure) < 50, String(large.sure));
    assert.ok((small.sure ?? 60) > small.index, String(small.sure));
  });

  test("do not depend on the unit of the values", () =>
    fc.assert(
      fc.property(
        fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
        fc.integer({ min: -5, max: 5 }),
        (unit, zero) => {
          const course = days(30, (day) => (day < 20 ? 0 : 2));
          const other = { ...course, values: course.values.map((one) => unit * (one + zero)) };
          const [a, b] = [levelChanges(course), levelChanges(other)];
          assert.ok(Math.abs(a.chance - b.chance) < 1e-6);
          assert.deepEqual(
            a.changes.map(({ index }) => index),
            b.changes.map(({ index }) => index),
          );
        },
      ),
      { numRuns: 10 },
    ));

  test("cannot be told of few days or of equal ones, which is said", () => {
    assert.match(levelChanges(days(13)).note ?? "", /needs 14 values, has 13/);
    const same = { at: [...Array(20).keys()], values: Array(20).fill(3), units: Array(20).fill(1) };
    const found = levelChanges(same);
    assert.match(found.note ?? "", /the same/);
    assert.deepEqual([found.changes, found.alerts], [[], []]);
    assert.ok(Number.isNaN(found.chance));
  });

  test("skip days without a value", () => {
    const course = days(70, (day) => (day < 40 ? 0 : 5));
    const there = course.at.map((_, day) => day % 7 < 5);
    const left = Object.fromEntries(
      Object.entries(course).map(([name, one]) => [name, one.filter((_, day) => there[day])]),
    ) as typeof course;
    const { changes } = levelChanges(left, { period: 7 });
    assert.equal(changes.length, 1);
    assert.equal(left.at[changes[0].index], 20_042, "the first day that is there after the change");
  });

  test("refuse what is no course", () => {
    const one = days(20);
    assert.throws(
      () => levelChanges({ ...one, values: one.values.with(3, Number.NaN) }),
      /finite values, got NaN/,
    );
    assert.throws(() => levelChanges({ ...one, units: one.units.with(3, 0) }), /units above 0, got 0/);
    assert.throws(
      () => levelChanges({ ...one, at: one.at.with(3, 1) }),
      /steps that rise, got 1 after 20002/,
    );
    assert.throws(() => levelChanges(one, { level: 95 }), /0 < level < 1/);
    assert.throws(() => levelChanges(one, { quiet: 0 }), /quiet >= 1/);
  });
});
