import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { kendall } from "../../src/stats/kendall";
import { inversionLaw, inversionTail } from "../../src/stats/kendallNull";
import { permutationP } from "../../src/stats/permutationP";
import { spearman } from "../../src/stats/spearman";
import { fc } from "../property";
import { close, golden } from "./golden";

function orders(values: number[]): number[][] {
  if (values.length < 2) return [values];
  return values.flatMap((v, i) =>
    orders([...values.slice(0, i), ...values.slice(i + 1)]).map((o) => [v, ...o]),
  );
}

describe("the permutation p-value", () => {
  test("is SciPy's exact one", () => {
    for (const c of golden("correlation").cases) {
      if ("spearman_p_exact_two_sided" in c)
        close(permutationP(c.x, c.y), c.spearman_p_exact_two_sided, c.name);
      if ("kendall_p_exact_two_sided" in c)
        close(permutationP(c.x, c.y, { kind: "kendall" }), c.kendall_p_exact_two_sided, c.name);
    }
    const untied = golden("correlation").cases.filter((c: { name: string }) =>
      ["random n=20 ties=0", "big offset (pearson stability)", "reversed"].includes(c.name),
    );
    assert.equal(untied.length, 3);
    for (const c of untied) close(permutationP(c.x, c.y, { kind: "kendall" }), c.kendall_p_auto, c.name);
  });
  test("equals counting all orders, with ties", () => {
    const side = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 5, maxLength: 5 });
    fc.assert(
      fc.property(side, side, (x, y) => {
        for (const [kind, correlation] of [["spearman", spearman] as const, ["kendall", kendall] as const]) {
          const observed = Math.abs(correlation(x, y)) - 1e-12;
          const all = orders(y);
          const expected =
            all.filter((order) => Math.abs(correlation(x, order)) >= observed).length / all.length;
          const got = permutationP(x, y, { kind });
          if (Number.isNaN(observed)) assert.ok(Number.isNaN(got));
          else close(got, expected, kind, 1e-12);
        }
      }),
      { numRuns: 40 },
    );
  });
  test("drawn permutations agree with the exact law within their noise, and repeat with the seed", () => {
    const x = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
    const y = [2, 1, 4, 7, 3, 9, 5, 12, 6, 10, 8, 11];
    const exact = permutationP(x, y, { kind: "kendall" });
    const tied = [...x.slice(0, 10), 11, 11];
    const drawn = permutationP(tied, y, { kind: "kendall", resamples: 20_000 });
    assert.ok(Math.abs(drawn - exact) < 0.004, `${drawn} for ${exact}`);
    assert.equal(drawn, permutationP(tied, y, { kind: "kendall", resamples: 20_000 }));
    assert.notEqual(drawn, permutationP(tied, y, { kind: "kendall", resamples: 20_000, seed: 2 }));
    assert.ok(permutationP(x, x, { resamples: 999 }) === 1 / 1000, "never 0");
  });
  test("the law of inversions is the factorial's and sums to 1", () => {
    assert.deepEqual(
      Array.from(inversionLaw(4), (p) => Math.round(p * 24)),
      [1, 3, 5, 6, 5, 3, 1],
    );
    close(
      inversionLaw(60).reduce((a, b) => a + b, 0),
      1,
      "sum",
      1e-12,
    );
    // Above 300 models the normal approximation takes over without a jump.
    const near = inversionTail(300, 3000);
    const beyond = inversionTail(301, Math.round(3000 * (301 / 300) ** 1.5));
    assert.ok(Math.abs(near / beyond - 1) < 0.02, `${near} ${beyond}`);
  });
  test("has no answer for fewer than two pairs, a constant side or NaN", () => {
    assert.ok(Number.isNaN(permutationP([], [])));
    assert.ok(Number.isNaN(permutationP([1], [1])));
    assert.ok(Number.isNaN(permutationP([1, 1, 1], [1, 2, 3])));
    assert.ok(Number.isNaN(permutationP([1, Number.NaN], [1, 2])));
    assert.equal(permutationP([1, Number.NaN, 2], [1, 5, 2], { nan: "drop" }), 1);
    assert.equal(permutationP([1, 2], [1, 2]), 1);
    assert.throws(() => permutationP([1, 2], [1, 2], { kind: "pearson" as "kendall" }), /kind/);
  });
});
