import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { kendall } from "../../src/stats/kendall";
import { random } from "../../src/stats/random";
import { rankCorrelation, rankCorrelations } from "../../src/stats/rankCorrelation";
import { spearman } from "../../src/stats/spearman";
import { trueValueDraws } from "../../src/stats/trueValueDraws";
import { weightedTau } from "../../src/stats/weightedTau";
import { fc, thorough } from "../property";
import { close } from "./golden";

const benchmark = [61, 64, 70, 72, 75, 81, 84, 90];
const production = [0.52, 0.61, 0.55, 0.66, 0.6, 0.72, 0.75, 0.7];
const productionError = production.map(() => 0.03);
const input = { benchmark, production, productionError };
const few = { resamples: 1_000 };

describe("the rank correlation of noisy models", () => {
  test("has the measured correlation as its value and an interval that holds it", () => {
    for (const [kind, of] of Object.entries({ spearman, kendall, weighted: weightedTau })) {
      const r = rankCorrelation(input, { kind: kind as "weighted" });
      assert.equal(r.value, of(benchmark, production));
      assert.ok(r.low < r.value && r.value < r.high, JSON.stringify(r));
      assert.ok(r.low <= r.corrected && r.corrected <= r.high);
      assert.deepEqual([r.method, r.n, r.clusters, r.resamples], ["bootstrap-posterior", 8, 8, 9_999]);
    }
  });
  test("answers for four noisy models, honestly wide, and not for three", () => {
    const four = rankCorrelation({
      benchmark: benchmark.slice(0, 4),
      production: production.slice(0, 4),
      productionError: [0.1, 0.1, 0.1, 0.1],
    });
    assert.ok(four.high - four.low > 1, JSON.stringify(four));
    assert.match(four.note ?? "", /noise makes up 100 %|noise makes up/);
    const three = rankCorrelation({
      benchmark: benchmark.slice(0, 3),
      production: production.slice(0, 3),
      productionError: [0.1, 0.1, 0.1],
    });
    assert.equal(three.value, 0.5);
    assert.ok(Number.isNaN(three.low) && Number.isNaN(three.high));
    assert.match(three.note ?? "", /needs 4 models measured on both sides, has 3/);
  });
  test("less noise gives a narrower interval, none at all a single point", () => {
    const width = (error: number) => {
      const r = rankCorrelation({ benchmark, production, productionError: production.map(() => error) }, few);
      return r.high - r.low;
    };
    assert.ok(width(0.1) > width(0.03) && width(0.03) > width(0.005));
    assert.equal(width(0), 0);
    const exact = rankCorrelation({ benchmark, production, productionError: production.map(() => 0) }, few);
    assert.match(exact.note ?? "", /both sides treated as exact/);
  });
  test("an uncertain benchmark widens the interval, by errors or by items", () => {
    const shares = benchmark.map((score) => score / 100);
    const exact = rankCorrelation({ ...input, benchmark: shares }, few);
    const items = rankCorrelation(
      { ...input, benchmark: shares, benchmarkItems: shares.map(() => 100) },
      few,
    );
    const errors = rankCorrelation({ ...input, benchmarkError: benchmark.map(() => 4.5) }, few);
    assert.ok(items.high - items.low > exact.high - exact.low);
    assert.ok(errors.high - errors.low > exact.high - exact.low);
    assert.ok(items.benchmarkReliability < 1 && exact.benchmarkReliability === 1);
    close(errors.benchmarkReliability, items.benchmarkReliability, "reliability", 0.05);
  });
  thorough("covers a correlation that redrawing each value around itself would miss", () => {
    // Twelve models, true correlation about .95, noise as large as the spread.
    let covered = 0;
    const runs = 150;
    for (let run = 0; run < runs; run++) {
      const g = random(1, run);
      const b = Array.from({ length: 12 }, () => g.normal());
      const truth = b.map((v) => 0.95 * v + Math.sqrt(1 - 0.95 ** 2) * g.normal());
      const r = rankCorrelation(
        { benchmark: b, production: truth.map((v) => v + g.normal()), productionError: b.map(() => 1) },
        { resamples: 400 },
      );
      const target = spearman(b, truth);
      if (r.low <= target && target <= r.high) covered++;
    }
    assert.ok(covered >= 0.92 * runs, `${covered} of ${runs}`);
  });
  test("noise that pulls the measured value out of the draws is said and the value kept inside", () => {
    const g = random(5);
    const b = Array.from({ length: 20 }, (_, i) => i / 5);
    const error = b.map((_, i) => (i % 5 === 0 ? 6 : 0.05));
    const r = rankCorrelation(
      { benchmark: b, production: b.map((v, i) => v + error[i] * g.normal()), productionError: error },
      few,
    );
    assert.ok(r.low <= r.value && r.value <= r.high);
    assert.match(
      r.note ?? "",
      /noise of the measurements weakens the measured correlation; without it about/,
    );
  });
  test("neither the rows' order nor a scale or shift of either side changes anything", () => {
    const base = rankCorrelation(input, few);
    fc.assert(
      fc.property(
        fc.shuffledSubarray([...benchmark.keys()], { minLength: 8 }),
        fc.constantFrom(1, 64, 2 ** -20),
        (order, scale) => {
          const r = rankCorrelation(
            {
              benchmark: order.map((i) => benchmark[i] * scale),
              production: order.map((i) => production[i] * scale),
              productionError: order.map((i) => productionError[i] * scale),
            },
            few,
          );
          assert.deepEqual(r, base);
        },
      ),
      { numRuns: 20 },
    );
    const shifted = rankCorrelation({ ...input, production: production.map((v) => v - 10) }, few);
    close(shifted.low, base.low, "low");
    close(shifted.high, base.high, "high");
  });
  test("a falling benchmark turns the interval round", () => {
    const up = rankCorrelation(input);
    const down = rankCorrelation({ ...input, benchmark: benchmark.map((v) => -v) });
    assert.equal(down.value, -up.value);
    assert.ok(Math.abs(down.low + up.high) < 0.08 && Math.abs(down.high + up.low) < 0.08);
  });
  test("several kinds at once are what each is alone", () => {
    const values = fc.double({ min: -3, max: 3, noNaN: true });
    const error = fc.double({ min: 0, max: 1, noNaN: true });
    const model = fc.record({ benchmark: values, production: values, of: error, on: error });
    fc.assert(
      fc.property(fc.array(model, { minLength: 2, maxLength: 9 }), fc.boolean(), (models, isExact) => {
        const input = {
          benchmark: models.map(({ benchmark }) => benchmark),
          production: models.map(({ production }) => production),
          productionError: models.map(({ on }) => on),
          ...(isExact ? {} : { benchmarkError: models.map(({ of }) => of) }),
        };
        const draws = { spearman: 200, kendall: 100, weighted: 50 };
        const together = rankCorrelations(input, draws, { level: 0.9, seed: 3 });
        for (const kind of ["spearman", "kendall", "weighted"] as const)
          assert.deepEqual(
            together[kind],
            rankCorrelation(input, { kind, level: 0.9, seed: 3, resamples: draws[kind] }),
          );
      }),
    );
  });
  test("the same seed repeats, another one differs little", () => {
    assert.deepEqual(rankCorrelation(input), rankCorrelation(input));
    const other = rankCorrelation(input, { seed: 2 });
    assert.ok(Math.abs(other.low - rankCorrelation(input).low) < 0.05);
  });
});

describe("awkward models", () => {
  const nan = Number.NaN;
  test("missing values and unknown errors leave a model out and say so", () => {
    const r = rankCorrelation({
      benchmark: [...benchmark, 50, nan],
      production: [...production, 0.5, 0.9],
      productionError: [...productionError, nan, 0.1],
    });
    const whole = rankCorrelation(input);
    assert.deepEqual([r.value, r.low, r.high, r.n], [whole.value, whole.low, whole.high, 8]);
    assert.match(r.note ?? "", /1 of 10 models left out: a side is missing or not finite/);
    assert.match(r.note ?? "", /1 of 10 models left out: the standard error is not known/);
  });
  test("a constant side, no model and one model have no correlation", () => {
    const constant = rankCorrelation({ ...input, benchmark: benchmark.map(() => 3) });
    assert.ok(Number.isNaN(constant.value) && Number.isNaN(constant.low) && Number.isNaN(constant.high));
    assert.match(constant.note ?? "", /no order to compare/);
    for (const n of [0, 1, 2]) {
      const r = rankCorrelation({
        benchmark: benchmark.slice(0, n),
        production: production.slice(0, n),
        productionError: productionError.slice(0, n),
      });
      assert.ok(Number.isNaN(r.low) && Number.isNaN(r.high));
      assert.equal(r.value, n === 2 ? 1 : nan);
    }
  });
  test("values of 1e300 and errors beyond all measure give wide intervals, not NaN", () => {
    const large = rankCorrelation(
      {
        benchmark,
        production: production.map((v) => v * 1e300),
        productionError: productionError.map((v) => v * 1e300),
      },
      few,
    );
    const base = rankCorrelation(input, few);
    close(large.low, base.low, "low");
    close(large.high, base.high, "high");
    const hopeless = rankCorrelation({ ...input, productionError: production.map(() => 1e200) }, few);
    assert.ok(hopeless.low < -0.6 && hopeless.high > 0.6, JSON.stringify(hopeless));
  });
  test("mistakes are named", () => {
    assert.throws(
      () => rankCorrelation({ ...input, productionError: [1] }),
      /got 8 production and 1 productionError/,
    );
    assert.throws(
      () => rankCorrelation({ ...input, productionError: production.map(() => -1) }),
      />= 0, got -1/,
    );
    assert.throws(() => rankCorrelation(input, { level: 95 }), /did you mean 0.95/);
    assert.throws(
      () => rankCorrelation({ ...input, benchmarkItems: benchmark.map(() => 100) }),
      /did you mean 0.61/,
    );
    assert.throws(() => rankCorrelation(input, { kind: "pearson" as "kendall" }), /kind/);
  });
});

describe("a relation that is curved", () => {
  // Production grows as the exponential of the benchmark, whose order is therefore exactly production's.
  const heldIn = (logs: number, benchmarkError: number) => {
    let held = 0;
    for (let log = 0; log < logs; log++) {
      const { normal } = random(5, log);
      const scores = Array.from({ length: 10 }, normal);
      const truth = scores.map((score) => Math.exp(1.5 * score));
      const middle = truth.reduce((sum, one) => sum + one, 0) / 10;
      const error = 0.2 * Math.sqrt(truth.reduce((sum, one) => sum + (one - middle) ** 2, 0) / 9);
      const { high } = rankCorrelation(
        {
          benchmark: scores.map((score) => score + benchmarkError * normal()),
          ...(benchmarkError > 0 ? { benchmarkError: scores.map(() => benchmarkError) } : {}),
          production: truth.map((one) => one + error * normal()),
          productionError: truth.map(() => error),
        },
        { resamples: 400 },
      );
      if (high > 1 - 1e-9) held++;
    }
    return held;
  };

  thorough("with ten models is held by the interval, also where the benchmark is noisy", () => {
    // A line with one spread around it holds it in 15 of 100 logs.
    assert.ok(heldIn(100, 0) >= 88);
    assert.ok(heldIn(50, 0.3) >= 43);
  });
  test("that would be the reverse is held as well", () => {
    const input = { benchmark: [1, 2, 3, 4, 5, 6], productionError: [0.2, 0.2, 0.2, 0.2, 0.2, 0.2] };
    const falling = rankCorrelation({ ...input, production: [9, 4, 0.3, 0.1, 0.2, 0.15] }, few);
    const rising = rankCorrelation({ ...input, production: [-9, -4, -0.3, -0.1, -0.2, -0.15] }, few);
    assert.equal(falling.low, -1);
    assert.equal(rising.high, 1);
  });
});

describe("joint draws of true values", () => {
  test("are in the units and the order of the input, around the measured values", () => {
    const draws = trueValueDraws({
      benchmark: [...benchmark.slice(4), Number.NaN, ...benchmark.slice(0, 4)],
      production: [...production.slice(4), 9, ...production.slice(0, 4)],
      productionError: [...productionError, 0.03],
    });
    assert.deepEqual(draws.kept, [0, 1, 2, 3, 5, 6, 7, 8]);
    [...production.slice(4), ...production.slice(0, 4)].forEach((value, i) => {
      const mean = draws.production[i].reduce((a, b) => a + b) / draws.production[i].length;
      assert.ok(Math.abs(mean - value) < 0.03, `${mean} for ${value}`);
    });
    assert.deepEqual([...new Set(draws.benchmark[0])], [75]);
    assert.match(draws.note, /1 of 9 models left out/);
  });
  test("of fewer than four models come from each value alone, and the note says so", () => {
    const draws = trueValueDraws({ benchmark: [1, 2], production: [5, 6], productionError: [1, 0] });
    assert.match(draws.note, /fewer than 4 models/);
    const mean = draws.production[0].reduce((a, b) => a + b) / 9_999;
    const sd = Math.sqrt(draws.production[0].reduce((a, b) => a + (b - mean) ** 2, 0) / 9_998);
    assert.ok(Math.abs(mean - 5) < 0.04 && Math.abs(sd - 1) < 0.04);
    assert.deepEqual([...new Set(draws.production[1])], [6]);
  });
});
