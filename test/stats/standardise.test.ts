import { test } from "node:test";
import { addTotals, noTotals, standardise } from "../../src/stats/standardise";
import { near } from "../same";

const totals = (units: readonly { x: number; s: number; r: number }[]) =>
  units
    .map(({ x, s, r }) => ({ n: 1, x, xx: x * x, s, xs: x * s, r, xr: x * r }))
    .reduce((sum, one) => addTotals(sum, one), noTotals());
const units = Array.from({ length: 40 }, (_, i) => {
  const x = 1 + ((i * 7) % 13);
  return { x, s: 3 + 2 * x + ((i * 5) % 3), r: 1 + (i % 2) };
});

test("what is linear in the covariate is told exactly at another mean of it", () => {
  const line = Array.from({ length: 30 }, (_, i) => ({ x: i, s: 5 + 2 * i, r: 1 }));
  const target = new Map([["one", { n: 8, x: 8 * 50 }]]);
  near(standardise(new Map([["one", totals(line)]]), target).value, 105, "value", 1e-9);
});

test("few units have no slope: their mean stands", () => {
  const own = new Map([["one", totals(units.slice(0, 9))]]);
  const mean = totals(units.slice(0, 9));
  near(standardise(own, new Map([["one", { n: 1, x: 99 }]])).value, mean.s / mean.r, "value", 1e-9);
});

test("the pull of a unit is what the value changes by as that unit counts a little more", () => {
  const target = new Map([
    ["one", { n: 10, x: 55 }],
    ["two", { n: 30, x: 260 }],
  ]);
  const cells = new Map([
    ["one", totals(units.slice(0, 18))],
    ["two", totals(units.slice(18))],
  ]);
  const { value, own, target: ofTarget } = standardise(cells, target);
  for (const { x, s, r } of units.slice(0, 18)) {
    const step = 1e-6;
    const one = totals([{ x, s, r }]);
    const more = Object.fromEntries(Object.entries(one).map(([name, sum]) => [name, sum * step]));
    const moved = addTotals({ ...(cells.get("one") as typeof one) }, more as typeof one);
    const change = (standardise(new Map([...cells, ["one", moved]]), target).value - value) / step;
    const pull = own.get("one") as Record<string, number>;
    const sum = Object.entries(one).reduce((all, [name, part]) => all + pull[name] * part, 0);
    near(sum, change, "pull", 1e-3, 1e-6);
  }
  const step = 1e-6;
  const longer = new Map([...target, ["two", { n: 30, x: 260 + step }]]);
  near((ofTarget.get("two")?.x ?? 0) * step, standardise(cells, longer).value - value, "target", 1e-3, 1e-12);
});

test("the pulls of all units add up to none", () => {
  const cells = new Map([["one", totals(units)]]);
  const { own } = standardise(cells, new Map([["one", { n: 5, x: 40 }]]));
  const pull = own.get("one") as Record<string, number>;
  const sum = Object.entries(totals(units)).reduce((all, [name, part]) => all + pull[name] * part, 0);
  near(sum, 0, "sum", 0, 1e-9);
});
