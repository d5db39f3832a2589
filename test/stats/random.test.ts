import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { random } from "../../src/stats/random";

describe("random numbers", () => {
  test("the same seed and stream give the same numbers, another seed or stream gives others", () => {
    const draw = (seed: number, stream = 0) =>
      Array.from(
        { length: 5 },
        (
          (r) => () =>
            r.bits()
        )(random(seed, stream)),
      );
    assert.deepEqual(draw(3), draw(3));
    const keys = new Set<string>();
    for (let seed = 0; seed < 60; seed++)
      for (let stream = 0; stream < 60; stream++) keys.add(draw(seed, stream).join());
    assert.equal(keys.size, 3600);
    assert.notDeepEqual(draw(1, 2), draw(2, 1));
    assert.notDeepEqual(draw(2 ** 40), draw(0));
  });
  test("whole numbers are spread evenly and stay below n", () => {
    const r = random(5);
    const counts = new Array<number>(7).fill(0);
    for (let i = 0; i < 70000; i++) counts[r.integer(7)]!++;
    const chi = counts.reduce((sum, c) => sum + (c - 10000) ** 2 / 10000, 0);
    assert.ok(chi < 22.5, `chi-square ${chi} on 6 degrees`);
    for (let i = 0; i < 1000; i++) assert.ok(r.integer(3e9) < 3e9);
    assert.equal(r.integer(1), 0);
  });
  test("uniform, normal, exponential and gamma numbers have the moments of their names", () => {
    const r = random(11);
    const n = 40000;
    const check = (draw: () => number, mean: number, variance: number, name: string) => {
      let sum = 0;
      let squares = 0;
      for (let i = 0; i < n; i++) {
        const x = draw();
        sum += x;
        squares += (x - mean) ** 2;
      }
      assert.ok(Math.abs(sum / n - mean) < 5 * Math.sqrt(variance / n), `${name} mean ${sum / n}`);
      assert.ok(Math.abs(squares / n / variance - 1) < 0.08, `${name} variance ${squares / n}`);
    };
    check(r.uniform, 0.5, 1 / 12, "uniform");
    check(r.normal, 0, 1, "normal");
    check(r.exponential, 1, 1, "exponential");
    check(() => r.gamma(0.4), 0.4, 0.4, "gamma 0.4");
    check(() => r.gamma(7), 7, 7, "gamma 7");
  });
  test("filling an array gives the same numbers as asking one at a time, and goes on from there", () => {
    const [one, many] = [random(4), random(4)];
    const words = new Uint32Array(5);
    many.fill(words);
    assert.deepEqual([...words], Array.from({ length: 5 }, one.bits));
    assert.equal(many.bits(), one.bits());
  });
  test("neighbouring streams are not correlated", () => {
    const n = 20000;
    const streams = [0, 1].map((stream) => random(1, stream));
    let sum = 0;
    for (let i = 0; i < n; i++) sum += (streams[0]!.uniform() - 0.5) * (streams[1]!.uniform() - 0.5) * 12;
    assert.ok(Math.abs(sum / n) < 4 / Math.sqrt(n));
  });
  test("a seed that is negative or not whole is refused", () => {
    assert.throws(() => random(-1), /random requires seed to be a whole number >= 0, got -1/);
    assert.throws(() => random(1, 0.5), RangeError);
    assert.throws(() => random(1).gamma(0), RangeError);
    assert.throws(() => random(1).integer(0), RangeError);
  });
});
