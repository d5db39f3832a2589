import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { gPassAt, meanGPassAt, passAt, passHat } from "../../src/stats/passAt";
import { fc } from "../property";
import { close, golden } from "./golden";

describe("pass@k and its relatives", () => {
  test("are the values of rational arithmetic", () => {
    for (const c of golden("passk").cases) {
      const name = `n ${c.n} c ${c.c} k ${c.k}`;
      close(passAt(c.n, c.c, c.k), c.pass_at_k, name);
      close(passHat(c.n, c.c, c.k), c.pass_hat_k, name);
      for (const [tau, value] of Object.entries(c.g_pass_at_k))
        close(gPassAt(c.n, c.c, c.k, Number(tau)), value as number, `${name} tau ${tau}`);
      close(meanGPassAt(c.n, c.c, c.k), c.mg_pass_at_k, name);
    }
  });
  test("are the shares of all choices of k runs", () => {
    const runs = fc.integer({ min: 1, max: 8 });
    fc.assert(
      fc.property(
        runs,
        fc.nat(8),
        fc.integer({ min: 1, max: 8 }),
        fc.constantFrom(0.3, 0.5, 1),
        (n, c, k, tau) => {
          fc.pre(c <= n && k <= n);
          let any = 0;
          let all = 0;
          let enough = 0;
          let choices = 0;
          for (let set = 0; set < 1 << n; set++) {
            const chosen = Array.from({ length: n }, (_, i) => (set >> i) & 1);
            if (chosen.reduce((a, b) => a + b, 0) !== k) continue;
            const passes = chosen.slice(0, c).reduce((a, b) => a + b, 0);
            choices++;
            if (passes > 0) any++;
            if (passes === k) all++;
            if (passes >= tau * k) enough++;
          }
          close(passAt(n, c, k), any / choices, "pass@k", 1e-12);
          close(passHat(n, c, k), all / choices, "pass^k", 1e-12);
          close(gPassAt(n, c, k, tau), enough / choices, "G-Pass@k", 1e-12);
        },
      ),
    );
  });
  test("small chances keep their digits", () => {
    close(passAt(1e6, 1, 1), 1e-6, "pass@1", 1e-14);
    close(passAt(1e9, 1, 3), 3e-9, "pass@3", 1e-14);
    close(passHat(1000, 500, 500), 3.699753997814e-300, "a chance near the smallest", 1e-9, 0);
  });
  test("a threshold that is whole up to rounding is that number", () => {
    assert.equal(gPassAt(100, 55, 100, 0.55), 1);
    assert.equal(gPassAt(5, 0, 2, 0), 1);
  });
  test("more than n runs, or more passes than runs, are mistakes", () => {
    assert.throws(() => passAt(4, 1, 5), /k <= n, got k = 5 of 4 runs; run the prompt at least 5 times/);
    assert.throws(() => passHat(4, 1, 5), RangeError);
    assert.throws(() => gPassAt(4, 1, 5, 0.5), RangeError);
    assert.throws(() => passAt(4, 5, 1), /got 5 passes of 4 runs/);
    assert.throws(() => passAt(0, 0, 1), RangeError);
    assert.throws(() => passAt(4, 0.5, 1), /whole c/);
    assert.throws(() => passHat(4, 1, 0), /k >= 1/);
    assert.throws(() => gPassAt(4, 1, 1, 75), /did you mean 0.75/);
    assert.throws(() => passAt(Number.NaN, 1, 1), RangeError);
  });
});
