import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { consistencyWorst } from "../../../src/measures/consistency/repeatsWorst";
import { consistencySingleShot } from "../../../src/measures/consistency/singleShot";
import { pickedBy } from "../../../src/measures/consistency/singleShotPicks";
import { random } from "../../../src/stats/random";
import { clopperPearson } from "../../../src/stats/rate";
import type { Store } from "../../../src/store/open";
import { run } from "../../../src/store/run";
import { thorough } from "../../property";
import { near } from "../../same";
import { type Call, withCalls } from "../calls";
import { type Judgement, putScores } from "../scores";

/** Runs by model, prompt and repeat; a score of each. */
function study(models: Record<string, number[][]>, name = "good", more: Call = {}) {
  const calls: Call[] = [];
  const scores: Judgement[] = [];
  for (const [model, prompts] of Object.entries(models))
    for (const [p, runs] of prompts.entries())
      for (const [r, value] of runs.entries()) {
        const call_id = `${model}:${p}:${r}`;
        calls.push({
          call_id,
          model,
          prompt_id: `p${p}`,
          output_hash: `${model}${p}${r % 2}`,
          json_valid: r > p,
          ...more,
        });
        scores.push({ call: call_id, value, name });
      }
  return { calls, scores };
}
const withStudy = <T>({ calls, scores }: ReturnType<typeof study>, work: (store: Store) => Promise<T>) =>
  withCalls(calls, async (store) => {
    await putScores(store, scores);
    return work(store);
  });

describe("the worst prompts", () => {
  const models = {
    alder: [
      [1, 1, 1],
      [0, 0, 1],
      [1, 0, 1],
    ],
    birch: [
      [0, 0, 0],
      [1, 1, 1],
    ],
  };
  test("are those with the lowest score, of each row", () =>
    withStudy(study(models), async (store) => {
      const { rows, by } = await consistencyWorst(store, { limit: 2 });
      assert.deepEqual(by, ["model", "prompt_id"]);
      assert.deepEqual(
        rows.map(({ model, prompt_id }) => [model, prompt_id]),
        [
          ["alder", "p1"],
          ["alder", "p2"],
          ["birch", "p0"],
          ["birch", "p1"],
        ],
      );
      const [worst] = rows;
      near(worst.mean.value, 1 / 3, "mean");
      assert.deepEqual(
        [worst.mean.method, worst.runs, worst.least, worst.most],
        ["clopper-pearson", 3, 0, 1],
      );
      assert.match(worst.mean.note ?? "", /picked from 3 prompts: the interval holds for all/);
      const named = clopperPearson(1, 3);
      assert.ok(worst.mean.low < named.low && worst.mean.high > named.high);
      near(worst.same_output, 1 / 3, "two of three runs are alike");
    }));
  test("of a fault are those with the highest", () =>
    withStudy(study(models, "hallucination"), async (store) => {
      const { rows } = await consistencyWorst(store, { limit: 1, score: "hallucination" });
      assert.deepEqual(
        rows.map(({ prompt_id }) => prompt_id),
        ["p0", "p1"],
      );
    }));
  test("may be worst in form instead", () =>
    withStudy(study(models), async (store) => {
      const { rows } = await consistencyWorst(store, { limit: 1, order: "json_valid", by: "" });
      assert.deepEqual(
        rows.map(({ prompt_id, json_valid }) => [prompt_id, json_valid]),
        [["p2", 0]],
      );
      // If no output is JSON, none was requested, so prompts aren't ranked by it.
      await run(store.connection, "update calls set json_valid = false");
      const [row] = (await consistencyWorst(store, { limit: 1, by: "" })).rows;
      assert.ok(Number.isNaN(row.json_valid));
      assert.deepEqual((await consistencyWorst(store, { order: "json_valid" })).rows, []);
      await assert.rejects(
        consistencyWorst(store, { order: "length" as never }),
        /order to be one of score, json_valid/,
      );
      await assert.rejects(consistencyWorst(store, { limit: 0 }), /whole number of prompts >= 1, got 0/);
    }));
});

describe("a pick by few runs", () => {
  const world = (seed: number, p: number[], prompts: number, runs: number) => {
    const { uniform } = random(seed);
    const hard = Array.from({ length: prompts }, () => 0.5 * uniform());
    return p.map((chance) =>
      hard.map((h) => Array.from({ length: runs }, () => Number(uniform() < chance - h))),
    );
  };
  const asRuns = (models: number[][][]) =>
    models.map((prompts, at) => ({
      name: `m${at}`,
      means: prompts.map((runs) => runs.reduce((a, b) => a + b) / runs.length),
      variances: prompts.map((runs) => {
        const mean = runs.reduce((a, b) => a + b) / runs.length;
        return runs.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (runs.length - 1);
      }),
    }));

  test("is wrong as often as drawing the runs again shows", () => {
    const models = asRuns(world(3, [0.9, 0.84, 0.7], 60, 200));
    const { best, wrong, loss } = pickedBy(models, 1);
    const truth = models.map(({ means }) => means.reduce((a, b) => a + b) / means.length);
    const { uniform } = random(9);
    const tries = 4000;
    let [missed, lost] = [0, 0];
    for (let at = 0; at < tries; at++) {
      const scores = models.map(({ means }) =>
        means.reduce((sum, p) => sum + Number(uniform() < p), uniform() / 1e6),
      );
      const picked = scores.indexOf(Math.max(...scores));
      if (picked !== best) missed++;
      lost += truth[best] - truth[picked];
    }
    assert.ok(Math.abs(missed / tries - wrong) < 0.03, `${missed / tries} against ${wrong}`);
    assert.ok(Math.abs(lost / tries - loss) < 0.003, `${lost / tries} against ${loss}`);
  });

  test("is a coin between equals, and never wrong where runs do not vary", () => {
    const [one] = asRuns(world(5, [0.8], 50, 10));
    near(pickedBy([one, { ...one, name: "twin" }], 1).wrong, 0.5, "equals", 1e-6);
    near(pickedBy([one, { ...one, name: "twin" }], 1).loss, 0, "loss", 0, 1e-12);
    const sure = { name: "sure", means: [1, 1, 1], variances: [0, 0, 0] };
    assert.equal(pickedBy([sure, { ...sure, means: [0, 1, 1] }], 1).wrong, 0);
    assert.equal(pickedBy([sure, { ...sure, means: [0, 1, 1] }], 1).best, 0);
  });

  thorough("is wrong less often the more runs there are, on the prompts that models share", () => {
    const [a, b] = world(4, [0.9, 0.82], 40, 6);
    return withStudy(study({ alder: a, birch: [...b, [1, 1]] }), async (store) => {
      const { rows, by } = await consistencySingleShot(store, { repeats: [1, 4, 16] });
      assert.deepEqual(by, ["runs"]);
      assert.deepEqual(
        rows.map(({ runs, models, prompts }) => [runs, models, prompts]),
        [
          [1, 2, 40],
          [4, 2, 40],
          [16, 2, 40],
        ],
      );
      assert.ok(rows[0].wrong.value > rows[1].wrong.value && rows[1].wrong.value > rows[2].wrong.value);
      for (const { wrong, loss } of rows) {
        assert.ok(wrong.low <= wrong.value && wrong.value <= wrong.high && wrong.low >= 0 && wrong.high <= 1);
        assert.ok(loss.value >= 0 && loss.value <= 1);
      }
      assert.deepEqual(
        await consistencySingleShot(store, { repeats: [1, 4, 16] }),
        await consistencySingleShot(store, { repeats: [1, 4, 16] }),
      );
    });
  });

  test("takes the lower score for better where it is that of a fault", () =>
    withStudy(
      study(
        {
          alder: [
            [0, 0],
            [0, 1],
          ],
          birch: [
            [1, 1],
            [1, 0],
          ],
        },
        "hallucination",
      ),
      async (store) => {
        const [row] = (await consistencySingleShot(store, { score: "hallucination" })).rows;
        assert.equal(row.best, "alder");
        assert.ok(row.loss.value >= 0);
      },
    ));

  test("cannot be told of one model, and says so", () =>
    withStudy(
      study({
        alder: [
          [0, 1],
          [1, 1],
        ],
      }),
      async (store) => {
        const { rows, notes } = await consistencySingleShot(store);
        assert.deepEqual(rows, []);
        assert.ok(notes.some((note) => note.startsWith("No two models were asked the same prompts")));
        await assert.rejects(consistencySingleShot(store, { by: "workload" }), /by to include "model"/);
        await assert.rejects(consistencySingleShot(store, { repeats: [0.5] }), /whole numbers of repeats/);
      },
    ));
});
