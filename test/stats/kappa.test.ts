import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { alpha } from "../../src/stats/alpha";
import { kappa, type Label } from "../../src/stats/kappa";
import { fc } from "../property";
import { close } from "./golden";

const labels = fc.array(fc.tuple(fc.nat(2), fc.nat(2)), { minLength: 3, maxLength: 25 });
const few = { resamples: 199 };

describe("Cohen's kappa", () => {
  test("is that of the published examples", () => {
    // Two raters of 50 proposals: 20 yes-yes, 5 yes-no, 10 no-yes, 15 no-no.
    const repeat = (pair: string, times: number) => new Array<string>(times).fill(pair);
    const pairs = [...repeat("yy", 20), ...repeat("yn", 5), ...repeat("ny", 10), ...repeat("nn", 15)];
    const [a, b] = [pairs.map((p) => p[0]), pairs.map((p) => p[1])];
    const k = kappa(a, b);
    close(k.value, 0.4);
    assert.ok(k.low > 0.05 && k.low < 0.25 && k.high > 0.55 && k.high < 0.7, JSON.stringify(k));
    assert.deepEqual([k.n, k.method], [50, "bootstrap-posterior"]);
  });
  test("is one minus weighted observed over expected disagreement", () => {
    fc.assert(
      fc.property(labels, fc.constantFrom("none", "linear", "quadratic"), (pairs, weights) => {
        const used = [...new Set(pairs.flat())].sort();
        const cost = (i: number, j: number) => {
          const d = Math.abs(used.indexOf(i) - used.indexOf(j)) / (used.length - 1);
          return weights === "none" ? Number(d > 0) : weights === "linear" ? d : d * d;
        };
        let observed = 0;
        let expected = 0;
        for (const [a, b] of pairs) {
          observed += cost(a, b) / pairs.length;
          for (const [, other] of pairs) expected += cost(a, other) / pairs.length ** 2;
        }
        const k = kappa(
          pairs.map(([a]) => a),
          pairs.map(([, b]) => b),
          { weights: weights as "none", ...few },
        );
        if (used.length < 2 || expected === 0) assert.ok(Number.isNaN(k.value));
        else {
          close(k.value, 1 - observed / expected, weights, 1e-9);
          assert.ok(k.low <= k.value && k.value <= k.high);
        }
      }),
    );
  });
  test("does not depend on the rows' order, and is symmetric in its value", () => {
    const a = [1, 2, 2, 3, 1, 1, 2, 3];
    const b = [1, 2, 3, 3, 1, 2, 2, 3];
    assert.deepEqual(kappa(a.toReversed(), b.toReversed()), kappa(a, b));
    close(kappa(b, a).value, kappa(a, b).value);
  });
  test("perfect agreement on a few items is not certainty", () => {
    const same = ["a", "b", "a", "b", "a", "a", "b", "a"];
    const k = kappa(same, same);
    assert.ok(k.value === 1 && k.high === 1 && k.low < 0.9 && k.low > 0.2, JSON.stringify(k));
    assert.match(k.note ?? "", /only 3 of 8 items have a label other than/);
  });
  test("missing labels are left out and said; nothing to compare gives NaN", () => {
    const k = kappa(["a", "b", null, "a", undefined], ["a", "b", "a", Number.NaN, "b"]);
    assert.equal(k.n, 2);
    assert.match(k.note ?? "", /3 of 5 items left out/);
    for (const [a, b] of [
      [[], []],
      [["a"], [null]],
      [
        ["a", "a"],
        ["a", "a"],
      ],
    ] as [Label[], Label[]][]) {
      const none = kappa(a, b);
      assert.ok(Number.isNaN(none.value) && Number.isNaN(none.low) && none.note);
    }
    assert.throws(() => kappa(["a"], []), /kappa requires/);
    assert.throws(() => kappa(["a"], ["a"], { weights: "cubic" as "none" }), /weights/);
    assert.throws(() => kappa(["a"], ["a"], { level: 95 }), /did you mean 0.95/);
  });
});

describe("Krippendorff's alpha", () => {
  const nan = Number.NaN;
  // Krippendorff's own example of four observers and twelve units.
  const data = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, nan, nan, nan],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, nan, 3],
    [nan, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, nan],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, nan],
  ];
  test("is that of the published example, with missing ratings", () => {
    const nominal = alpha(data);
    assert.ok(Math.abs(nominal.value - 0.743) < 0.0005);
    assert.deepEqual([nominal.n, nominal.clusters], [40, 11]);
    const interval = alpha(data, { metric: "interval" });
    assert.ok(Math.abs(interval.value - 0.849) < 0.0005);
    for (const a of [nominal, interval]) assert.ok(a.low < a.value && a.value < a.high && a.high < 1);
  });
  test("is one minus observed over expected disagreement, by counting pairs", () => {
    const rating = fc.option(fc.nat(2), { freq: 4 });
    const raters = fc.integer({ min: 2, max: 4 });
    fc.assert(
      fc.property(
        raters.chain((r) =>
          fc.array(fc.array(rating, { minLength: r, maxLength: r }), { minLength: 1, maxLength: 9 }),
        ),
        fc.constantFrom("nominal" as const, "interval" as const),
        (units, metric) => {
          const cost = (a: number, b: number) => (metric === "nominal" ? Number(a !== b) : (a - b) ** 2);
          const kept = units.map((u) => u.filter((v) => v !== null)).filter((u) => u.length > 1);
          const all = kept.flat();
          let observed = 0;
          for (const u of kept)
            for (const [i, a] of u.entries())
              for (const [j, b] of u.entries())
                if (i !== j) observed += cost(a, b) / (u.length - 1) / all.length;
          let expected = 0;
          for (const a of all) for (const b of all) expected += cost(a, b) / (all.length * (all.length - 1));
          const a = alpha(
            units[0].map((_, r) => units.map((u) => u[r])),
            { metric, ...few },
          );
          if (expected === 0 || all.length === 0) assert.ok(Number.isNaN(a.value) && a.note);
          else close(a.value, 1 - observed / expected, metric, 1e-9);
        },
      ),
    );
  });
  test("does not depend on the order of items or raters", () => {
    const flipped = data.toReversed().map((rater) => rater.toReversed());
    assert.deepEqual(alpha(flipped), alpha(data));
    assert.deepEqual(alpha(flipped, { metric: "interval" }), alpha(data, { metric: "interval" }));
  });
  test("perfect agreement, sameness and nothing have honest answers", () => {
    const perfect = alpha([
      ["a", "b", "a", "b", "a"],
      ["a", "b", "a", "b", "a"],
    ]);
    assert.ok(perfect.value === 1 && perfect.high === 1 && perfect.low < 0.9);
    const numbers = alpha(
      [
        [1, 2, 3],
        [1, 2, 3],
      ],
      { metric: "interval" },
    );
    assert.ok(
      numbers.value === 1 &&
        Number.isNaN(numbers.low) &&
        /no item on which raters differ/.test(numbers.note ?? ""),
    );
    assert.match(
      alpha([
        [1, 1],
        [1, 1],
      ]).note ?? "",
      /all ratings are the same/,
    );
    assert.match(alpha([]).note ?? "", /no item with two ratings/);
    assert.match(alpha([[1, 2]]).note ?? "", /no item with two ratings/);
    assert.match(
      alpha(
        [
          [1, 2],
          [2, 1],
        ],
        { metric: "interval" },
      ).note ?? "",
      /needs 3 items, has 2/,
    );
    close(
      alpha(
        data.map((r) => r.map((v) => v * 1e300)),
        { metric: "interval" },
      ).value,
      alpha(data, { metric: "interval" }).value,
    );
    assert.throws(() => alpha([[1], [1, 2]]), /got 1 and 2; mark missing ones with null/);
    assert.throws(
      () =>
        alpha(
          [
            ["a", "b"],
            ["a", "b"],
          ],
          { metric: "interval" },
        ),
      TypeError,
    );
    assert.throws(
      () =>
        alpha(
          [
            [1, 2],
            [Infinity, 2],
          ],
          { metric: "interval" },
        ),
      /finite numbers/,
    );
  });
});
