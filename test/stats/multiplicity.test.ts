import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { mcnemar } from "../../src/stats/mcnemar";
import { benjaminiHochberg, holm } from "../../src/stats/multiplicity";
import { fc } from "../property";
import { close, golden } from "./golden";

describe("p-values of a family", () => {
  test("are those of statsmodels", () => {
    for (const c of golden("multiplicity").cases) {
      holm(c.p).forEach((p, i) => {
        close(p, c.holm[i], "holm");
      });
      benjaminiHochberg(c.p).forEach((p, i) => {
        close(p, c.fdr_bh[i], "bh");
      });
    }
  });
  test("never fall below the raw ones, keep their order, and BH stays below Holm", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 }), (p) => {
        const h = holm(p);
        const bh = benjaminiHochberg(p);
        p.forEach((raw, i) => {
          assert.ok(h[i] >= raw && h[i] <= 1 && bh[i] >= raw - 1e-15 && bh[i] <= h[i] + 1e-15);
          p.forEach((other, j) => {
            if (raw < other) assert.ok(h[i] <= h[j] && bh[i] <= bh[j]);
          });
        });
      }),
    );
  });
  test("a missing one stays missing and does not count; an impossible one is refused", () => {
    assert.deepEqual([...holm([0.01, Number.NaN, 0.04])], [0.02, Number.NaN, 0.04]);
    assert.deepEqual([...benjaminiHochberg([0.01, Number.NaN, 0.04])], [0.02, Number.NaN, 0.04]);
    assert.deepEqual([...holm([])], []);
    assert.throws(() => holm([1.2]), /holm requires 0 <= p <= 1/);
  });
});

describe("McNemar's test", () => {
  test("is exact", () => {
    const { two_sample } = golden("binomial").cases.find((c: object) => "two_sample" in c);
    for (const c of two_sample)
      for (const [, only1, only2, p] of c.mcnemar_exact)
        close(mcnemar(only1, only2), p, `${only1} ${only2}`, 1e-9, 0);
  });
  test("mid-p is half the point probability of the tail below the exact one", () => {
    // P(X <= 1) = 7 / 64, P(X = 1) = 6 / 64
    close(mcnemar(1, 5), 14 / 64);
    close(mcnemar(5, 1, { method: "mid-p" }), 8 / 64);
    assert.equal(mcnemar(4, 4), 1);
    close(mcnemar(4, 4, { method: "mid-p" }), 1);
  });
  test("items that all agree show nothing; counts must be whole", () => {
    assert.equal(mcnemar(0, 0), 1);
    assert.throws(() => mcnemar(-1, 2), /onlyFirst/);
    assert.throws(() => mcnemar(1, 2.5), /onlySecond/);
    assert.throws(() => mcnemar(1, 2, { method: "chi2" as "exact" }), /method/);
  });
});
