import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { placeboDegrees, placeboWeeks } from "../../src/stats/placeboWeeks";

describe("a switch against earlier weeks", () => {
  test("has the degrees of freedom of the matrix of its placebo differences", () => {
    const table = [
      [8, 1, 4.9],
      [12, 1, 7.562],
      [20, 1, 12.893],
      [26, 1, 16.892],
      [52, 1, 34.224],
      [20, 4, 5.302],
      [26, 4, 7.349],
      [52, 4, 16.347],
    ] as const;
    for (const [weeks, width, degrees] of table)
      assert.ok(Math.abs(placeboDegrees(weeks, width) - degrees) < 0.0006, `${weeks} weeks, ${width} a side`);
    assert.equal(placeboDegrees(3, 2), 0);
  });

  test("is as far from the week before as that is from none, in units of the earlier differences", () => {
    const effect = placeboWeeks([1, 1.05, 0.98, 1.02, 1.1, 1.04, 0.99, 1.03], [1.2]);
    assert.equal(effect.variance.toFixed(6), "0.003300");
    assert.equal(effect.degrees.toFixed(4), "4.9000");
    assert.equal(effect.value.toFixed(3), "0.170");
    const [low, high] = effect.bounds(0.95);
    assert.equal(((high - low) / 2).toFixed(4), "0.1486");
    assert.ok(Math.abs(effect.p - 2 * effect.below(0)) < 1e-12 && effect.p < 0.05);
  });

  test("is not told from too few weeks", () => {
    assert.throws(() => placeboWeeks([1, 2], [1]), /requires at least 3 weeks before 1 after, got 2/);
    assert.throws(() => placeboWeeks([1, 2, 3, 4], []), RangeError);
  });
});
