import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Box, type Named, namePlaces } from "../../src/charts/namePlaces";
import { fc } from "../property";

const named = (x: number, y: number, ring = false, bars: Box[] = []): Named => ({
  letters: 8,
  ring,
  at: { x, y },
  bars,
});

describe("names beside points", () => {
  test("a name alone is beside its point, and on its other side at the right edge", () => {
    const [[middle], [edge]] = [namePlaces([named(0.4, 0.5)]), namePlaces([named(0.98, 0.5)])];
    assert.equal(middle.side, "right");
    assert.ok(middle.x > 0.4 && middle.x < 0.5);
    assert.equal(edge.side, "left");
  });

  test("a name leaves its own intervals free", () => {
    const thin = 0.005;
    const bars = [
      { left: 0.2, right: 0.8, low: 0.5 - thin, high: 0.5 + thin },
      { left: 0.5 - thin, right: 0.5 + thin, low: 0.2, high: 0.8 },
    ];
    const [{ x, y, side }] = namePlaces([named(0.5, 0.5, false, bars)]);
    assert.ok(Math.abs(y - 0.5) > 0.03, `${y}`);
    assert.notEqual(side, "center");
    assert.ok(side === "right" ? x > 0.5 : x < 0.5);
  });

  test("two points close together have their names apart", () => {
    const [one, two] = namePlaces([named(0.5, 0.5, true), named(0.52, 0.52)]);
    assert.ok(Math.abs(one.y - two.y) > 0.06 || one.side !== two.side);
  });

  test("every name is anchored within the axes, where alone it is drawn", () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    const points = fc.array(fc.tuple(share, share, fc.boolean()), { maxLength: 8 });
    fc.assert(
      fc.property(points, (all) => {
        const places = namePlaces(all.map(([x, y, ring]) => named(x, y, ring)));
        assert.equal(places.length, all.length);
        for (const { x, y } of places) assert.ok(x >= 0 && x <= 1 && y >= 0 && y <= 1);
      }),
    );
  });
});
