import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { qualityJudge } from "../../../src/measures/quality/judged";
import { correctedRates } from "../../../src/measures/quality/judgedRates";
import { quality } from "../../../src/measures/quality/quality";
import type { Estimate } from "../../../src/stats/estimate";
import { thorough } from "../../property";
import { near } from "../../same";
import { withCalls } from "../calls";
import { putScores } from "../scores";

import { name, world } from "./judgedWorld";

describe("a judge's rate", () => {
  const { calls, scores } = world(7);
  test("is corrected from the table of verdicts and labels, one a row", () =>
    withCalls(calls, async (store) => {
      await putScores(store, scores);
      const [row] = (await qualityJudge(store, { score: name, cluster: "call_id" })).rows;
      const value = (rater: string) =>
        new Map(
          scores
            .filter((one) => one.rater === rater || (rater === "human" && one.rater === undefined))
            .map((one) => [one.call, one.value]),
        );
      const [verdict, label] = [value("judge"), value("human")];
      const count = (of: (v: unknown, l: unknown) => boolean) =>
        [...verdict].filter(([call, v]) => of(v, label.get(call))).length;
      // People's mean for each verdict, weighted by how often the judge gives it.
      const share = count((v) => v === 1) / 500;
      const among = (verdict: number) =>
        count((v, l) => v === verdict && l === 1) / count((v, l) => v === verdict && l !== undefined);
      const wrong = share * among(1) + (1 - share) * among(0);
      assert.deepEqual([row.n, row.labelled], [500, label.size]);
      near(row.corrected.value, wrong, "corrected");
      near(row.sensitivity.value, (share * among(1)) / wrong, "sensitivity");
      near(row.specificity.value, ((1 - share) * (1 - among(0))) / (1 - wrong), "specificity");
      assert.ok(row.labels.high - row.labels.low > row.corrected.high - row.corrected.low);
    }));

  thorough("stays what it is where people looked at flagged answers more often, and the table says so", () =>
    withCalls(calls, async (store) => {
      await putScores(store, scores);
      const random = await qualityJudge(store, { score: name });
      assert.ok(!random.notes.some((note) => note.includes("not a random sample")));
      assert.equal(random.rows[0].labels.note, undefined);
      await store.connection.run("delete from scores");
      const flagged = new Set(
        scores.filter(({ rater, value }) => rater === "judge" && value === 1).map(({ call }) => call),
      );
      let passed = 0;
      // A third of the labels among answers that the judge lets pass.
      const queue = scores.filter(
        ({ rater, call }) => rater === "judge" || flagged.has(call) || passed++ % 3 === 0,
      );
      await putScores(store, queue);
      const { rows, notes } = await qualityJudge(store, { score: name });
      assert.ok(Math.abs(rows[0].corrected.value - random.rows[0].corrected.value) < 0.05);
      assert.ok(rows[0].labels.value > random.rows[0].labels.value + 0.1);
      assert.match(
        rows[0].labels.note ?? "",
        /^not a random sample: \d+ % of the labelled items were flagged/,
      );
      assert.ok(notes.some((note) => /^What a human labelled is not a random sample: /.test(note)));
    }),
  );

  thorough("stands corrected beside itself in the table of quality", () =>
    withCalls(calls, async (store) => {
      await putScores(store, scores);
      const [row] = (await quality(store, { score: name })).rows;
      const [beside] = (await qualityJudge(store, { score: name })).rows;
      for (const [one, other] of [
        [row.mean, beside.raw],
        [row.corrected, beside.corrected],
      ] as Estimate[][])
        for (const end of ["value", "low", "high"] as const) near(one[end], other[end], end, 1e-12);
      assert.equal((await quality(store, { score: name, rater: "human" })).rows[0].corrected, undefined);
    }),
  );

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
      const { notes } = await qualityJudge(store, { score: name });
      assert.ok(
        notes.some((note) => /^1 of 1 rows have fewer than 10 labels of a kind.*Label more/.test(note)),
      );
      await putScores(
        store,
        scores.filter(({ rater, value, call }) => rater !== "judge" && value === 1 && !few.has(call)),
      );
      assert.ok(
        !(await qualityJudge(store, { score: name })).notes.some((note) => note.includes("Label more")),
      );
    }));

  thorough("without labels has no correction, and the note says so", () =>
    withCalls(calls, async (store) => {
      await putScores(
        store,
        scores.filter(({ rater }) => rater === "judge"),
      );
      const table = await qualityJudge(store, { score: name });
      assert.ok(Number.isNaN(table.rows[0].corrected.value) && Number.isNaN(table.rows[0].corrected.low));
      assert.ok(table.notes.some((note) => note.includes("its errors are unknown")));
      assert.equal((await quality(store, { score: name })).rows[0].corrected, undefined);
      assert.deepEqual((await qualityJudge(store, { score: name, judge: "rule" })).rows, []);
    }),
  );
});

describe("the table of verdicts and labels", () => {
  const settings = {
    level: 0.95,
    seed: 1,
    clusterBy: "user_id",
    clusters: 50,
    effective: 50,
    designEffect: 1,
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
    const wide = correctedRates(cells, { ...settings, designEffect: 2 });
    for (const kind of ["corrected", "sensitivity"] as const) {
      assert.equal(plain[kind].value, wide[kind].value);
      assert.ok(wide[kind].low < plain[kind].low && wide[kind].high > plain[kind].high, kind);
    }
    assert.deepEqual([wide.corrected.clusterBy, wide.corrected.designEffect], ["user_id", 2]);
  });
  test("whose verdicts were labelled unevenly has the value of even labels", () => {
    const more = cells.map((cell) => ({ ...cell }));
    for (const cell of more) if (cell.judged === 1) cell.n *= cell.label === null ? 0.4 : 3.4;
    near(
      correctedRates(
        more.map((cell) => ({ ...cell, n: Math.round(cell.n) })),
        settings,
      ).corrected.value,
      correctedRates(cells, settings).corrected.value,
      "value",
      1e-12,
    );
  });
  test("with a verdict that nobody looked at keeps the doubt, and says so", () => {
    const blind = cells.filter(({ judged, label }) => judged === 0 || label === null);
    const { corrected } = correctedRates(blind, settings);
    assert.match(corrected.note ?? "", /^none of the 100 that the judge calls positive is labelled/);
    assert.ok(corrected.high - corrected.low > 0.2);
  });
  test("with people who do not agree counts by their majority, and ties by half", () => {
    const tied = correctedRates([...cells, { judged: 1, label: 0.5, n: 40 }], settings);
    assert.deepEqual([tied.sensitivity.n, tied.specificity.n], [20, 80]);
    near(tied.corrected.value, (165 * (35 / 65) + 375 * (5 / 75)) / 540, "people's average counts");
  });
  test("of scores that are no verdicts is corrected where they are shares, else not at all", () => {
    const shares = cells.map((cell) => ({ ...cell, judged: 0.2 + cell.judged / 2 }));
    assert.ok(correctedRates(shares, settings).corrected.low > 0);
    const grades = cells.map((cell) => ({ ...cell, judged: 5 * cell.judged }));
    assert.match(correctedRates(grades, settings).corrected.note ?? "", /from 0 to 1/);
  });
});
