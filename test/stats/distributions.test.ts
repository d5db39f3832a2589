import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { betaCdf, betaQuantile } from "../../src/stats/beta";
import { binomialCdf, binomialProbability, binomialQuantile, binomialTails } from "../../src/stats/binomial";
import { chiSquareCdf, chiSquareQuantile } from "../../src/stats/chiSquare";
import { fisherFCdf, fisherFQuantile } from "../../src/stats/fisherF";
import { logGamma } from "../../src/stats/gamma";
import { normalCdf, normalQuantile } from "../../src/stats/normal";
import { studentTCdf, studentTQuantile } from "../../src/stats/studentT";
import { fc } from "../property";
import { close, golden } from "./golden";

const values = golden("distributions").cases[0];

describe("special functions against reference values", () => {
  test("the beta distribution function is within 3e-12 of 60-digit arithmetic up to a = 990,000", () => {
    for (const [a, b, x, cdf] of values.beta_cdf_mp)
      close(betaCdf(x, a, b), cdf, `I_${x}(${a}, ${b})`, 3e-12, 0);
    for (const [a, b, x, cdf] of values.beta_cdf_scipy)
      close(betaCdf(x, a, b), cdf, `I_${x}(${a}, ${b})`, 1e-12, 0);
  });
  test("the beta quantile is within 3e-14 of 60-digit arithmetic", () => {
    for (const [a, b, p, x] of values.beta_inv_mp)
      close(betaQuantile(p, a, b), x, `${p} of ${a}, ${b}`, 3e-14, 0);
  });
  test("the normal, t, F and chi-square quantiles agree with SciPy", () => {
    for (const [p, z] of values.normal_ppf) close(normalQuantile(p), z, `z ${p}`, 1e-13, 1e-15);
    for (const [z, p] of values.normal_cdf) close(normalCdf(z), p, `Phi ${z}`, 1e-14, 0);
    for (const [p, df, t] of values.t_ppf) close(studentTQuantile(p, df), t, `t ${p} ${df}`);
    close(studentTQuantile(0.975, 1), 1 / Math.tan(0.025 * Math.PI), "t on one degree is a cotangent", 1e-14);
    for (const [p, d1, d2, f] of values.f_ppf)
      close(fisherFQuantile(p, d1, d2), f, `F ${p} ${d1} ${d2}`, 1e-12);
    for (const [p, df, x] of values.chi2_ppf) close(chiSquareQuantile(p, df), x, `chi2 ${p} ${df}`, 1e-12);
  });
  test("binomial probabilities, tails and quantiles agree with SciPy up to a million trials", () => {
    for (const c of values.binomial) {
      const name = `n ${c.n} p ${c.p} u ${c.u}`;
      assert.equal(binomialQuantile(c.u, c.n, c.p), c.ppf, name);
      close(binomialCdf(c.k, c.n, c.p), c.cdf, name, 1e-9, 0);
      close(binomialTails(c.k, c.n, c.p)[1], c.sf, name, 1e-9, 1e-300);
      close(binomialProbability(c.k, c.n, c.p), c.pmf, name, 1e-9, 0);
    }
  });
  test("log gamma is exact at factorials and small arguments", () => {
    let factorial = 1;
    for (let n = 2; n < 20; n++) {
      close(logGamma(n), Math.log(factorial), `${n}`, 1e-14, 2e-15);
      factorial *= n;
    }
    close(logGamma(0.5), 0.5 * Math.log(Math.PI), "half", 1e-14);
    close(logGamma(1e-5), 11.512919692895826, "small", 1e-14);
  });
});

describe("special functions as a whole", () => {
  const shape = fc.double({ min: 0.05, max: 5000, noNaN: true });
  const share = fc.double({ min: 1e-9, max: 1 - 1e-9, noNaN: true });
  test("each quantile function inverts its distribution function", () => {
    fc.assert(
      fc.property(shape, shape, share, (a, b, p) => {
        const x = betaQuantile(p, a, b);
        if (x > 1e-290 && x < 1 - 1e-10)
          close(betaCdf(x, a, b), p, `beta ${a} ${b}`, 1e-6 * Math.max(1, 1e-3 / (1 - x)), 1e-11);
        close(normalCdf(normalQuantile(p)), p, "normal", 1e-12);
        if (a > 0.5) close(studentTCdf(studentTQuantile(p, a), a), p, `t ${a}`, 1e-9);
        if (a > 0.5) close(chiSquareCdf(chiSquareQuantile(p, a), a), p, `chi ${a}`, 1e-9, 1e-11);
        const f = fisherFQuantile(p, a, b);
        if (f > 1e-250 && f < 1e250) close(fisherFCdf(f, a, b), p, `F ${a} ${b}`, 1e-8, 1e-10);
      }),
      { numRuns: 300, seed: 4 },
    );
  });
  test("the ends of the range are exact and impossible arguments are refused with a hint", () => {
    assert.deepEqual(
      [betaCdf(-1, 2, 3), betaCdf(2, 2, 3), betaQuantile(0, 2, 3), betaQuantile(1, 2, 3)],
      [0, 1, 0, 1],
    );
    assert.equal(normalQuantile(0), -Infinity);
    assert.equal(studentTQuantile(1, 3), Infinity);
    assert.equal(studentTQuantile(0.975, Infinity), normalQuantile(0.975));
    assert.equal(binomialQuantile(0.3, 0, 0.5), 0);
    assert.deepEqual(
      [binomialCdf(-1, 5, 0.5), binomialCdf(5, 5, 0.5), binomialCdf(3, 5, 0), binomialCdf(3, 5, 1)],
      [0, 1, 1, 0],
    );
    assert.throws(() => normalQuantile(97.5), /requires 0 <= p <= 1, got 97.5; did you mean 0.975\?/);
    assert.throws(() => betaCdf(0.5, 0, 1), /betaCdf requires a finite a > 0, got 0/);
    assert.throws(() => studentTQuantile(0.5, -1), RangeError);
  });
});
