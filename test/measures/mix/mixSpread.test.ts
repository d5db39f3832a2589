import assert from "node:assert/strict";
import { test } from "node:test";
import { spreadOf } from "../../../src/measures/mix/mixSpread";

test("a day weighs by its calls, not by its share of its side", () => {
  // Four days of 100 calls before, one of 100 after.
  const day = (at: number, second: boolean, h: number, n: number) => ({
    ...{ day: at, second, h, u: h, n, a: 0, b: 0 },
    ...{ k: second ? 0 : 0.1 * h, t: second ? 0.2 * h : 0 },
  });
  const days = [0, 1, 2, 3].map((at) => day(at, false, 0.25, 400)).concat(day(4, true, 1, 100));
  const { daily } = spreadOf([], [], "user_id", false, [false, true], days);
  const values = daily({ k: -1, t: 1 });
  assert.deepEqual(
    values.map(({ weight }) => weight),
    [100, 100, 100, 100, 100],
  );
  assert.deepEqual(
    values.map(({ value }) => Number(value.toFixed(6))),
    [0.1, 0.1, 0.1, 0.1, 0.2],
  );
});
