import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { coefficientOfVariation } from "../../src/stats/coefficientOfVariation";
import { entropy, modalShare, sameOutput } from "../../src/stats/sameOutput";
import { fc } from "../property";
import { close, golden } from "./golden";

const counts = fc.array(fc.nat(9), { minLength: 1, maxLength: 6 });

describe("agreement of repeated outputs", () => {
  test("equals the reference values", () => {
    for (const c of golden("power_and_stability").cases[2].agreement) {
      close(sameOutput(c.counts), c.pairwise_agreement);
      close(entropy(c.counts), c.entropy);
      close(entropy(c.counts, { normalized: true }), c.normalized_by_log_n);
      close(modalShare(c.counts), c.modal_share);
    }
  });
  test("is the share of pairs of runs that agree", () => {
    fc.assert(
      fc.property(counts, (c) => {
        const outputs = c.flatMap((count, i) => new Array(count).fill(i));
        let same = 0;
        let pairs = 0;
        outputs.forEach((a, i) => {
          outputs.slice(0, i).forEach((b) => {
            pairs++;
            if (a === b) same++;
          });
        });
        if (pairs === 0) assert.ok(Number.isNaN(sameOutput(c)));
        else close(sameOutput(c), same / pairs, "agreement", 1e-12);
      }),
    );
  });
  test("entropy lies between none and log of the distinct outputs; the correction only adds", () => {
    fc.assert(
      fc.property(counts, (c) => {
        const distinct = c.filter((count) => count > 0).length;
        fc.pre(distinct > 0);
        assert.ok(entropy(c) >= 0 && entropy(c) <= Math.log(distinct) + 1e-12);
        const n = c.reduce((a, b) => a + b);
        close(
          entropy(c, { correction: "miller-madow" }) - entropy(c),
          (distinct - 1) / (2 * n),
          "correction",
          1e-9,
        );
      }),
    );
  });
  test("one run or none has no agreement; a count must be whole", () => {
    assert.ok(Number.isNaN(sameOutput([1])) && Number.isNaN(sameOutput([])));
    assert.ok(Number.isNaN(entropy([])) && Number.isNaN(entropy([0])) && Number.isNaN(modalShare([])));
    assert.ok(Number.isNaN(entropy([1], { normalized: true })));
    assert.equal(entropy([5]), 0);
    for (const bad of [-1, 0.5, Number.NaN, Infinity])
      assert.throws(() => sameOutput([bad]), /sameOutput requires a whole count >= 0/);
  });
});

describe("the coefficient of variation", () => {
  test("does not depend on the unit or the sign", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 2, maxLength: 20 }), (values) => {
        const cv = coefficientOfVariation(values);
        close(coefficientOfVariation(values.map((v) => -1e3 * v)), cv, "scaled", 1e-12);
        const mean = values.reduce((a, b) => a + b) / values.length;
        const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / (values.length - 1);
        close(cv, Math.sqrt(variance) / mean, "definition", 1e-9);
      }),
    );
  });
  test("has no answer for one value, a mean of zero or what is not finite", () => {
    for (const values of [[], [3], [-1, 1], [0, 0], [1, Number.NaN], [1, Infinity]])
      assert.ok(Number.isNaN(coefficientOfVariation(values)), String(values));
    assert.equal(coefficientOfVariation([7, 7]), 0);
    close(coefficientOfVariation([1e300, 2e300, 3e300]), 0.5, "large");
  });
});
