import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { icc } from "../../src/stats/icc";
import { random } from "../../src/stats/random";
import { promptRuns } from "../../src/stats/varianceSplit";
import { fc } from "../property";
import { close, golden } from "./golden";

const cases = golden("icc").cases;
const study: number[][] = cases[0].groups;

describe("the split of variance over prompts and runs", () => {
  for (const c of cases)
    test(`is the reference analysis of variance: ${c.name}`, () => {
      const split = icc(c.groups, { method: "f" });
      close(split.k0, c.k0, "k0");
      close(split.meanSquareBetween, c.ms_between, "between");
      close(split.meanSquareWithin, c.ms_within, "within");
      close(split.between.value, c.var_between, "variance between");
      close(split.within.value, c.var_within, "variance within");
      close(split.icc.value, c.icc1, "icc");
      if (!("F" in c)) return;
      close(split.f, c.F, "F");
      close(split.icc.low, c.icc1_ci95[0], "low");
      close(split.icc.high, c.icc1_ci95[1], "high");
      close(split.iccOfMean, c.icc1k, "icc of the mean");
      close(split.designEffect, c.deff, "design effect");
    });
  test("has intervals that hold their values and are no narrower than the F interval", () => {
    const split = icc(study);
    const f = icc(study, { method: "f" });
    for (const e of [split.icc, split.between, split.within]) assert.ok(e.low < e.value && e.value < e.high);
    assert.ok(split.icc.low <= f.icc.low && split.icc.high >= f.icc.high);
    assert.deepEqual([split.icc.n, split.icc.clusters, split.icc.clusterBy], [40, 8, "prompt"]);
    assert.equal(split.icc.method, "bootstrap-t");
    assert.equal(f.icc.method, "f");
  });
  test("covers 0/1 scores, which the F interval does not", () => {
    let covered = 0;
    let byF = 0;
    const runs = 120;
    for (let run = 0; run < runs; run++) {
      const g = random(4, run);
      const prompts = Array.from({ length: 30 }, () => {
        const [a, b] = [g.gamma(0.1), g.gamma(0.15)];
        return Array.from({ length: 4 }, () => Number(g.uniform() < a / (a + b)));
      });
      const hit = (e: { low: number; high: number }) => e.low <= 0.8 && 0.8 <= e.high;
      if (hit(icc(prompts, { resamples: 199 }).icc)) covered++;
      if (hit(icc(prompts, { method: "f" }).icc)) byF++;
    }
    assert.ok(covered >= 0.91 * runs && byF < 0.88 * runs, `${covered} and ${byF} of ${runs}`);
  });
  test("is the same from summaries as from the runs", () => {
    assert.deepEqual(icc(study.map(promptRuns)), icc(study));
  });
  test("ignores the order of prompts and a shift, and follows a scale", () => {
    const base = icc(study);
    fc.assert(
      fc.property(
        fc.shuffledSubarray(study, { minLength: study.length }),
        fc.constantFrom(-3, 0.5),
        (rows, scale) => {
          assert.deepEqual(icc(rows), base);
          const moved = icc(rows.map((runs) => runs.map((v) => v * scale + 7)));
          close(moved.icc.value, base.icc.value, "icc", 1e-9);
          close(moved.icc.low, base.icc.low, "low", 1e-2);
          close(moved.within.high, base.within.high * scale * scale, "within", 1e-2);
        },
      ),
      { numRuns: 10 },
    );
  });
});

describe("awkward studies", () => {
  test("say why there is no split or no interval", () => {
    const note = (prompts: number[][]) => {
      const split = icc(prompts);
      assert.ok(
        Number.isNaN(split.icc.low) && Number.isNaN(split.icc.high) && Number.isNaN(split.within.low),
      );
      return split.icc.note ?? "";
    };
    assert.match(note([]), /needs 2 prompts, has 0/);
    assert.match(note([[1, 2, 3]]), /needs 2 prompts, has 1/);
    assert.match(note([[1], [2], [3]]), /a prompt with 2 runs or more, has none/);
    assert.match(
      note([
        [3, 3],
        [3, 3],
      ]),
      /all scores are the same/,
    );
    assert.match(
      note([
        [1, 1],
        [2, 2],
        [5, 5],
      ]),
      /no run differs from another/,
    );
    assert.match(
      note([
        [1, 2],
        [1, 2],
        [1, 2],
      ]),
      /means of all prompts are the same/,
    );
    assert.match(
      note([
        [1, 2],
        [2, 4],
      ]),
      /an interval needs 3 prompts, has 2/,
    );
    assert.equal(
      icc([
        [1, 1],
        [2, 2],
        [5, 5],
      ]).icc.value,
      1,
    );
    assert.ok(
      Number.isNaN(
        icc([
          [3, 3],
          [3, 3],
        ]).icc.value,
      ),
    );
    assert.ok(Number.isNaN(icc([]).icc.value) && Number.isNaN(icc([[1], [2]]).between.value));
  });
  test("leave missing scores out and say so; infinite ones are refused", () => {
    const split = icc([...study.map((runs) => [...runs, Number.NaN]), [Number.NaN]]);
    close(split.icc.value, icc(study).icc.value);
    assert.match(split.icc.note ?? "", /9 runs without a score left out; 1 of 9 prompts left out/);
    assert.throws(() => icc([[1, Infinity]]), /finite scores, got Infinity/);
    assert.throws(() => icc(study, { level: 95 }), /did you mean 0.95/);
    assert.throws(() => icc(study, { method: "anova" as "f" }), /method/);
  });
  test("a negative variance between prompts stays visible and is explained", () => {
    const split = icc(cases[2].groups);
    assert.ok(split.between.value < 0 && split.icc.value < 0);
    assert.match(split.between.note ?? "", /below 0 by chance/);
  });
  test("scores of 1e300 give the same share", () => {
    close(icc(study.map((runs) => runs.map((v) => v * 1e300))).icc.value, icc(study).icc.value);
    close(icc(study.map((runs) => runs.map((v) => v * 1e-200))).icc.low, icc(study).icc.low, "low", 1e-6);
  });
});
