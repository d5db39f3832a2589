import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { doubtOfDays, switchEffect } from "../../../src/decide/compare/switchEffect";
import type { DayValue } from "../../../src/stats/dayMixture";
import { random } from "../../../src/stats/random";

const weeks = [1, 1.05, 0.98, 1.02, 1.1, 1.04, 0.99, 1.03];
const side = (second: boolean, from: number, values: readonly number[]): DayValue[] =>
  values.map((value, i) => ({ day: from + i, second, value, weight: 1 }));
const daily = (some: readonly number[]) => some.flatMap((week) => Array.from({ length: 7 }, () => week));
const methodOf = (...given: Parameters<typeof switchEffect>) => switchEffect(...given)?.against.method;

describe("a switch over days", () => {
  const r = random(5);
  const shared = Array.from({ length: 28 }, () => 0.2 * r.normal());
  const noisy = (by: number) =>
    shared.map((one, day) => ({
      day,
      second: day >= 14,
      value: one + 0.05 * r.normal() + (day >= 14 ? by : 0),
      weight: 1,
    }));

  test("is held against a control that had the same days before", () => {
    const found = switchEffect(noisy(0.2), noisy(0));
    assert.equal(found?.against.method, "days-control");
    const [low, high] = found.effect.bounds(0.95);
    assert.ok(low > 0.1 && high < 0.3, `${low} to ${high}`);
  });

  test("is not held against one that lacks a day, or had other days before", () => {
    assert.equal(methodOf(noisy(0), noisy(0).slice(1)), undefined);
    const other = noisy(0).map((one, at) => ({ ...one, value: shared[(at * 9 + 4) % 28] }));
    assert.equal(methodOf(noisy(0), other), undefined);
  });

  test("is held against eight earlier weeks, and not against seven", () => {
    const found = switchEffect([...side(false, 0, daily(weeks)), ...side(true, 56, daily([1.2]))], undefined);
    assert.deepEqual(found?.against, { method: "days-weeks", weeks: 8 });
    const [low, high] = found.effect.bounds(0.95);
    assert.equal(((high - low) / 2).toFixed(4), "0.1486");
    const seven = [...side(false, 7, daily(weeks.slice(1))), ...side(true, 56, daily([1.2]))];
    assert.equal(methodOf(seven, undefined), undefined);
  });

  test("leaves out the day of the switch, which is whole on neither side", () => {
    const odd = [...side(false, 56, [9]), ...side(true, 56, [9])];
    const found = switchEffect(
      [...side(false, 0, daily(weeks)), ...odd, ...side(true, 57, daily([1.2]))],
      undefined,
    );
    assert.equal(found?.effect.value.toFixed(3), "0.170");
  });

  test("takes as many weeks after it as the earlier ones can tell apart", () => {
    const long = side(false, 0, daily([...weeks, ...weeks, ...weeks.slice(4)]));
    const after = side(true, 140, daily([1.2, 1.2, 1.2, 1.2, 9]));
    assert.equal(switchEffect([...long, ...after], undefined)?.effect.value.toFixed(2), "0.16");
    const few = [...side(false, 0, daily(weeks)), ...side(true, 56, daily([1.2, 9, 9]))];
    assert.equal(switchEffect(few, undefined)?.effect.value.toFixed(2), "0.17");
  });

  test("is doubted where a few holidays made the weeks after it", () => {
    const before = side(false, 0, daily(weeks));
    const doubtOf = (after: readonly number[]) =>
      switchEffect([...before, ...side(true, 56, after)], undefined)?.doubt;
    assert.ok(Number(doubtOf(daily([1.3]))) < 0.05);
    assert.equal(doubtOf([1.03, 1.03, 1.03, 1.03, 1.8, 1.8, 1.8]), 1);
  });

  test("is doubted below two weeks a side where only the prior of a control tells it", () => {
    const week = (by: number) => noisy(by).filter(({ day }) => day >= 7 && day < 21);
    const found = switchEffect(week(0.2), week(0));
    assert.equal(found?.against.method, "days-control");
    assert.ok(found.doubt > found.effect.p, `${found.doubt}, ${found.effect.p}`);
    const long = switchEffect(noisy(0.2), noisy(0));
    assert.equal(long?.doubt, long?.effect.p);
    assert.deepEqual(
      [doubtOfDays(0.03, [7, 28], 0.1), doubtOfDays(0.03, [14, 28], 0), doubtOfDays(0.03, [14, 28], 0.5)],
      [0.06, 0.03, 0.045],
    );
  });

  test("takes nothing for granted of a control where days left over differ more than calls make them", () => {
    const wide = ([low, high]: [number, number]) => high - low;
    const [days, control] = [noisy(0.2), noisy(0)];
    const widthAt = (noise: number) =>
      wide(switchEffect(days, control, noise)?.effect.bounds(0.95) ?? [0, 0]);
    assert.ok(widthAt(0.001) > widthAt(1), `${widthAt(0.001)}, ${widthAt(1)}`);
  });

  test("of two sides on the same days is none", () => {
    assert.equal(
      methodOf([...side(false, 0, daily(weeks)), ...side(true, 0, daily(weeks))], undefined),
      undefined,
    );
  });
});
