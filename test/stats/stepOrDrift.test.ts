import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { random } from "../../src/stats/random";
import { stepOverDrift, stepsOverDrift } from "../../src/stats/stepOrDrift";
import { runs } from "../property";
import { near } from "../same";

const days = (n: number) => Array.from({ length: n }, (_, day) => day);

/** Errors that carry over from day to day. */
function errors(n: number, carried: number, sd: number, seed: number): number[] {
  const { normal } = random(seed);
  let last = normal();
  return days(n).map((day) => {
    if (day > 0) last = carried * last + Math.sqrt(1 - carried ** 2) * normal();
    return sd * last;
  });
}

/** Minus twice the log likelihood of a regression by its definition: with the inverse of the errors' correlations. */
function plain(at: number[], values: number[], columns: number[][], carried: number): number {
  const n = at.length;
  const chol = at.map(() => new Array<number>(n).fill(0));
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      const covariance = carried === 0 ? Number(i === j) : carried ** Math.abs(at[i] - at[j]);
      const rest = chol[j].slice(0, j).reduce((sum, one, k) => sum + one * chol[i][k], 0);
      chol[i][j] = i === j ? Math.sqrt(covariance - rest) : (covariance - rest) / chol[j][j];
    }
  const solved = (values: number[]) => {
    const x: number[] = [];
    for (const [i, one] of values.entries())
      x.push((one - x.reduce((sum, b, k) => sum + b * chol[i][k], 0)) / chol[i][i]);
    return x;
  };
  const dot = (a: number[], b: number[]) => a.reduce((sum, one, i) => sum + one * b[i], 0);
  const basis: number[][] = [];
  const rest = (of: number[]) =>
    basis.reduce((left, e) => left.map((one, i) => one - dot(left, e) * e[i]), of);
  for (const column of columns.map(solved)) {
    const left = rest(column);
    basis.push(left.map((one) => one / Math.sqrt(dot(left, left))));
  }
  const left = rest(solved(values));
  const apart = 2 * chol.reduce((sum, row, i) => sum + Math.log(row[i]), 0);
  return n * Math.log(dot(left, left) / n) + apart;
}

const share = (worlds: number, of: (seed: number) => { at: number[]; values: number[] }) =>
  Array.from({ length: worlds }, (_, seed) => stepOverDrift(of(seed))).filter((one) => one > 0).length /
  worlds;

describe("a step against a drift", () => {
  test("is what the likelihoods say by their definition, with days left out", () => {
    const at = days(24).filter((day) => day % 9 !== 5);
    const noise = errors(24, 0.5, 1, 3);
    const values = at.map((day) => noise[day] + (day > 11 ? 1.5 : 0));
    const grid = [0, 0.2, 0.4, 0.6, 0.7, 0.8, 0.9, 0.95];
    const [ones, line] = [at.map(() => 1), at.map((day) => day)];
    const steps = at.slice(7, at.length - 6).map((from) => at.map((day) => Number(day >= from)));
    const least = (columns: number[][][]) =>
      Math.min(...grid.flatMap((carried) => columns.map((own) => plain(at, values, own, carried))));
    const each = Math.log(at.length);
    const without = Math.min(least([[ones]]), least([[ones, line]]) + each);
    const step = least(steps.map((one) => [ones, one])) + 3 * each;
    const both = least(steps.map((one) => [ones, line, one])) + 4 * each;
    near(stepOverDrift({ at, values }), without - Math.min(step, both), "D");
  });

  test("is seldom stated of a drift, and mostly of a step", () => {
    const worlds = runs(200);
    const at = days(60);
    const of = (shape: (day: number) => number) => (seed: number) => {
      const noise = errors(60, 0.3, 0.1, seed);
      return { at, values: at.map((day) => shape(day) + noise[day]) };
    };
    const drift = share(
      worlds,
      of((day) => (Math.log(1.3) * day) / 30),
    );
    const nothing = share(
      worlds,
      of(() => 0),
    );
    const step = share(
      worlds,
      of((day) => (day < 30 ? 0 : Math.log(1.3))),
    );
    assert.ok(drift <= 0.1, `drift ${drift}`);
    assert.ok(nothing <= 0.08, `nothing ${nothing}`);
    assert.ok(step >= 0.8, `step ${step}`);
  });

  test("several together are told from a drift", () => {
    const at = days(90);
    const noise = errors(90, 0.3, 0.1, 3);
    const of = (shape: (day: number) => number) =>
      stepsOverDrift({ at, values: at.map((day) => shape(day) + noise[day]) }, [30, 60]);
    assert.ok(of((day) => day / 100) < 0);
    assert.ok(of((day) => (day < 30 || day >= 60 ? 0 : 0.5)) > 10);
  });

  test("is not told of too few values", () => {
    assert.ok(Number.isNaN(stepOverDrift({ at: days(13), values: days(13) })));
    assert.throws(() => stepOverDrift({ at: days(20), values: days(19) }), /stepOverDrift requires/);
  });
});
