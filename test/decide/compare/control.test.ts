import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { controlAmong, type ModelDay } from "../../../src/decide/compare/control";

const waves = [0.1, -0.2, 0.3, 0, -0.1, 0.2, -0.3, 0.15, -0.05, 0.25, -0.15, 0.05];
const DAYS = waves.length;

/** A model's days: its level follows the waves as far as `like` says, and half of the days are after the switch. */
function daysOf(
  model: string,
  {
    like = 1,
    calls = 50,
    later = calls,
    chosen = false,
    without = -1,
  }: { like?: number; calls?: number; later?: number; chosen?: boolean; without?: number } = {},
): ModelDay[] {
  return waves.flatMap((wave, day) => {
    const second = day >= DAYS / 2;
    const level = like * wave + (1 - like) * waves[(day * 5 + 3) % DAYS];
    return day === without ? [] : [{ model, chosen, second, day, calls: second ? later : calls, level }];
  });
}
const compared = [
  ...daysOf("alder", { chosen: true }).filter(({ second }) => !second),
  ...daysOf("birch", { chosen: true }).filter(({ second }) => second),
];
const found = (...others: ModelDay[][]) => controlAmong([...compared, ...others.flat()])?.model;

describe("the control of a switch", () => {
  test("is the model whose days before were most like those compared", () => {
    assert.equal(found(daysOf("cedar", { like: 0.7 }), daysOf("dogwood", { like: 0.95 })), "dogwood");
    assert.equal(found(daysOf("cedar", { like: 0 })), undefined);
    assert.equal(found(), undefined);
  });

  test("is not chosen by what happened after", () => {
    const after = daysOf("cedar", { like: 0.8 }).map((one) => (one.second ? { ...one, level: 9 } : one));
    assert.equal(found(after, daysOf("dogwood", { like: 0.7 })), "cedar");
  });

  test("has calls on all of the days, and enough", () => {
    assert.equal(found(daysOf("cedar", { without: 8 })), undefined);
    assert.equal(found(daysOf("cedar", { calls: 9 })), undefined);
  });

  test("kept its share of the traffic", () => {
    assert.equal(found(daysOf("cedar", { later: 52 })), "cedar");
    assert.equal(found(daysOf("cedar", { later: 150 })), undefined);
    assert.equal(found(daysOf("cedar", { later: 15 })), undefined);
  });

  test("is none of the models compared", () => {
    assert.equal(found(daysOf("birch")), undefined);
  });

  test("needs five days a side", () => {
    const few = [...compared, ...daysOf("cedar")].filter(({ day }) => day >= 2);
    assert.equal(controlAmong(few), undefined);
  });
});
