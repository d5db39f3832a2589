import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { random } from "../../src/stats/random";
import { rankSets } from "../../src/stats/rankSets";
import { tiers } from "../../src/stats/tiers";
import { fc } from "../property";

const sets = (input: Parameters<typeof rankSets>[0], options = {}) =>
  rankSets(input, options).map(({ low, high }) => [low, high]);

describe("rank sets", () => {
  test("separate what differs by much and leave together what does not", () => {
    const ranks = rankSets({ scores: [90, 80, 79, 60], errors: [1, 1, 1, 1] });
    assert.deepEqual(
      ranks.map(({ value, low, high }) => [value, low, high]),
      [
        [1, 1, 1],
        [2, 2, 3],
        [3, 2, 3],
        [4, 4, 4],
      ],
    );
    assert.equal(ranks[0].method, "rank-set");
  });
  test("ask for more the more pairs are compared", () => {
    // 3 standard errors of a difference: enough for one pair, not for one of 190.
    const far = 3.2 * Math.SQRT2;
    assert.deepEqual(sets({ scores: [far, 0], errors: [1, 1] }), [
      [1, 1],
      [2, 2],
    ]);
    const many = [far, ...new Array(19).fill(0)];
    assert.ok(sets({ scores: many, errors: many.map(() => 1) })[0][1] > 1);
  });
  test("hold all true ranks at once in about 95 % of worlds", () => {
    const truth = [0, 0.1, 0.2, 1, 2, 2.1, 4, 4];
    const runs = 200;
    let covered = 0;
    for (let run = 0; run < runs; run++) {
      const g = random(11, run);
      const errors = truth.map((_, i) => 0.2 + 0.1 * (i % 3));
      const ranks = rankSets(
        { scores: truth.map((t, i) => t + errors[i] * g.normal()), errors },
        { resamples: 999 },
      );
      const fine = truth.every((t, i) => {
        const best = 1 + truth.filter((u) => u > t).length;
        const worst = truth.filter((u) => u >= t).length;
        // Tied models may take any of their ranks: the set must reach into all of them.
        return ranks[i].low <= best && ranks[i].high >= worst;
      });
      if (fine) covered++;
    }
    assert.ok(covered >= 0.92 * runs, `${covered} of ${runs}`);
  });
  test("of two models that ran often are as Welch's t, and wider where few runs show how they vary", () => {
    const first = (apart: number, variances: number[], counts: number[]) =>
      sets({ scores: [apart, 0], errors: [0, 0], runs: { variances, counts } })[0][1] === 1;
    const often = (apart: number) => first(apart, [100, 100], [200, 200]);
    // The standard error of the difference is 1.
    assert.deepEqual([1.85, 2.1].map(often), [false, true]);
    // Two means of two runs: the standard error of their difference is 1, and t of 2 degrees is 4.30.
    assert.equal(first(4.2, [1, 1], [2, 2]), false);
    assert.equal(first(8, [1, 1], [2, 2]), true);
  });
  test("do not lend the steadiness of models that ran often to one whose few runs lie far apart", () => {
    const scores = [3, ...Array.from({ length: 8 }, (_, at) => at / 100)];
    const variances = [9, ...scores.slice(1).map(() => 0.01)];
    const told = (counts: number[]) =>
      sets({ scores, errors: scores.map(() => 0), runs: { variances, counts } })[0];
    assert.deepEqual(told([2, ...scores.slice(1).map(() => 10)]), [1, 9]);
    assert.deepEqual(told([60, ...scores.slice(1).map(() => 10)]), [1, 1]);
  });
  test("give a model that ran once an interval by how the others vary, and wider than theirs", () => {
    const runs = { variances: [1, 1, 1, Number.NaN], counts: [9, 9, 9, 1] };
    const { low } = tiers({ scores: [0, 0, 0, 0], errors: [0, 0, 0, 0], runs });
    assert.ok(-low[0]! > (2 * 1) / 3 && -low[0]! < 1.1, String(low[0]));
    assert.ok(-low[3]! > 1.96 && -low[3]! < 6, String(low[3]));
  });
  test("contain the measured rank, turn round with the direction, and ignore the rows' order", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: 1, max: 9 })), {
          minLength: 1,
          maxLength: 8,
        }),
        (models) => {
          const scores = models.map(([score]) => score);
          const errors = models.map(([, error]) => error);
          const options = { resamples: 299 };
          const up = rankSets({ scores, errors }, options);
          const down = rankSets(
            { scores: scores.map((s) => -s), errors },
            { ...options, lowerIsBetter: true },
          );
          up.forEach((rank, i) => {
            assert.ok(rank.low <= rank.value && rank.value <= rank.high);
            assert.deepEqual(rank, down[i]);
          });
          const back = rankSets({ scores: scores.toReversed(), errors: errors.toReversed() }, options);
          assert.deepEqual(back.toReversed(), up);
        },
      ),
      { numRuns: 50 },
    );
  });
  test("come from bounds, items and draws alike", () => {
    const scores = [0.9, 0.8, 0.78];
    const errors = [0.01, 0.01, 0.01];
    const z = 1.959963984540054;
    const expected = sets({ scores, errors });
    assert.deepEqual(expected, [
      [1, 1],
      [2, 3],
      [2, 3],
    ]);
    assert.deepEqual(
      sets({ scores, low: scores.map((s) => s - 0.01 * z), high: scores.map((s) => s + 0.01 * z) }),
      expected,
    );
    assert.deepEqual(sets({ scores, items: [900, 1600, 1716] }), expected);
    const g = random(2);
    const draws = scores.map((s) => Array.from({ length: 2_000 }, () => s + 0.01 * g.normal()));
    assert.deepEqual(sets({ scores, draws }), expected);
  });
  test("use what joint draws share, and take sorted draws as independent", () => {
    const g = random(3);
    const shared = Array.from({ length: 2_000 }, () => g.normal());
    const scores = [1, 0];
    const joint = scores.map((s) => shared.map((common) => s + common + 0.1 * g.normal()));
    assert.deepEqual(sets({ scores, draws: joint }), [
      [1, 1],
      [2, 2],
    ]);
    const sorted = joint.map((model) => model.toSorted((a, b) => a - b));
    assert.deepEqual(sets({ scores, draws: sorted }), [
      [1, 2],
      [1, 2],
    ]);
    assert.deepEqual(sets({ scores, draws: joint, joint: false }), [
      [1, 2],
      [1, 2],
    ]);
  });
});

describe("tiers", () => {
  test("are the longest chain of models that can be told apart", () => {
    // Neighbours cannot be told apart, second neighbours can.
    const scores = [10, 8, 6, 4, 2];
    const t = tiers({ scores, errors: scores.map(() => 0.9) });
    assert.equal(t.tiers, 3);
    assert.deepEqual(t.tier, [1, 1, 2, 2, 3]);
    assert.equal(t.distinguishable, 0.6);
  });
  test("one tier: the leaderboard cannot rank these models", () => {
    const t = tiers({ scores: [0.81, 0.8, 0.79], items: [100, 100, 100] });
    assert.deepEqual([t.tiers, t.separability, t.distinguishable], [1, 0, 0]);
    assert.deepEqual(
      t.ranks.map((r) => [r.low, r.high]),
      [
        [1, 3],
        [1, 3],
        [1, 3],
      ],
    );
  });
  test("separability counts pairs whose own intervals do not overlap", () => {
    const t = tiers({ scores: [3, 2, 1], low: [2.5, 1.4, 0.5], high: [3.5, 2.6, 1.3] });
    assert.equal(t.separability, 2 / 3);
  });
  test("a baseline with one draw is known exactly", () => {
    const g = random(4);
    const draws = [
      [50],
      Array.from({ length: 999 }, () => 53 + g.normal()),
      Array.from({ length: 999 }, () => 50 + g.normal()),
    ];
    const t = tiers({ scores: [50, 53, 50], draws });
    assert.deepEqual([t.low[0], t.high[0]], [50, 50]);
    assert.deepEqual(t.tier, [2, 1, 1]);
  });
});

describe("awkward scores", () => {
  test("no model, one model, equal models, exact models", () => {
    assert.deepEqual(rankSets({ scores: [], errors: [] }), []);
    assert.deepEqual(sets({ scores: [5], errors: [1] }), [[1, 1]]);
    assert.deepEqual(sets({ scores: [5, 5], errors: [0, 0] }), [
      [1, 2],
      [1, 2],
    ]);
    assert.deepEqual(sets({ scores: [5, 4], errors: [0, 0] }), [
      [1, 1],
      [2, 2],
    ]);
    const none = tiers({ scores: [], errors: [] });
    assert.ok(none.tiers === 0 && Number.isNaN(none.separability));
    assert.equal(tiers({ scores: [1], errors: [1] }).tiers, 1);
  });
  test("a missing score has no rank; an unknown error allows any", () => {
    const ranks = rankSets({ scores: [10, Number.NaN, 0, 5], errors: [0.1, 0.1, 0.1, Number.NaN] });
    assert.ok(Number.isNaN(ranks[1].value) && Number.isNaN(ranks[1].low));
    assert.equal(ranks[1].note, "no score");
    assert.deepEqual([ranks[3].low, ranks[3].high, ranks[0].low, ranks[0].high], [1, 3, 1, 2]);
    assert.ok(Number.isNaN(tiers({ scores: [1, Number.NaN], errors: [1, 1] }).tier[1]));
  });
  test("values of 1e300 are told apart like small ones", () => {
    assert.deepEqual(sets({ scores: [9e300, 8e300], errors: [1e298, 1e298] }), [
      [1, 1],
      [2, 2],
    ]);
  });
  test("mistakes are named", () => {
    assert.throws(
      () => rankSets({ scores: [1] }),
      /exactly one of errors, low with high, items and draws, got 0/,
    );
    assert.throws(() => rankSets({ scores: [1], errors: [1], items: [1] }), /got 2/);
    assert.throws(() => rankSets({ scores: [1], low: [0] }), /both low and high/);
    assert.throws(() => rankSets({ scores: [1], low: [2], high: [3] }), /low <= score <= high, got 2, 1, 3/);
    assert.throws(() => rankSets({ scores: [80], items: [100] }), /did you mean 0.8/);
    assert.throws(() => rankSets({ scores: [1], errors: [-1] }), />= 0, got -1/);
    assert.throws(() => tiers({ scores: [1], errors: [1] }, { level: 95 }), /did you mean 0.95/);
  });
});
