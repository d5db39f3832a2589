import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { atWorst } from "../../../src/decide/choose/chooseOutcomes";
import { type Candidate, utilities } from "../../../src/decide/choose/utility";
import { shrunk } from "../../../src/decide/choose/utilityShrinkage";
import type { Estimate } from "../../../src/stats/estimate";
import { random } from "../../../src/stats/random";

const estimate = (value: number, half: number, more: Partial<Estimate> = {}): Estimate => ({
  value,
  low: value - half,
  high: value + half,
  level: 0.95,
  method: "",
  n: 200,
  clusters: 50,
  clusterBy: "user_id",
  unit: "s",
  ...more,
});
const fast = [{ metric: "duration_p50", weight: 1, good: 0, bad: 10 }];
const both = [
  { metric: "duration_p50", weight: 0.5, good: 0, bad: 10 },
  { metric: "cost_per_call", weight: 0.5, good: 0, bad: 10 },
];
const named = (
  name: string,
  estimates: Record<string, Estimate>,
  more: Partial<Candidate> = {},
): Candidate => ({
  name,
  estimates,
  ...more,
});
const of = (name: string, value: number, half: number) =>
  named(name, { duration_p50: estimate(value, half) });
const close = (a: number, b: number, by = 0.02) => assert.ok(Math.abs(a - b) < by, `${a}, expected ${b}`);

describe("the chance of being the best", () => {
  test("is near that of the difference of two normals where the gap is wide, and less sure where it is not", () => {
    // Standard error .5 each: P(a < b) = Phi(gap / sqrt(.5)): .9977 and .76 by the estimates alone.
    const wide = utilities([of("a", 3, 0.98), of("b", 5, 0.98)], { criteria: fast }).rows;
    assert.ok(wide[0].p_best > 0.95 && wide[0].p_best < 0.998);
    const narrow = utilities([of("a", 4.5, 0.98), of("b", 5, 0.98)], { criteria: fast }).rows;
    assert.ok(narrow[0].p_best > 0.55 && narrow[0].p_best < 0.74, String(narrow[0].p_best));
    close(narrow[0].p_best + narrow[1].p_best, 1, 1e-9);
  });

  test("is higher where the two share their noise, for the one that is better", () => {
    const ask = (correlation: number) =>
      utilities([of("a", 4, 0.98), of("b", 5, 0.98)], { criteria: fast, correlation: () => correlation })
        .rows[0].p_best;
    assert.ok(ask(0.9) > ask(0) + 0.05 && ask(0) > ask(-0.9) + 0.02);
  });

  test("of six models that are alike is a sixth", () => {
    const equal = "abcdef".split("").map((name) => of(name, 5, 1));
    for (const { p_best } of utilities(equal, { criteria: fast }).rows) close(p_best, 1 / 6);
  });

  test("is shared where two are as good as can be", () => {
    const met = [{ metric: "duration_p50", weight: 1, good: 8, bad: 10 }];
    const { rows } = utilities([of("a", 2, 0.1), of("b", 3, 0.1)], { criteria: met });
    assert.deepEqual(
      rows.map(({ p_best, utility }) => [p_best, utility.value]),
      [
        [0.5, 1],
        [0.5, 1],
      ],
    );
  });

  test("comes out the same for the same seed", () => {
    const ask = (seed: number) => utilities([of("a", 4, 0.98), of("b", 4.2, 0.98)], { criteria: fast, seed });
    assert.deepEqual(ask(5), ask(5));
    assert.notEqual(ask(5).rows[0].p_best, ask(6).rows[0].p_best);
  });
});

describe("a model half of whose costs are unknown", () => {
  const thrift = [{ metric: "cost_per_call", weight: 1, good: 0, bad: 10 }];
  const costs = (name: string, value: number, at_most?: number) =>
    named(name, {
      cost_per_call: estimate(value, 0.2, {
        unit: "USD/call",
        ...(at_most === undefined ? {} : { high: at_most + 0.2, unpriced: { calls: 100, of: 200, at_most } }),
      }),
    });

  test("is worth what it costs at most, and is not the likeliest best by the half that is known", () => {
    const { rows } = utilities([costs("half", 2, 6), costs("whole", 3)], { criteria: thrift });
    assert.deepEqual([rows[0].utility.value, rows[0].worth], [0.4, [0.4]]);
    assert.ok(rows[1].p_best > 0.95, String(rows[1].p_best));
  });

  test("is the best where it is so at its most", () => {
    const { rows } = utilities([costs("half", 1, 2), costs("whole", 3)], { criteria: thrift });
    assert.ok(rows[0].p_best > 0.95, String(rows[0].p_best));
  });

  test("leaves the choice of another open, that may cost more than it", () => {
    const candidates = [costs("half", 2, 6), costs("whole", 3)];
    const chance = (of: typeof candidates) => atWorst(of, 1, { criteria: thrift }).rows[1].p_best;
    assert.ok(chance(candidates) < 0.05);
    assert.ok(chance([costs("half", 4, 6), costs("whole", 3)]) > 0.95);
  });

  test("is not compared where nothing bounds them", () => {
    const { rows } = utilities([costs("half", 1, Infinity), costs("whole", 3)], { criteria: thrift });
    assert.deepEqual([rows[0].unknown, rows[1].p_best], [["cost_per_call"], 1]);
  });
});

describe("an interval without an end", () => {
  const open = named("a", { duration_p50: estimate(1, 0.5, { high: Infinity }) });

  test("never makes a model the sure winner", () => {
    const { rows } = utilities([open, of("b", 9, 0.1)], { criteria: fast });
    assert.ok(rows[0].p_best < 0.6);
    assert.equal(rows[0].utility.low, 0);
    assert.equal(rows[0].utility.value, 0.9);
  });

  test("fails a floor in the draws beyond it", () => {
    const floors = [{ metric: "duration_p50", at_most: 5 }];
    const { rows, p_none } = utilities([open], { criteria: fast, floors });
    close(rows[0].p_best, 0.5);
    close(p_none, 0.5);
  });
});

describe("a model without one of the metrics", () => {
  const lame = named("a", { duration_p50: estimate(1, 0.1) });
  const whole = named("b", { duration_p50: estimate(5, 0.1), cost_per_call: estimate(5, 0.1) });

  test("stays, with a utility bounded by the worst and the best, and no chance is stated", () => {
    const { rows } = utilities([lame, whole], { criteria: both });
    assert.deepEqual(rows[0].unknown, ["cost_per_call"]);
    assert.ok(Number.isNaN(rows[0].p_best) && Number.isNaN(rows[0].utility.value));
    close(rows[0].utility.low, 0.45);
    close(rows[0].utility.high, 0.95);
    assert.match(rows[0].utility.note ?? "", /^not known: cost_per_call/);
    assert.equal(rows[1].p_best, 1);
  });
});

describe("floors", () => {
  const floors = [{ metric: "error_rate", at_most: 0.05 }];
  const rate = (value: number, half: number) => estimate(value, half, { unit: "1" });
  const models = [
    named("good", { duration_p50: estimate(2, 0.1), error_rate: rate(0.05, 0.02) }),
    named("safe", { duration_p50: estimate(8, 0.1), error_rate: rate(0.01, 0.005) }),
  ];

  test("count draw by draw: what keeps them in half of the draws is the best in half of them", () => {
    const { rows, p_none } = utilities(models, { criteria: fast, floors });
    close(rows[0].p_best, 0.5);
    close(rows[1].p_best, 0.5);
    assert.equal(p_none, 0);
  });

  test("that nobody keeps leave no best", () => {
    const { rows, p_none } = utilities(models, {
      criteria: fast,
      floors: [{ metric: "error_rate", at_most: 0.0001 }],
    });
    assert.equal(p_none, 1);
    assert.deepEqual(
      rows.map(({ p_best }) => p_best),
      [0, 0],
    );
  });

  test("hold for no model whose number is not known, nor for one that may not be taken", () => {
    const { rows } = utilities([named("a", { duration_p50: estimate(1, 0.1) }), models[1]], {
      criteria: fast,
      floors,
    });
    assert.deepEqual([rows[0].p_best, rows[1].p_best], [0, 1]);
    const barred = utilities([{ ...models[1], eligible: false }], { criteria: fast, floors });
    assert.equal(barred.p_none, 1);
  });
});

test("a utility holds its value, never leaves 0 to 1, and counts its smallest sample", () => {
  const wild = named("a", {
    duration_p50: estimate(9.9, 5, { n: 30, clusters: 7, clusterBy: "hour" }),
    cost_per_call: estimate(0.1, 5),
  });
  const { utility } = utilities([wild], { criteria: both }).rows[0];
  assert.ok(
    utility.low >= 0 && utility.low <= utility.value && utility.value <= utility.high && utility.high <= 1,
  );
  assert.deepEqual([utility.n, utility.clusters, utility.clusterBy], [30, 7, "hour"]);
});

describe("draws that know of luck", () => {
  const drawn = (means: readonly number[], error: number, seed = 1) => {
    const source = random(seed);
    return means.map((mean) => Float64Array.from({ length: 4000 }, () => mean + error * source.normal()));
  };
  const mean = (values: Float64Array) => values.reduce((sum, one) => sum + one / values.length, 0);

  test("stay where they are when models differ by far more than noise", () => {
    const means = [0.2, 0.5, 0.8];
    for (const [i, one] of shrunk(drawn(means, 0.005)).entries()) close(mean(one), means[i], 0.002);
  });

  test("move together when the differences are as large as the noise would make them", () => {
    const pulled = shrunk(drawn([0.45, 0.5, 0.52, 0.55], 0.05)).map(mean);
    assert.ok(pulled[3] - pulled[0] < 0.05);
    assert.ok(pulled[0] < pulled[1] && pulled[2] < pulled[3], "and keep their order");
  });

  test("leave what is known exactly where it is, and a single model alone", () => {
    const [exact] = shrunk([new Float64Array(4000).fill(0.3), ...drawn([0.6], 0.1)]);
    close(mean(exact), 0.3, 1e-6);
    const alone = drawn([0.4], 0.1);
    assert.deepEqual(shrunk(alone), alone);
    const fixed = [new Float64Array(10).fill(0.3), new Float64Array(10).fill(0.3)];
    assert.deepEqual(shrunk(fixed), fixed);
  });
});
