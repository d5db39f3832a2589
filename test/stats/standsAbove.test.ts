import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { random } from "../../src/stats/random";
import { standsAbove } from "../../src/stats/standsAbove";

describe("one value among others with errors", () => {
  const others = [0.6, 0.9, 0.7, 0.8];
  const variances = [0.025, 0.02, 0.02, 0.02, 0.02];
  const alike = [0, 0, 0, 0, 0];

  test("lies as far above them as it is moved, and its interval goes with it", () => {
    const [one, higher] = [1, 1.5].map((own) => standsAbove([own, ...others], variances, alike, 0));
    assert.ok(Math.abs(higher.excess - one.excess - 0.5) < 1e-9);
    assert.ok(higher.p < one.p && one.p < 0.5);
    const [low, high] = higher.bounds(0.95);
    assert.ok(
      Math.abs(low - one.bounds(0.95)[0] - 0.5) < 1e-6 && low < higher.excess && higher.excess < high,
    );
  });

  test("does not hide itself: what it is has no part in how far the others lie apart", () => {
    const reach = (own: number) => {
      const [low, high] = standsAbove([own, ...others], variances, alike, 0).bounds(0.95);
      return high - low;
    };
    assert.ok(Math.abs(reach(50) - reach(0.7)) < 1e-6);
  });

  test("is not known to stand above them where only its place may explain it, and is where others show that it does not", () => {
    const all = [1.8, ...others];
    const [near, far] = [0, 3].map((place) => standsAbove(all, variances, [place, 0, 0.1, -0.1, 0], 0).p);
    assert.ok(near < 0.02 && far > 0.1, `${near} ${far}`);
    const between = standsAbove(all, variances, [3, 0, 2, 4, 6], 0).p;
    assert.ok(between < 0.02, String(between));
    // Values that rise with their place by .5 leave the highest where the others lead to expect it.
    const rising = [2, 0.5, 1, 1.5, 0].map((value) => value + 0.3);
    const { excess } = standsAbove(rising, variances, [4, 1, 2, 3, 0], 0);
    assert.ok(Math.abs(excess) < 0.15, String(excess));
  });

  test("is less sure to stand above them where values scatter with heavier tails, and as sure to be like them", () => {
    const [far, like] = [1.8, 0.75].map((own) => standsAbove([own, ...others], variances, alike, 0));
    assert.ok(far.heavy > 1.3 * far.p && far.heavy < 0.1, `${far.heavy} ${far.p}`);
    assert.ok(Math.abs(like.heavy - like.p) < 0.01, `${like.heavy} ${like.p}`);
  });

  test("one of ten that differ by .2 as well as by their errors stands out falsely in at most 5 %", () => {
    const draws = 400;
    let wrong = 0;
    for (let seed = 1; seed <= draws; seed++) {
      const { normal } = random(seed, 71);
      const values = Array.from({ length: 10 }, () => Math.sqrt(0.04 + 0.025) * normal());
      const each = values.map((_, at) => standsAbove(values, Array(10).fill(0.025), Array(10).fill(0), at).p);
      wrong += Math.min(...each) * 10 < 0.05 ? 1 : 0;
    }
    // Two standard errors of 400 draws are 2.2 %.
    assert.ok(wrong <= 0.072 * draws, String(wrong));
  });
});
