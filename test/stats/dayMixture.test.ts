import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type DayValue, dayMixture } from "../../src/stats/dayMixture";
import { random } from "../../src/stats/random";
import { thorough } from "../property";

const side = (second: boolean, from: number, values: readonly number[]): DayValue[] =>
  values.map((value, i) => ({ day: from + i, second, value, weight: 1 }));
const week = [0.1, 0.02, -0.05, 0.08, 0.12, -0.03, 0.04];
const next = [0.2, 0.18, 0.25, 0.05, 0.15, 0.22, 0.11];

/** Daily values of two sides, one after the other or side by side, with days that share an AR(1) process. */
function daysOf(seed: number, { days = 7, rho = 0, sd = 0, together = false, own = 0 }) {
  const r = random(seed);
  const values: DayValue[] = [];
  let shared = sd * r.normal();
  const mine = [own * r.normal(), own * r.normal()];
  for (let day = 0; day < (together ? days : 2 * days); day++) {
    shared = rho * shared + Math.sqrt(1 - rho ** 2) * sd * r.normal();
    for (const second of together ? [false, true] : [day >= days]) {
      const at = second ? 1 : 0;
      if (own > 0) mine[at] = rho * mine[at] + Math.sqrt(1 - rho ** 2) * own * r.normal();
      values.push({ day, second, value: shared + mine[at] + 0.06 * r.normal(), weight: 1 });
    }
  }
  return values;
}

/** The share of 300 such logs without an effect whose interval leaves out 0. */
function falseIn(world: Parameters<typeof daysOf>[1]): number {
  const wrong = Array.from({ length: 300 }, (_, log) => {
    const [low, high] = dayMixture(daysOf(1000 + log, world))?.bounds(0.95) ?? [Number.NaN, Number.NaN];
    return low > 0 || high < 0;
  });
  return wrong.filter(Boolean).length / 300;
}

describe("a difference over days", () => {
  test("is the same as by matrices, in a mixture over the same grid", () => {
    // Made with NumPy and SciPy: S inverted at each point of the grid.
    const effect = dayMixture([...side(false, 0, week), ...side(true, 7, next)]);
    assert.ok(effect);
    assert.equal(effect.value.toFixed(4), "0.1319");
    assert.deepEqual(
      effect.bounds(0.95).map((end) => end.toFixed(4)),
      ["0.0204", "0.2519"],
    );
    assert.equal(effect.carriesOver.toFixed(3), "0.269");
    assert.ok(Math.abs(effect.p - 2 * effect.below(0)) < 1e-12);
  });

  test("does not depend on the order of the days, and turns with the sides", () => {
    const values = [...side(false, 0, week), ...side(true, 7, next)];
    const turned = values.map((one) => ({ ...one, second: !one.second }));
    const [effect, back, other] = [values, [...values].reverse(), turned].map((days) => dayMixture(days));
    assert.deepEqual(back?.bounds(0.9), effect?.bounds(0.9));
    assert.ok(Math.abs((other?.value ?? 0) + (effect?.value ?? 0)) < 1e-9);
  });

  test("is not told from fewer than five days a side", () => {
    assert.equal(dayMixture([...side(false, 0, week), ...side(true, 7, next.slice(0, 4))]), undefined);
    assert.equal(dayMixture([]), undefined);
  });

  test("counts a day by its calls: one of few moves little", () => {
    const odd = { day: 14, second: true, value: 3, weight: 0.001 };
    const [without, beside] = [[], [odd]].map((more) =>
      dayMixture([...side(false, 0, week), ...side(true, 7, next), ...more]),
    );
    assert.ok(Math.abs((beside?.value ?? 0) - (without?.value ?? 0)) < 0.03);
  });

  test("counts a day by its calls on either side: four weeks against one", () => {
    const wrong = Array.from({ length: 200 }, (_, log) => {
      const r = random(500 + log);
      const values = Array.from({ length: 35 }, (_, day) => ({
        ...{ day, second: day >= 28, value: r.normal() },
        // What calls a day has, and not its share of its side.
        weight: 100,
      }));
      const [low, high] = dayMixture(values, { nothing: 0.999 })?.bounds(0.95) ?? [0, 0];
      return low > 0 || high < 0;
    }).filter(Boolean).length;
    assert.ok(wrong <= 18, `${wrong} of 200`);
  });

  test("is narrower where days are known to carry nothing over", () => {
    const values = [...side(false, 0, week), ...side(true, 7, next)];
    const [wide, narrow] = [undefined, 0.8].map((nothing) => {
      const [low, high] = dayMixture(values, { nothing })?.bounds(0.95) ?? [0, 0];
      return high - low;
    });
    assert.ok(narrow < wide, `${narrow} against ${wide}`);
  });

  test("is exact where days do not vary at all", () => {
    const effect = dayMixture([...side(false, 0, [1, 1, 1, 1, 1]), ...side(true, 5, [2, 2, 2, 2, 2])]);
    assert.ok(Math.abs((effect?.value ?? 0) - 1) < 1e-6);
  });

  test("what both sides have of a day tells on neither", () => {
    const r = random(3);
    const shared = week.map(() => 5 * r.normal());
    const values = [...side(false, 0, week), ...side(true, 0, next)];
    const raised = values.map((one) => ({ ...one, value: one.value + shared[one.day] }));
    const [low, high] = dayMixture(raised)?.bounds(0.95) ?? [0, 0];
    assert.ok(high - low < 0.5, `${low} to ${high}`);
  });

  test("is that of pairs where both sides have every day and nothing carries over, however much days differ", () => {
    const days = [...side(false, 0, week), ...side(true, 0, next)];
    const of = (some: DayValue[]) => dayMixture(some, { nothing: 1 });
    const effect = of(days);
    // Worked out by hand: t of 6 degrees of freedom.
    assert.deepEqual(
      effect?.bounds(0.95).map((end) => end.toFixed(4)),
      ["0.0162", "0.2353"],
    );
    const apart = of(days.map((one) => ({ ...one, value: one.value + one.day ** 2 })));
    assert.ok(Math.abs((apart?.p ?? 0) - (effect?.p ?? 1)) < 1e-9);
  });

  thorough("days that each side has of its own, and that carry over, are not taken for a difference", () => {
    assert.ok(falseIn({ days: 28, together: true }) <= 0.05);
    assert.ok(falseIn({ days: 28, together: true, own: 0.1, rho: 0.5 }) <= 0.08);
    // By pairs alone, as if nothing carried over, it would be .41.
    assert.ok(falseIn({ days: 28, together: true, own: 0.1, rho: 0.8 }) <= 0.15);
  });

  thorough(
    "is false in at most 5 % of logs with independent days, and 12 % of two weeks whose days carry over",
    () => {
      assert.ok(falseIn({ days: 7 }) <= 0.05);
      assert.ok(falseIn({ days: 7, sd: 0.2 }) <= 0.05);
      assert.ok(falseIn({ days: 7, sd: 0.2, rho: 0.8 }) <= 0.12);
      assert.ok(falseIn({ days: 28, sd: 0.2, rho: 0.8 }) <= 0.09);
      assert.ok(falseIn({ days: 14, sd: 0.2, rho: 0.8, together: true }) <= 0.08);
    },
  );
});
