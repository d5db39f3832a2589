import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type CascadeCell, CascadeSums, unseenShare } from "../../../src/decide/route/cascadeSums";
import { fc } from "../../property";
import { near } from "../../same";

describe("answers without a result", () => {
  test("are at most a factor times as often good, or bad, as those with one", () => {
    near(unseenShare(0.7, 1.5, "low"), 0.55, "low at 1.5", 1e-12);
    near(unseenShare(0.7, 1.5, "high"), 0.8, "high at 1.5", 1e-12);
    near(unseenShare(0.7, 3, "low"), 0.7 / 3, "low at 3", 1e-12);
    near(unseenShare(0.7, 3, "high"), 0.9, "high at 3", 1e-12);
    near(unseenShare(0.4, 2, "low"), 0.2, "low at 2", 1e-12);
    near(unseenShare(0.4, 2, "high"), 0.7, "high at 2", 1e-12);
  });

  test("leave a wider range the larger the factor, around what is seen, within 0 and 1", () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    const factor = fc.double({ min: 1, max: 50, noNaN: true });
    fc.assert(
      fc.property(share, factor, factor, (p, one, other) => {
        const [least, most] = [Math.min(one, other), Math.max(one, other)];
        const [low, high] = [unseenShare(p, least, "low"), unseenShare(p, least, "high")];
        const [lower, higher] = [unseenShare(p, most, "low"), unseenShare(p, most, "high")];
        const ends = [-1e-12, lower, low, p, high, higher, 1 + 1e-12];
        assert.ok(
          ends.every((end, at) => at === 0 || end >= ends[at - 1] - 1e-12),
          String(ends),
        );
      }),
    );
  });

  test("move a bin's good answers by their share alone", () => {
    const cell = { n: 100, c_judged: 60, c_good: 42, d_judged: 100, d_good: 90 };
    const rest = { c_cost: 0, c_high: 0, d_cost: 0, d_high: 0, d_tried: 0, c_costed: 0, d_costed: 0 };
    const ends = { most_on: null, least_on: null, most_kept: null, least_kept: null };
    const cells: CascadeCell[] = [0, 1].map((unit) => ({ bin: 0, unit, ...cell, ...rest, ...ends }));
    const sums = new CascadeSums(cells, 1, 1);
    near(sums.good([0], "c", { factor: 1, end: "low" })[0], 0.7, "alike", 1e-12);
    near(sums.good([0], "c", { factor: 3, end: "low" })[0], 0.42 + 0.4 * (0.7 / 3), "low", 1e-12);
    near(sums.good([0], "d", { factor: 3, end: "low" })[0], 0.9, "all known", 1e-12);
  });
});
