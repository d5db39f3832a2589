import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Field, firsts } from "../../src/decide/firsts";
import type { Estimate } from "../../src/stats/estimate";
import { random } from "../../src/stats/random";
import { studentTQuantile } from "../../src/stats/studentT";
import { runs } from "../property";

const estimate = (value: number, error: number, clusters = 500): Estimate => {
  const reach = studentTQuantile(0.975, clusters - 1) * error;
  return {
    ...{ value, low: value - reach, high: value + reach, level: 0.95, method: "t-cluster" },
    ...{ n: clusters, clusters, clusterBy: "user_id", unit: "tokens/s" },
  };
};
// Around 100 with an error of 1, log and plain scales hardly differ.
const field = (values: readonly number[], more: Partial<Field> = {}): Field => ({
  better: "lower",
  estimates: values.map((value) => estimate(value, 1)),
  ...more,
});

describe("who is shown to be the best", () => {
  test("is ahead of each of the others; else those that may be as good are named, best first", () => {
    const lead = firsts([field([100, 110, 120]), field([100, 101, 120]), field([130, 101, 100])], 0.95);
    assert.deepEqual(
      lead.map(({ best, near, claim }) => ({ best, near, claim: claim.status })),
      [
        { best: 0, near: [], claim: "settled" },
        { best: 0, near: [1], claim: "open" },
        { best: 2, near: [1], claim: "open" },
      ],
    );
    const [unknown] = firsts([field([100, 110], { left: ["cedar"] })], 0.95);
    assert.deepEqual([unknown.near, unknown.claim.status], [[], "not to be decided"], "cedar may be better");
    const [{ best, near }] = firsts([field([100, 110], { better: "higher" })], 0.95);
    assert.deepEqual([best, near], [1, []]);
  });

  test("must be ahead in one of many fields by more than in one alone", () => {
    // The intervals just miss each other, at a p-value of .005.
    const close = field([100, 103.95]);
    assert.deepEqual(firsts([close], 0.95)[0].near, []);
    const many = Array.from({ length: 30 }, () => field([100, 100]));
    assert.deepEqual(firsts([close, ...many], 0.95)[0].near, [1]);
  });

  test("must be ahead at one mix of the work as well, and is not where that is unknown", () => {
    const measured = [100, 110].map((value) => estimate(value, 1));
    const near = (...atMix: Estimate[]) =>
      firsts([{ better: "lower", estimates: measured, atMix }], 0.95)[0].near;
    assert.deepEqual(near(...measured), []);
    assert.deepEqual(near(estimate(105, 1), estimate(106, 1)), [1]);
    assert.deepEqual(near(estimate(110, 1), estimate(100, 1)), [1], "the order turns round");
    const unknown = { ...estimate(110, 1), value: Number.NaN, low: Number.NaN, high: Number.NaN };
    assert.deepEqual(near(measured[0], unknown), [1]);
  });

  test("is nobody where intervals are missing or open to the other's side", () => {
    const [a, b] = [estimate(100, 1), estimate(120, 1)];
    const none = { ...b, low: Number.NaN, high: Number.NaN };
    const open = { ...a, high: Number.POSITIVE_INFINITY };
    for (const estimates of [
      [a, none],
      [open, b],
    ])
      assert.deepEqual(firsts([{ better: "lower", estimates }], 0.95)[0].near, [1]);
  });

  for (const [models, fields, clusters] of [
    [2, 12, 500],
    [6, 4, 500],
    [6, 12, 8],
  ])
    test(`is said falsely in at most 5 % of logs of ${fields} fields of ${models} equals, ${clusters} clusters`, () => {
      const source = random(7);
      const logs = runs(400);
      let [first, worse] = [0, 0];
      for (let log = 0; log < logs; log++) {
        const found = firsts(
          Array.from({ length: fields }, () => ({
            better: "lower" as const,
            estimates: Array.from({ length: models }, () => sampled(source, clusters)),
          })),
          0.95,
        );
        if (found.some(({ near }) => near.length === 0)) first++;
        if (found.some(({ near }) => near.length > 0 && near.length < models - 1)) worse++;
      }
      // At a true rate of 5 %, two standard errors above it are rarely passed.
      const most = 0.05 * logs + 2 * Math.sqrt(0.05 * 0.95 * logs);
      assert.ok(first <= most && worse <= most, `${first} and ${worse} of ${logs}`);
    });
});

/** A mean of as many normals as there are clusters, of true mean 100. */
function sampled(source: ReturnType<typeof random>, clusters: number): Estimate {
  const errors = Array.from({ length: Math.min(clusters, 40) }, () => source.normal());
  const n = errors.length;
  const mean = errors.reduce((sum, x) => sum + x, 0) / n;
  const variance = errors.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (n - 1);
  return estimate(100 + mean, Math.sqrt(variance / n), n);
}
