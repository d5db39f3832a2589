import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { doubleOrNothing } from "../../src/stats/doubleOrNothing";
import { differenceOf, ratioOf } from "../../src/stats/mover";
import { random } from "../../src/stats/random";
import { wilson } from "../../src/stats/rate";
import { ratioDifference, ratioOfRatios } from "../../src/stats/ratioContrast";
import { ratioInterval } from "../../src/stats/ratioInterval";
import { close } from "./golden";

function arms(count: number, seed: number) {
  const r = random(seed);
  const size = Array.from({ length: count }, () => r.gamma(1.3));
  const arm = (price: number) => ({
    numerators: size.map((s) => price * s * Math.exp(0.2 * r.normal())),
    denominators: size.map(() => (r.uniform() < 0.8 ? 1 : 0)),
  });
  return [arm(2), arm(1)] as const;
}

describe("contrasts of ratios", () => {
  test("pairing the same tasks narrows the comparison", () => {
    const [a, b] = arms(400, 1);
    const paired = ratioOfRatios(a, b, { paired: true });
    const apart = ratioOfRatios(a, b);
    assert.equal(paired.value, apart.value);
    assert.ok(Math.log(paired.high / paired.low) < 0.75 * Math.log(apart.high / apart.low));
    const labels = a.numerators.map((_, i) => `task ${i}`);
    const labelled = ratioOfRatios({ ...a, clusters: labels }, { ...b, clusters: labels });
    close(labelled.low, paired.low);
    const shuffled = [...labels.keys()].reverse();
    const other = {
      numerators: shuffled.map((i) => b.numerators[i]!),
      denominators: shuffled.map((i) => b.denominators[i]!),
    };
    close(
      ratioOfRatios({ ...a, clusters: labels }, { ...other, clusters: shuffled.map((i) => labels[i]) }).low,
      paired.low,
      "order",
      1e-9,
    );
    const d = ratioDifference(a, b, { paired: true });
    assert.ok(d.low < d.value && d.value < d.high);
  });
  test("an open or missing margin stays so", () => {
    const [a] = arms(50, 2);
    const none = ratioDifference(
      a,
      { numerators: new Array(50).fill(1), denominators: new Array(50).fill(0) },
      { paired: true },
    );
    assert.ok(Number.isNaN(none.value) && /second: the denominator is 0/.test(none.note!));
    assert.throws(
      () => ratioDifference(a, { numerators: [1], denominators: [1] }, { paired: true }),
      /as many rows/,
    );
  });
  test("margins combine as Newcombe's method does for rates", () => {
    // Newcombe (1998), method 10, 56/70 against 48/80: 0.0524 to 0.3339.
    const d = differenceOf(wilson(56, 70), wilson(48, 80));
    close(d.low, 0.0524, "low", 0, 5e-5);
    close(d.high, 0.3339, "high", 0, 5e-5);
    assert.equal(differenceOf(wilson(5, 10), wilson(5, 10), { correlation: 1 }).low, 0);
    assert.throws(
      () => differenceOf(wilson(5, 10, { level: 0.9 }), wilson(5, 10)),
      /two estimates of one level, got 0.9 and 0.95/,
    );
    assert.throws(() => ratioOf(wilson(5, 10), wilson(5, 10), { correlation: 2 }), /-1 <= correlation <= 1/);
    assert.equal(ratioOf(wilson(5, 10), { ...wilson(1, 10), low: 0 }).high, Infinity);
  });
});

describe("double or nothing", () => {
  test("agrees with the law of the bootstrap over many clusters, and with itself", () => {
    const r = random(5);
    const c = Float64Array.from({ length: 3001 }, () => r.gamma(1.3));
    const y = c.map(() => (r.uniform() < 0.7 ? 1 : 0));
    const e = doubleOrNothing(c, y, { resamples: 3999 });
    const law = ratioInterval(c, y, { method: "bootstrap-percentile" });
    close(e.low, law.low, "low", 0.004);
    close(e.high, law.high, "high", 0.004);
    assert.deepEqual(doubleOrNothing(c, y, { resamples: 3999 }), e);
    assert.throws(
      () => doubleOrNothing([1], [1]),
      /requires 1000 clusters or more, got 1; use ratioInterval/,
    );
  });
});
