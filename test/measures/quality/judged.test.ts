import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { judged } from "../../../src/measures/quality/judged";
import { correctedRates } from "../../../src/measures/quality/judgedRates";
import { quality } from "../../../src/measures/quality/quality";
import type { Estimate } from "../../../src/stats/estimate";
import { random } from "../../../src/stats/random";
import { roganGladen } from "../../../src/stats/roganGladen";
import { near } from "../../same";
import { type Call, withCalls } from "../calls";
import { type Judgement, putScores } from "../scores";

const name = "hallucination";

/** Calls of users, a judge's verdicts on all and people's labels on some; users differ in how often they are wrong. */
function world(seed: number, { calls = 500, labelled = 0.3, rate = 0.2, se = 0.85, sp = 0.9 } = {}) {
  const { uniform } = random(seed);
  const scores: Judgement[] = [];
  const made = Array.from({ length: calls }, (_, at): Call => {
    const truth = uniform() < rate;
    scores.push({ call: `c${at}`, name, rater: "judge", value: Number(uniform() < (truth ? se : 1 - sp)) });
    if (uniform() < labelled) scores.push({ call: `c${at}`, name, value: Number(truth) });
    return { call_id: `c${at}`, model: "alder", user_id: `u${at % 100}` };
  });
  return { calls: made, scores };
}

test("both corrections cover the truth where the judge's own rate does not", async () => {
  const covered = { raw: 0, corrected: 0, prediction_powered: 0 };
  for (let seed = 1; seed <= 20; seed++) {
    const { calls, scores } = world(seed);
    await withCalls(calls, async (store) => {
      await putScores(store, scores);
      const [row] = (await judged(store, { score: name })).rows;
      for (const kind of ["raw", "corrected", "prediction_powered"] as const)
        if (row[kind].low <= 0.2 && 0.2 <= row[kind].high) covered[kind]++;
    });
  }
  assert.ok(covered.corrected >= 17 && covered.prediction_powered >= 17, JSON.stringify(covered));
  assert.ok(covered.raw <= 10, JSON.stringify(covered));
});

describe("a judge's rate", () => {
  const { calls, scores } = world(7);
  test("is corrected from the table of verdicts and labels, one a row", () =>
    withCalls(calls, async (store) => {
      await putScores(store, scores);
      const [row] = (await judged(store, { score: name, cluster: "call_id" })).rows;
      const value = (rater: string) =>
        new Map(
          scores
            .filter((one) => one.rater === rater || (rater === "human" && one.rater === undefined))
            .map((one) => [one.call, one.value]),
        );
      const [verdict, label] = [value("judge"), value("human")];
      const count = (of: (v: unknown, l: unknown) => boolean) =>
        [...verdict].filter(([call, v]) => of(v, label.get(call))).length;
      const wanted = roganGladen(
        {
          positives: count((v) => v === 1),
          judged: 500,
          foundPositives: count((v, l) => l === 1 && v === 1),
          truePositives: count((_, l) => l === 1),
          foundNegatives: count((v, l) => l === 0 && v === 0),
          trueNegatives: count((_, l) => l === 0),
        },
        { partOf: 500 },
      );
      assert.deepEqual([row.n, row.labelled], [500, label.size]);
      for (const end of ["value", "low", "high"] as const) near(row.corrected[end], wanted[end], end);
      near(row.sensitivity.value, wanted.sensitivity, "sensitivity");
      near(row.specificity.value, wanted.specificity, "specificity");
      // The judge's mean over all plus the mean error where labelled.
      const error =
        [...label].reduce((sum, [call, l]) => sum + ((l as number) - (verdict.get(call) as number)), 0) /
        label.size;
      near(row.prediction_powered.value, row.raw.value + error, "prediction-powered");
      assert.ok(row.labels.high - row.labels.low > row.prediction_powered.high - row.prediction_powered.low);
    }));

  test("stands corrected beside itself in the table of quality", () =>
    withCalls(calls, async (store) => {
      await putScores(store, scores);
      const [row] = (await quality(store, { score: name })).rows;
      const [beside] = (await judged(store, { score: name })).rows;
      for (const [one, other] of [
        [row.mean, beside.raw],
        [row.corrected, beside.corrected],
        [row.prediction_powered, beside.prediction_powered],
      ] as Estimate[][])
        for (const end of ["value", "low", "high"] as const) near(one[end], other[end], end, 1e-12);
      assert.equal((await quality(store, { score: name, rater: "human" })).rows[0].corrected, undefined);
    }));

  test("of rows with few labels of a kind says how many they are, and what helps", () =>
    withCalls(calls, async (store) => {
      const few = new Set(
        scores
          .filter(({ rater, value }) => rater !== "judge" && value === 1)
          .map(({ call }) => call)
          .slice(0, 9),
      );
      await putScores(
        store,
        scores.filter(({ rater, value, call }) => rater === "judge" || value === 0 || few.has(call)),
      );
      const { notes } = await judged(store, { score: name });
      assert.ok(
        notes.some((note) => /^1 of 1 rows have fewer than 10 labels of a kind.*Label more/.test(note)),
      );
      await putScores(
        store,
        scores.filter(({ rater, value, call }) => rater !== "judge" && value === 1 && !few.has(call)),
      );
      assert.ok(!(await judged(store, { score: name })).notes.some((note) => note.includes("Label more")));
    }));

  test("without labels has no correction, and the note says so", () =>
    withCalls(calls, async (store) => {
      await putScores(
        store,
        scores.filter(({ rater }) => rater === "judge"),
      );
      const table = await judged(store, { score: name });
      assert.ok(
        Number.isNaN(table.rows[0].corrected.value) && Number.isNaN(table.rows[0].prediction_powered.low),
      );
      assert.ok(table.notes.some((note) => note.includes("its errors cannot be told")));
      assert.equal((await quality(store, { score: name })).rows[0].corrected, undefined);
      assert.deepEqual((await judged(store, { score: name, judge: "rule" })).rows, []);
    }));
});

describe("the table of verdicts and labels", () => {
  const settings = {
    level: 0.95,
    seed: 1,
    clusterBy: "user_id",
    clusters: 50,
    effective: 50,
    designEffects: { judged: 1, labelled: 1, powered: 1 },
  };
  const cells = [
    { judged: 0, label: null, n: 300 },
    { judged: 1, label: null, n: 100 },
    { judged: 0, label: 0, n: 70 },
    { judged: 0, label: 1, n: 5 },
    { judged: 1, label: 0, n: 10 },
    { judged: 1, label: 1, n: 15 },
  ];
  test("of clustered subjects has the same value and a wider interval", () => {
    const plain = correctedRates(cells, settings);
    const wide = correctedRates(cells, {
      ...settings,
      designEffects: { judged: 3, labelled: 1.5, powered: 2 },
    });
    for (const kind of ["corrected", "prediction_powered"] as const) {
      assert.equal(plain[kind].value, wide[kind].value);
      assert.ok(wide[kind].low < plain[kind].low && wide[kind].high > plain[kind].high, kind);
      assert.deepEqual(
        [wide[kind].clusterBy, wide[kind].designEffect],
        ["user_id", kind === "corrected" ? 3 : 2],
      );
    }
  });
  test("with people who do not agree counts by their majority, and ties by half", () => {
    const tied = correctedRates([...cells, { judged: 1, label: 0.5, n: 40 }], settings);
    assert.deepEqual([tied.sensitivity.n, tied.specificity.n], [20, 80]);
    near(tied.prediction_powered.value, 165 / 540 + (5 - 10 - 20) / 140, "people's average counts");
  });
  test("of scores that are no verdicts is corrected where they are shares, else not at all", () => {
    const shares = cells.map((cell) => ({ ...cell, judged: 0.2 + cell.judged / 2 }));
    assert.match(correctedRates(shares, settings).corrected.note ?? "", /verdicts of 0 or 1/);
    assert.ok(correctedRates(shares, settings).prediction_powered.low > 0);
    const grades = cells.map((cell) => ({ ...cell, judged: 5 * cell.judged }));
    assert.match(correctedRates(grades, settings).prediction_powered.note ?? "", /from 0 to 1/);
  });
});
