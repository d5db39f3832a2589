import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { bestOf, nearestChange, simplexShares, type Worth } from "../../../src/decide/choose/weights";
import { random } from "../../../src/stats/random";
import { fc } from "../../property";

const worths = (criteria: number, models: number): fc.Arbitrary<Worth[]> =>
  fc
    .array(
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: criteria, maxLength: criteria }),
      {
        minLength: models,
        maxLength: models,
      },
    )
    .map((all) => all.map((worth, at) => ({ model: `m${at}`, worth })));
const utility = (worth: readonly number[], weights: readonly number[]) =>
  worth.reduce((sum, one, i) => sum + one * weights[i], 0);

describe("the share of weightings that a model wins", () => {
  test("adds up to 1, and two models that mirror each other share alike", () => {
    const shares = simplexShares([
      { model: "a", worth: [1, 0] },
      { model: "b", worth: [0, 1] },
    ]);
    assert.ok(Math.abs(shares.a - 0.5) < 0.03 && Math.abs(shares.a + shares.b - 1) < 1e-9);
  });

  test("is the length of its stretch of weights where there are two criteria", () => {
    // a wins where w + 0 > 0.5, so where the first weight is above a half of 0.8.
    const shares = simplexShares(
      [
        { model: "a", worth: [1, 0.2] },
        { model: "b", worth: [0.4, 0.6] },
      ],
      { draws: 20_000 },
    );
    assert.ok(Math.abs(shares.a - 0.6) < 0.015, String(shares.a));
  });

  test("is shared by models that are the same", () => {
    const shares = simplexShares([
      { model: "a", worth: [0.3, 0.3] },
      { model: "b", worth: [0.3, 0.3] },
    ]);
    assert.ok(Math.abs(shares.a - 0.5) < 1e-9);
  });

  test("of nothing is nothing", () => assert.deepEqual(simplexShares([]), {}));
});

describe("the nearest change of weights", () => {
  test("makes another at least as good, moves no more than it says, and no draw finds a nearer one", () =>
    fc.assert(
      fc.property(worths(3, 3), fc.integer({ min: 1, max: 1000 }), (models, seed) => {
        const source = random(seed);
        const parts = [0, 1, 2].map(() => source.exponential());
        const given = parts.map((part) => part / parts.reduce((sum, one) => sum + one, 0));
        const [best] = bestOf(models, given);
        const first = models.find(({ model }) => model === best) as Worth;
        const ordered = [first, ...models.filter((one) => one !== first)];
        const change = nearestChange(ordered, given);
        const distance = (weights: readonly number[]) =>
          weights.reduce((sum, one, i) => sum + Math.abs(one - given[i]), 0) / 2;
        if (change !== undefined) {
          const other = models.find(({ model }) => model === change.model) as Worth;
          assert.ok(utility(other.worth, change.weights) >= utility(first.worth, change.weights) - 1e-9);
          assert.ok(Math.abs(change.weights.reduce((sum, one) => sum + one, 0) - 1) < 1e-9);
          assert.ok(change.weights.every((one) => one >= -1e-12));
          assert.ok(Math.abs(distance(change.weights) - change.moved) < 1e-9);
        }
        for (let i = 0; i < 200; i++) {
          const tried = [0, 1, 2].map(() => source.exponential());
          const sum = tried.reduce((all, one) => all + one, 0);
          const weights = tried.map((one) => one / sum);
          if (bestOf(models, weights).includes(first.model)) continue;
          assert.ok(change !== undefined && distance(weights) >= change.moved - 1e-9);
        }
      }),
      { numRuns: 60 },
    ));

  test("does not exist where one model is the best by every criterion", () => {
    const models = [
      { model: "a", worth: [1, 0.9] },
      { model: "b", worth: [0.5, 0.8] },
    ];
    assert.equal(nearestChange(models, [0.5, 0.5]), undefined);
    const tied = [models[0], { model: "b", worth: [0.5, models[0].worth[1]] }];
    assert.equal(nearestChange(tied, [0.5, 0.5]), undefined, "level at best is not on top");
    assert.equal(nearestChange([], []), undefined);
  });
});
