import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { rankBiasedOverlap, topOverlap } from "../../src/stats/rankOverlap";
import { fc } from "../property";
import { close, golden } from "./golden";

describe("overlap of two rankings", () => {
  test("equals the reference values", () => {
    for (const c of golden("rank_overlap").cases) {
      for (const [p, value] of Object.entries(c.rbo_ext))
        close(rankBiasedOverlap(c.a, c.b, { p: Number(p) }), value as number, `p ${p}`);
      for (const [k, value] of Object.entries(c.topk_overlap))
        close(topOverlap(c.a, c.b, Number(k)), value as number, `k ${k}`);
    }
  });
  test("is symmetric, between 0 and 1, and 1 for the same ranking or its beginning", () => {
    const ranking = fc.uniqueArray(fc.nat(12), { minLength: 1, maxLength: 10 });
    fc.assert(
      fc.property(ranking, ranking, (a, b) => {
        const r = rankBiasedOverlap(a, b);
        assert.ok(r >= 0 && r <= 1);
        close(rankBiasedOverlap(b, a), r, "symmetric", 1e-12);
        close(rankBiasedOverlap(a, a), 1, "itself", 1e-12);
        // Beyond the shorter ranking, agreement is assumed to continue at the same level.
        close(rankBiasedOverlap(a, a.slice(0, Math.ceil(a.length / 2))), 1, "its beginning", 1e-12);
      }),
    );
  });
  test("an exchange at the top costs more than one at the bottom", () => {
    const a = ["a", "b", "c", "d", "e"];
    assert.ok(
      rankBiasedOverlap(a, ["b", "a", "c", "d", "e"]) < rankBiasedOverlap(a, ["a", "b", "c", "e", "d"]),
    );
  });
  test("nothing to compare gives NaN, mistakes are named", () => {
    assert.ok(Number.isNaN(rankBiasedOverlap([], ["a"])));
    assert.throws(() => rankBiasedOverlap(["a", "a"], ["b"]), /got a twice/);
    assert.throws(() => rankBiasedOverlap(["a"], ["b"], { p: 1 }), /0 < p < 1/);
    assert.throws(() => topOverlap(["a"], ["b", "c"], 2), /k <= 1, the shorter ranking, got 2/);
    assert.throws(() => topOverlap(["a"], ["b"], 0), /k >= 1/);
  });
});
