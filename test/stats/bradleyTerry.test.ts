import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { bradleyTerry } from "../../src/stats/bradleyTerry";
import { sandwichesOf } from "../../src/stats/clusterSandwich";
import { joined } from "../../src/stats/comparisons";
import { designOf, expectedOf, fitted } from "../../src/stats/logisticFit";
import { random } from "../../src/stats/random";
import { comparisonsOf, type PreferenceWorld, ranksOfPreferences } from "../calibration/rankWorlds";
import { fc } from "../property";
import { close, golden } from "./golden";

const known = golden("bradley_terry");

describe("strengths from comparisons", () => {
  test("and their errors by rater, by prompt, by both and by comparison are those of statsmodels", () => {
    const comparisons = { ...known, controls: [known.control] };
    const { column } = joined(comparisons, 5);
    // There a tie is half a win, and no parameter of ties.
    const { tie: _, ...design } = designOf(comparisons, column);
    design.parameters -= 1;
    const fit = fitted(design);
    const ways = {
      rater: [known.rater],
      prompt: [known.prompt],
      both: [known.rater, known.prompt],
      comparison: undefined,
    };
    // There model 0 is the reference, here that with the most comparisons.
    const place = (model: number) => column[model] - 1;
    for (let model = 1; model < 5; model++) {
      const value = (one: number) => (place(one) < 0 ? 0 : fit.values[place(one)]);
      close(value(model) - value(0), known.values[model - 1], `model ${model}`, 1e-8);
    }
    for (const [name, clusters] of Object.entries(ways)) {
      const covariance = sandwichesOf(design, fit, clusters).covariances.at(-1)!;
      const at = (i: number, k: number) => (i < 0 || k < 0 ? 0 : covariance[i][k]);
      const errors: number[] = known[`error_by_${name}`];
      for (let model = 1; model < 5; model++) {
        const [i, k] = [place(model), place(0)];
        close(Math.sqrt(at(i, i) + at(k, k) - 2 * at(i, k)), errors[model - 1], `${name} ${model}`, 1e-7);
      }
      close(Math.sqrt(at(4, 4)), errors[4], `${name}, place`, 1e-7);
      close(Math.sqrt(at(5, 5)), errors[5], `${name}, control`, 1e-7);
    }
  });

  test("take no advantage of the first out where the order follows from the models, and else they do", () => {
    const source = random(11);
    const n = 3000;
    // Three equal models; the first shown is preferred in 65 %.
    const preferred = Array.from({ length: n }, () => Number(source.uniform() < 0.65));
    const of = (pairs: readonly (readonly [number, number])[]) => {
      const pair = (at: number) => pairs[at % pairs.length];
      return bradleyTerry(
        {
          ...{ first: preferred.map((_, at) => pair(at)[0]), second: preferred.map((_, at) => pair(at)[1]) },
          ...{ preferred, shown: preferred.map(() => 1) },
        },
        { models: 1 + Math.max(...pairs.flat()) },
      );
    };
    const fixed = of([[0, 1]]);
    assert.equal(fixed.shownFirst, undefined);
    assert.equal(fixed.isSideFixed, true);
    assert.ok(fixed.winRate[0].low > 0.6, "it is in the strengths");
    // As far apart as one place each: 0 before 1, 1 before 2.
    assert.equal(
      of([
        [0, 1],
        [1, 2],
      ]).isSideFixed,
      true,
    );
    for (const pairs of [
      [
        [0, 1],
        [1, 0],
      ],
      [
        [0, 1],
        [1, 2],
        [0, 2],
      ],
    ] as [number, number][][]) {
      const { shownFirst, isSideFixed, winRate } = of(pairs);
      assert.equal(isSideFixed, undefined);
      assert.ok(shownFirst !== undefined && shownFirst.low <= 0.65 && 0.65 <= shownFirst.high);
      for (const { low, high } of winRate) assert.ok(low <= 0.5 && 0.5 <= high);
    }
  });

  test("of two models are the mean preference, with the standard error of a mean", () => {
    const source = random(3);
    const preferred = Array.from({ length: 200 }, () => source.uniform() ** 2);
    const n = preferred.length;
    const mean = preferred.reduce((sum, one) => sum + one, 0) / n;
    const deviation = Math.sqrt(preferred.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (n - 1) / n);
    const sides = { first: preferred.map(() => 0), second: preferred.map(() => 1) };
    const { winRate } = bradleyTerry({ ...sides, preferred }, { models: 2 });
    close(winRate[0].value, mean, "mean", 1e-9);
    const logit = (p: number) => Math.log(p / (1 - p));
    const reach = (logit(winRate[0].high) - logit(winRate[0].low)) / 2;
    // The t quantile with 199 degrees, on the scale of log-odds.
    close(reach, (1.9719565 * deviation) / (mean * (1 - mean)), "reach", 1e-6);
  });

  test("do not depend on which of two models is named first", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), (seed) => {
        const { first, second, preferred, shown } = drawn(seed, { n: 60 });
        const turned = first.map((_, at) => at % 2 === 1);
        const one = bradleyTerry({ first, second, preferred, shown }, { models: 4 });
        const other = bradleyTerry(
          {
            first: first.map((model, at) => (turned[at] ? second[at] : model)),
            second: second.map((model, at) => (turned[at] ? first[at] : model)),
            preferred: preferred.map((p, at) => (turned[at] ? 1 - p : p)),
            shown: shown.map((side, at) => (turned[at] ? -side : side)),
          },
          { models: 4 },
        );
        assert.deepEqual([...one.without.keys()], [...other.without.keys()]);
        for (const [at, rate] of one.winRate.entries()) {
          if (Number.isNaN(rate.value)) continue;
          close(rate.value, other.winRate[at].value, "value", 1e-6);
          close(rate.low, other.winRate[at].low, "low", 1e-6);
        }
      }),
    );
  });

  test("do not exist for a model that never lost, never won, or was compared with none of the others", () => {
    const comparisons = {
      first: [0, 0, 1, 2, 1, 2, 1, 3, 5],
      second: [1, 2, 2, 1, 2, 1, 2, 1, 6],
      preferred: [1, 1, 1, 1, 0.5, 0, 1, 0, 1],
    };
    const { winRate, without } = bradleyTerry(comparisons, { models: 7 });
    assert.deepEqual([...without.keys()], [0, 3, 4, 5, 6]);
    assert.match(winRate[0].note ?? "", /never lost/);
    assert.match(winRate[3].note ?? "", /never won/);
    assert.match(winRate[4].note ?? "", /no comparisons/);
    assert.ok(winRate[1].value > 0.5 && winRate[2].value < 0.5);
    assert.ok(winRate.every(({ value, method }) => Number.isNaN(value) === (method === "none")));
  });

  test("against a baseline are those of pairs with it alone, and the baseline has none", () => {
    const { winRate, strength, ties } = bradleyTerry(drawn(11, { n: 400 }), { models: 4, baseline: 2 });
    assert.ok(Number.isNaN(winRate[2].value));
    const apart = strength[0].value - strength[2].value;
    close(winRate[0].value, expectedOf(apart, ties).share, "share", 1e-9);
  });

  test("are of wins to losses however many ties there are, and a win rate counts a tie as half a win", () => {
    const preferred = [50, 30, 20].flatMap((n, at) => new Array(n).fill([1, 0, 0.5][at]));
    const sides = { first: preferred.map(() => 0), second: preferred.map(() => 1) };
    const { strength, winRate, ties } = bradleyTerry({ ...sides, preferred }, { models: 2 });
    close(strength[0].value - strength[1].value, Math.log(5 / 3), "strength", 1e-9);
    close(ties, 0.2 / Math.sqrt(0.15), "ties", 1e-9);
    assert.equal(((400 / Math.LN10) * (strength[0].value - strength[1].value)).toFixed(1), "88.7");
    close(winRate[0].value, 0.6, "win rate", 1e-9);
    // The error of the log of 50 wins to 30 losses, with t of 99 degrees and n less the one strength.
    const reach = (strength[0].high - strength[0].low) / 2;
    close(2 * reach, 1.9842169515 * Math.sqrt((1 / 50 + 1 / 30) * (100 / 99)), "reach", 1e-6);
  });

  test("of a model that won or tied and never lost do not exist if no other pair shows how often equals tie", () => {
    const preferred = [1, 1, 1, 1, 0.5, 0.5];
    const two = { first: preferred.map(() => 0), second: preferred.map(() => 1), preferred };
    assert.match(bradleyTerry(two, { models: 2 }).winRate[0].note ?? "", /never lost/);
    // With others, whose wins, losses and ties show it, they do.
    const others = [1, 1, 0, 0, 0.5];
    const three = {
      first: [...two.first, ...others.map(() => 1), 0],
      second: [...two.second, ...others.map(() => 2), 2],
      preferred: [...preferred, ...others, 1],
    };
    assert.ok(bradleyTerry(three, { models: 3 }).strength.every(({ value }) => Number.isFinite(value)));
  });

  test("have no interval below 5 effective clusters", () => {
    const one = drawn(4, { n: 200 });
    const { winRate, ranks } = bradleyTerry(
      { ...one, clusters: [one.first.map((_, at) => at % 4)] },
      { models: 4 },
    );
    assert.ok(winRate.every(({ value, low }) => Number.isFinite(value) && Number.isNaN(low)));
    assert.match(winRate[0].note ?? "", /needs 5 effective clusters, has 4/);
    assert.ok(ranks.every(({ low, note }) => Number.isNaN(low) && /needs 5 effective/.test(note ?? "")));
  });
});

const equals = new Array(6).fill(0);

describe("ranks from comparisons", () => {
  const wrongIn = (world: Partial<PreferenceWorld>, draws: number) => {
    const all = Array.from({ length: draws }, (_, at) =>
      ranksOfPreferences({ strengths: equals, comparisons: 900, ...world }, at + 1),
    );
    return all.filter(({ wrong }) => wrong).length;
  };

  test("of equal models hold where few raters, or few prompts, differ", () => {
    assert.ok(wrongIn({ raters: 6, taste: 0.3 }, 80) <= 7);
    assert.ok(wrongIn({ prompts: 25, suits: 0.3 }, 80) <= 7);
    assert.ok(wrongIn({ raters: 4, taste: 0.3 }, 80) <= 7);
    assert.ok(wrongIn({ raters: 6, taste: 0.6, overOne: true }, 80) <= 7);
  });

  test("come with ratings that hold with two to four raters, or where a few of them judge nearly all", () => {
    for (const raters of [2, 3, 4]) {
      const world = { strengths: equals, comparisons: 900, raters, taste: 0.5 };
      const all = Array.from({ length: 60 }, (_, at) => ranksOfPreferences(world, at + 1).covered);
      assert.ok(all.reduce((sum, one) => sum + one, 0) / 60 > 0.9, String(raters));
    }
    const uneven = { strengths: equals, comparisons: 900, raters: 10, taste: 0.4, uneven: true };
    const held = Array.from({ length: 60 }, (_, at) => ranksOfPreferences(uneven, at + 1).covered);
    assert.ok(held.reduce((sum, one) => sum + one, 0) / 60 > 0.9);
  });

  test("tell two models apart as Student's t with the raters less 1 does", () => {
    // Each rater prefers the first in 50 of 100 comparisons, more or less.
    const told = (more: number) => {
      const won = [50, 55, 60, 65, 70].map((n) => n + more);
      const preferred = won.flatMap((n) => Array.from({ length: 100 }, (_, at) => Number(at < n)));
      const rater = preferred.map((_, at) => Math.floor(at / 100));
      const sides = { first: preferred.map(() => 0), second: preferred.map(() => 1) };
      const { ranks } = bradleyTerry({ ...sides, preferred, clusters: [rater] }, { models: 2 });
      return ranks[0].high === 1;
    };
    // The standard error of five means that differ by 7.9 is 3.5, and t of 4 degrees is 2.78: 9.8 above 50.
    assert.deepEqual([-1, 1].map(told), [false, true]);
  });

  test("are undone where preferences go round in a circle, and the pairs furthest from the fit are named", () => {
    for (const raters of [0, 12, 40]) {
      const { misfit, ranks, strength } = bradleyTerry(
        comparisonsOf({ strengths: equals, comparisons: 900, raters, circle: 1 }, 3),
        { models: 6 },
      );
      assert.ok(misfit !== undefined && misfit.p < 0.05, `${raters} raters`);
      assert.ok(misfit.furthest.every(({ first, second }) => second === (first + 1) % 6));
      assert.ok(misfit.furthest.every(({ seen, expected }) => seen > expected));
      for (const { reservations } of [...ranks, ...strength])
        assert.ok(reservations?.some(({ id, decides }) => id === "doubt.circle" && !decides));
    }
  });
});

function drawn(seed: number, { n }: { n: number }) {
  const source = random(seed);
  const strength = [0.6, 0.2, -0.2, -0.6];
  const first = Array.from({ length: n }, () => Math.floor(4 * source.uniform()));
  const second = first.map((one) => (one + 1 + Math.floor(3 * source.uniform())) % 4);
  const shown = first.map(() => (source.uniform() < 0.5 ? 1 : -1));
  const preferred = first.map((one, at) => {
    const chance = 1 / (1 + Math.exp(strength[second[at]] - strength[one] - 0.3 * shown[at]));
    return source.uniform() < 0.15 ? 0.5 : Number(source.uniform() < chance);
  });
  return { first, second, preferred, shown };
}
