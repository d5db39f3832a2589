import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { expectedRegret } from "../../src/stats/expectedRegret";
import { probabilityBest } from "../../src/stats/probabilityBest";
import { random } from "../../src/stats/random";
import { trueValueDraws } from "../../src/stats/trueValueDraws";
import { close } from "./golden";

const nan = Number.NaN;

describe("the probability of being best", () => {
  test("counts the draws each model wins, ties shared, and sums to one", () => {
    const p = probabilityBest([
      [3, 1, 2, 5],
      [1, 3, 2, 4],
      [0, 0, 0, 5],
    ]);
    assert.deepEqual([...p], [(1 + 0.5 + 0.5) / 4, (1 + 0.5) / 4, 0.5 / 4]);
  });
  test("turns round where low is good", () => {
    const draws = [
      [1, 2, 9],
      [2, 1, 3],
    ];
    assert.deepEqual([...probabilityBest(draws, { lowerIsBetter: true })], [1 / 3, 2 / 3]);
  });
  test("of the top three sums to three, a tie across the boundary sharing the place left", () => {
    const draws = [[9], [5], [5], [5], [1]];
    const p = probabilityBest(draws, { top: 3 });
    [1, 2 / 3, 2 / 3, 2 / 3, 0].forEach((expected, i) => {
      close(p[i], expected);
    });
  });
  test("is that of a known law", () => {
    const g = random(1);
    const draws = [0, 1].map((mean) => Float64Array.from({ length: 40_000 }, () => mean + g.normal()));
    // P(N(1, 1) > N(0, 1)) = Phi(1 / sqrt 2)
    assert.ok(Math.abs(probabilityBest(draws)[1] - 0.7602499389065233) < 0.01);
  });
  test("NaN is never best; no draw at all gives NaN", () => {
    assert.deepEqual(
      [
        ...probabilityBest([
          [nan, nan, 1],
          [1, nan, 0],
        ]),
      ],
      [0.5, 0.5],
    );
    assert.deepEqual([...probabilityBest([[], []])], [nan, nan]);
    assert.deepEqual([...probabilityBest([])], []);
    assert.deepEqual(
      [
        ...probabilityBest([
          [Infinity, 1],
          [1, -Infinity],
        ]),
      ],
      [1, 0],
    );
  });
  test("draws sorted one model at a time are refused", () => {
    const sorted = Array.from({ length: 20 }, (_, i) => i);
    assert.throws(() => probabilityBest([sorted, sorted]), /requires joint draws, got draws sorted/);
    assert.throws(() => expectedRegret([sorted, sorted], 0), /requires joint draws/);
    assert.throws(() => probabilityBest([[1], [1, 2]]), /one length for all models, got 1 and 2/);
    assert.throws(() => probabilityBest([[1], [2]], { top: 3 }), /top <= 2, the number of models, got 3/);
  });
});

describe("what joint draws of noisy models promise", () => {
  test("comes true on average: the loss of following the benchmark, and the chance of being best", () => {
    const worlds = 200;
    let excess = 0;
    let squares = 0;
    let promised = 0;
    let kept = 0;
    for (let world = 0; world < worlds; world++) {
      const g = random(21, world);
      const benchmark = Array.from({ length: 8 }, () => g.normal());
      const truth = benchmark.map((b) => 0.6 * b + 0.8 * g.normal());
      const { production } = trueValueDraws(
        {
          benchmark,
          production: truth.map((value) => value + 0.2 * g.normal()),
          productionError: truth.map(() => 0.2),
        },
        { resamples: 499 },
      );
      const leader = benchmark.indexOf(Math.max(...benchmark));
      const difference = expectedRegret(production, leader).value - (Math.max(...truth) - truth[leader]);
      excess += difference / worlds;
      squares += difference ** 2 / worlds;
      const best = truth.indexOf(Math.max(...truth));
      probabilityBest(production).forEach((p, i) => {
        if (p < 0.3 || p > 0.9) return;
        promised += p;
        kept += Number(i === best);
      });
    }
    assert.ok(Math.abs(excess) < 2.5 * Math.sqrt(squares / worlds), `${excess}`);
    assert.ok(Math.abs(kept / promised - 1) < 0.2, `${kept} of ${promised}`);
  });
});

describe("the expected regret", () => {
  const draws = [
    [1, 2, 3, 2],
    [2, 2, 2, 2],
  ];
  test("is the mean loss against the best of each draw", () => {
    const r = expectedRegret(draws, 0, { unit: "s" });
    assert.deepEqual([r.value, r.low, r.high, r.unit, r.n], [0.25, 0, 1, "s", 2]);
    assert.equal(expectedRegret(draws, 0, { lowerIsBetter: true }).value, 0.25);
    assert.equal(expectedRegret(draws, 1, { lowerIsBetter: true }).value, 0.25);
  });
  test("against a blind pick is negative where the choice is better", () => {
    assert.equal(
      expectedRegret(
        [
          [3, 3],
          [1, 1],
        ],
        0,
        { against: "random" },
      ).value,
      -1,
    );
    assert.equal(
      expectedRegret(
        [
          [3, 3],
          [1, 1],
        ],
        1,
        { against: "random" },
      ).value,
      1,
    );
  });
  test("holds its value even where one draw in a thousand costs much", () => {
    const rare = [new Array(1000).fill(0), new Array(1000).fill(-1)];
    rare[1][500] = 1e6;
    const r = expectedRegret(rare, 0);
    assert.deepEqual([r.value, r.low, r.high], [1000, 0, 1000]);
  });
  test("leaves draws with a NaN out and says so; none left gives NaN", () => {
    const r = expectedRegret(
      [
        [1, nan],
        [2, 3],
      ],
      0,
    );
    assert.equal(r.value, 1);
    assert.match(r.note ?? "", /1 of 2 draws left out/);
    const none = expectedRegret([[nan], [1]], 1);
    assert.ok(Number.isNaN(none.value) && Number.isNaN(none.low) && /no draw/.test(none.note ?? ""));
    assert.throws(() => expectedRegret([[1]], 1), /index of one of 1 models, got 1/);
  });
});
