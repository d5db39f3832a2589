import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { axis, roundTicks } from "../../src/charts/axis";
import { MOST_POINTS, thin } from "../../src/charts/thin";
import { fc } from "../property";

describe("axis", () => {
  test("holds all finite values with room at both ends", () => {
    const finite = fc.double({ noNaN: true, min: -1e9, max: 1e9 });
    fc.assert(
      fc.property(fc.array(finite, { minLength: 1, maxLength: 20 }), fc.boolean(), (values, log) => {
        const shown = values.filter((x) => !log || x > 0);
        fc.pre(shown.length > 0);
        const [low, high] = axis([...values, Number.NaN, Number.POSITIVE_INFINITY], { log }).range;
        assert.ok(low < high);
        for (const x of shown) {
          const at = log ? Math.log10(x) : x;
          assert.ok(low <= at && at <= high);
        }
      }),
    );
  });

  test("starts at zero where the values nearly do", () => {
    assert.equal(axis([0.01, 0.4]).range[0], 0);
    assert.ok(axis([99, 100]).range[0] > 90);
  });

  test("without a value shows no numbers that nobody measured", () => {
    assert.equal(axis([Number.NaN, Number.POSITIVE_INFINITY]).showticklabels, false);
    assert.equal(axis([0, -1], { log: true }).type, "linear");
  });

  test("has round ticks on a logarithmic scale, few over many decades", () => {
    assert.deepEqual(roundTicks([-1, 1]), [0.1, 0.2, 0.5, 1, 2, 5, 10]);
    assert.deepEqual(roundTicks([0, 3]), [1, 3, 10, 30, 100, 300, 1000]);
    assert.ok(roundTicks([-300, 300]).length <= 12);
  });

  test("has ticks to read a logarithmic scale by where it spans less than two of 1, 2, 5, 10", () => {
    assert.deepEqual(roundTicks([Math.log10(5.5), Math.log10(14.5)]), [6, 8, 10, 12, 14]);
    assert.deepEqual(axis([12.1, 12.6], { log: true }).ticktext, ["11", "12", "13", "14"]);
    fc.assert(
      fc.property(
        fc.double({ min: -6, max: 6, noNaN: true }),
        fc.double({ min: 0.05, max: 4, noNaN: true }),
        (low, wide) => {
          const ticks = roundTicks([low, low + wide]);
          assert.ok(ticks.length >= 3 && ticks.length <= 15, String(ticks));
          assert.ok(
            ticks.every((tick) => Math.log10(tick) >= low - 1e-6 && Math.log10(tick) <= low + wide + 1e-6),
          );
          assert.equal(new Set(ticks).size, ticks.length);
        },
      ),
    );
  });
});

describe("thin", () => {
  test("keeps all of a short series", () => {
    assert.deepEqual(thin(4), [0, 1, 2, 3]);
    assert.deepEqual(thin(0), []);
  });

  test("keeps the ends, at most 2,000 positions in order, and every one of the last five", () => {
    fc.assert(
      fc.property(fc.integer({ min: MOST_POINTS + 1, max: 2_000_000 }), (length) => {
        const kept = thin(length);
        assert.ok(kept.length <= MOST_POINTS && kept.length > MOST_POINTS / 3);
        assert.equal(kept[0], 0);
        for (let back = 1; back <= 5; back++) assert.equal(kept.at(-back), length - back);
        assert.ok(kept.every((at, i) => i === 0 || at > kept[i - 1]!));
      }),
      { numRuns: 30 },
    );
  });
});
