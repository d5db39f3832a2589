import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { scoreNames } from "../../../src/facts/judgements";
import { consistency } from "../../../src/measures/consistency/consistency";
import { consistencyWorst } from "../../../src/measures/consistency/repeatsWorst";
import type { OptionsOf } from "../../../src/measures/define";
import { metricTable } from "../../../src/measures/metricTable";
import { estimatesIn } from "../../../src/measures/table";
import { icc } from "../../../src/stats/icc";
import { passOverPrompts } from "../../../src/stats/passOverPrompts";
import { promptAverage } from "../../../src/stats/promptAverage";
import { rateInterval } from "../../../src/stats/rateInterval";
import type { Store } from "../../../src/store/open";
import { fc, runs, thorough } from "../../property";
import { assertClose, near } from "../../same";
import { type Call, withCalls } from "../calls";
import { type Judgement, putScores, putTasks } from "../scores";

/** Runs of prompts: scores[p][r], each run a call of its own. */
const study = (scores: number[][], more: (p: number, r: number) => Call = () => ({})) => ({
  calls: scores.flatMap((runs, p) =>
    runs.map((_, r) => ({
      call_id: `p${p}r${r}`,
      model: "alder",
      prompt_id: `p${p}`,
      environment: "evaluation",
      ...more(p, r),
    })),
  ),
  scores: scores.flatMap((runs, p) => runs.map((value, r): Judgement => ({ call: `p${p}r${r}`, value }))),
});
const withStudy = <T>(
  calls: readonly Call[],
  scores: readonly Judgement[],
  work: (store: Store) => Promise<T>,
) =>
  withCalls(calls, async (store) => {
    await putScores(store, scores);
    return work(store);
  });
const of = ({ calls, scores }: ReturnType<typeof study>, options: OptionsOf<typeof consistency> = {}) =>
  withStudy(calls, scores, (store) => consistency(store, options));

const passes = [
  [1, 1, 1, 1],
  [1, 0, 1, 0],
  [0, 0, 0, 0],
  [1, 1, 0, 1],
  [0, 1, 0, 0],
  [1, 1, 1, 0],
];

describe("repeats of a prompt", () => {
  thorough("give what the statistics give of plain arrays", async () => {
    const { rows, by, measure } = await of(study(passes), { k: [1, 2, 3] });
    assert.deepEqual([measure, by, rows.length], ["consistency", ["model"], 1]);
    const [row] = rows;
    assert.deepEqual([row.prompts, row.repeats, row.runs], [6, 4, 24]);
    const split = icc(passes);
    for (const [name, wanted] of [
      ["icc", split.icc],
      ["variance_between", split.between],
      ["variance_within", split.within],
    ] as const)
      for (const end of ["value", "low", "high"] as const)
        near(row[name][end], wanted[end], `${name} ${end}`, 1e-9);
    const counts = passes.map((runs) => ({ runs: 4, passes: runs.reduce((a, b) => a + b, 0) }));
    assert.deepEqual(Object.keys(row.pass_hat), ["1", "2", "3"]);
    for (const k of [1, 2, 3]) {
      near(row.pass_hat[k].value, passOverPrompts(counts, k, { of: "hat" }).value, `pass^${k}`);
      near(row.pass_at[k].value, passOverPrompts(counts, k).value, `pass@${k}`);
    }
    near(row.mean.value, promptAverage(counts.map((one) => one.passes / 4)).value, "mean");
    const hits = rateInterval(passes.flat(), { clusters: passes.flatMap((runs, at) => runs.map(() => at)) });
    // Of prompts run as often, how often one run passes is one number: with one interval, whose clusters are prompts.
    for (const one of [row.mean, row.pass_rate, row.pass_at[1], row.pass_hat[1]])
      assert.deepEqual([one.value, one.low, one.high], [hits.value, hits.low, hits.high]);
    near(row.best.value, 5 / 6, "best");
    near(row.worst.value, 1 / 6, "worst");
    assert.equal(row.low_quantile.value, 0);
    for (const estimate of [row.mean, row.icc, row.best, row.pass_at[1], row.low_quantile])
      assert.equal(estimate.clusterBy, "prompt_id");
  });

  test("of tasks are resolved in a share that has the interval of pass^1, over prompts", () => {
    const { calls } = study(passes, (p, r) => ({ task_id: `p${p}r${r}`, conversation_id: `p${p}r${r}` }));
    return withCalls(calls, async (store) => {
      const tries = passes.flatMap((runs, p) =>
        runs.map((hit, r) => ({ task: `p${p}r${r}`, resolved: hit === 1 })),
      );
      await putTasks(store, tries);
      const where = "environment = 'evaluation'";
      const [{ pass_hat }] = (await consistency(store, { where })).rows;
      const [{ resolve_rate }] = (await metricTable(store, { metrics: ["resolve_rate"], where })).rows;
      const [{ value, low, high, clusterBy }] = estimatesIn(resolve_rate);
      assert.deepEqual([value, low, high], [pass_hat[1].value, pass_hat[1].low, pass_hat[1].high]);
      assert.equal(clusterBy, "prompt_id");
    });
  });

  test("vary in length and form", async () => {
    const found = await of(
      study(
        [
          [1, 1],
          [1, 1],
          [1, 1],
        ],
        (p, r) => ({
          output_length: p === 2 ? 0 : 100 + 20 * r,
          output_hash: p === 0 ? "same" : `${p}${r}`,
          json_valid: p === 1 ? r === 0 : p === 0 ? true : null,
          schema_valid: true,
        }),
      ),
    );
    const [row] = found.rows;
    near(row.length_cv.value, Math.sqrt(200) / 110, "cv of 100 and 120, the empty outputs left out");
    near(row.same_output.value, 1 / 3, "one of three prompts");
    near(row.distinct_outputs, 5 / 3, "1, 2 and 2 outputs");
    near(row.json_valid.value, 0.75, "1 and 1/2");
    assert.equal(row.json_valid.n, 2);
    assert.equal(row.schema_valid.value, 1);
    assert.ok(row.schema_valid.low < 0.9, "all alike is not certainty");
  });

  test("are tasks, with the output of their last answering call and the row of their first", () =>
    withCalls(
      [0, 1].flatMap((t): Call[] => [
        {
          call_id: `${t}:1`,
          task_id: `t${t}`,
          model: "alder",
          output_hash: `x${t}`,
          json_valid: false,
          attempt: 1,
        },
        {
          call_id: `${t}:2`,
          task_id: `t${t}`,
          model: "birch",
          output_hash: "y",
          json_valid: true,
          attempt: 2,
        },
        { call_id: `${t}:j`, task_id: `t${t}`, model: "judge", role: "judge", attempt: 3 },
      ]),
      async (store) => {
        await putTasks(store, [
          { task: "t0", prompt: "p", resolved: true },
          { task: "t1", prompt: "p", resolved: false },
        ]);
        const { rows, notes } = await consistency(store);
        assert.deepEqual(
          rows.map(({ model, runs }) => [model, runs]),
          [["alder", 2]],
        );
        assert.deepEqual(
          [rows[0].same_output.value, rows[0].json_valid.value, rows[0].mean.value],
          [1, 1, 0.5],
        );
        assert.ok(notes.includes('Runs are judged by the score "resolved".'));
        assert.match(rows[0].mean.note ?? "", /one prompt says little/);
      },
    ));

  thorough("are told apart by the version of the prompt and the workload", async () => {
    const versions = await of(study([[1, 0, 1, 0]], (_, r) => ({ prompt_version: r < 2 ? "a" : "b" })));
    assert.equal(versions.rows[0].prompts, 2);
    const workloads = await of(
      study([[1, 0, 1, 0]], (_, r) => ({ workload: r < 2 ? "a" : "b" })),
      { by: "model" },
    );
    assert.equal(workloads.rows[0].prompts, 2);
  });

  test("have the score of their last call that has one", () =>
    withCalls(
      [0, 1].flatMap((t) =>
        [1, 2, 3].map(
          (n): Call => ({
            call_id: `${t}:${n}`,
            task_id: `t${t}`,
            model: "alder",
            prompt_id: "p",
            attempt: n,
          }),
        ),
      ),
      async (store) => {
        await putScores(store, [
          { call: "0:1", value: 0 },
          { call: "0:2", value: 1 },
          { call: "1:1", value: 0 },
        ]);
        const [row] = (await consistency(store)).rows;
        assert.deepEqual([row.runs, row.mean.value, row.pass_at["2"].value], [2, 0.5, 1]);
      },
    ));

  thorough(
    "in an evaluation are none of production, and JSON is no virtue where nobody writes it",
    async () => {
      const found = await of(
        study(
          [
            [1, 0],
            [1, 1],
          ],
          (p, r) => ({ environment: p === 0 && r === 0 ? "production" : "evaluation", json_valid: false }),
        ),
      );
      assert.deepEqual([found.rows[0].prompts, found.rows[0].runs], [1, 2]);
      assert.equal(found.rows[0].json_valid.note, "no output of the workload is JSON, by any model");
      const mixed = await of(
        study(
          [
            [1, 0],
            [1, 1],
          ],
          (p) => ({ environment: p === 0 ? "production" : "evaluation" }),
        ),
      );
      assert.ok(
        mixed.notes.some((note) => note.startsWith("Some rows mix evaluation and production prompts")),
      );
    },
  );

  thorough("prompts asked once are left out and counted, of all but the pass rate", async () => {
    const some = await of(study([[1, 0], [1], [1], [0]]));
    assert.deepEqual([some.rows[0].prompts, some.rows[0].runs, some.rows[0].mean.n], [1, 2, 1]);
    assert.ok(
      some.notes.includes(
        "3 of 4 prompts were asked only once in their row and are left out, of all but the pass rate.",
      ),
    );
    const { pass_at, pass_hat, pass_rate } = some.rows[0];
    assert.deepEqual([pass_at[1].n, pass_hat[1].n, pass_at[2].n], [1, 1, 1]);
    assert.deepEqual([pass_at[1].value, pass_at[2].value], [0.5, 1]);
    assert.deepEqual([pass_rate.n, pass_rate.clusters], [5, 4]);
    near(pass_rate.value, 3 / 5);
    const none = await of(study([[1], [0]]));
    assert.deepEqual(none.rows, []);
    assert.ok(none.notes.some((note) => note.startsWith("No prompt was asked twice")));
    const unnamed = await of(study([[1, 0]], () => ({ prompt_id: null })));
    assert.ok(unnamed.notes.some((note) => note.startsWith("No selected call has a prompt_id")));
  });
});

describe("passing", () => {
  const graded = [
    [0.2, 0.9],
    [0.8, 0.7],
    [0.4, 0.1],
  ];
  thorough(
    "a score that is not 0 or 1 passes from a threshold, without which there is no pass@k",
    async () => {
      const plain = await of(study(graded));
      assert.deepEqual([plain.rows[0].pass_at, plain.rows[0].pass_hat], [{}, {}]);
      assert.ok(plain.notes.some((note) => note.includes("(--pass)")));
      const [row] = (await of(study(graded), { pass: 0.7 })).rows;
      near(row.pass_at[2].value, 2 / 3, "pass@2");
      near(row.pass_hat[2].value, 1 / 3, "pass^2");
      near(row.worst.value, (0.2 + 0.7 + 0.1) / 3, "worst");
      near(row.low_quantile.value, 0.15, "the tenth of six scores");
      assert.deepEqual([row.mean.method, row.mean.unit], ["t", "1"]);
      assert.ok(row.mean.low >= 0 && row.mean.high <= 1);
    },
  );

  thorough("a fault passes where there is none, and its worst is the highest", async () => {
    const { calls, scores } = study([
      [1, 0],
      [0, 0],
    ]);
    const faults = scores.map((one) => ({ ...one, name: "hallucination" }));
    const { rows, notes } = await withStudy(calls, faults, (store) =>
      consistency(store, { score: "hallucination" }),
    );
    near(rows[0].pass_hat[2].value, 0.5, "both runs of one prompt are free of it");
    near(rows[0].worst.value, 0.5, "worst");
    near(rows[0].best.value, 0, "best");
    assert.equal(rows[0].low_quantile.value > 0.5, true);
    assert.ok(notes.some((note) => note.startsWith("Lower is better")));
  });

  test("k beyond the runs is said and not returned", async () => {
    const { rows, notes } = await of(study(passes), { k: [2, 8] });
    assert.deepEqual(Object.keys(rows[0].pass_at), ["2"]);
    assert.ok(
      notes.includes("No prompt was run more than 4 times: pass@k and pass^k are unknown for k = 8."),
    );
  });

  test("scores of another size have means and spreads all the same", async () => {
    const [row] = (
      await of(
        study([
          [10, 30],
          [20, 50],
          [-5, 40],
        ]),
      )
    ).rows;
    near(row.mean.value, (20 + 35 + 17.5) / 3, "mean");
    assert.equal(row.mean.method, "t");
    assert.equal(row.best.value, 40);
  });
});

describe("the form of the output is a score", () => {
  const valid = passes.map((runs) => runs.map((one) => one === 1));
  const formed = study(passes, (p, r) => ({
    json_valid: true,
    schema_valid: valid[p][r],
    workload: "extract",
  }));

  thorough(
    "with its pass^k, split of variance and worst prompts, as of any other of the same values",
    async () => {
      const without = (table: { rows: object[] }) => JSON.stringify(table.rows);
      await withStudy(formed.calls, formed.scores, async (store) => {
        for (const measure of [consistency, consistencyWorst])
          assert.equal(
            without(await measure(store, { score: "schema_valid" })),
            without(await measure(store, { score: "good" })),
          );
        const table = await consistency(store, { score: "schema_valid", k: [4] });
        near(table.rows[0].pass_hat[4].value, 1 / 6, "all of four valid");
      });
    },
  );

  thorough("of the workloads that were asked for it, and of answers alone", async () => {
    const calls = [
      ...formed.calls,
      ...[0, 1].map((r) => ({
        call_id: `c${r}`,
        model: "alder",
        prompt_id: "hi",
        json_valid: false,
        workload: "chat",
      })),
      {
        call_id: "j",
        model: "alder",
        prompt_id: "p0",
        json_valid: false,
        workload: "extract",
        role: "judge",
      },
    ];
    await withCalls(calls, async (store) => {
      const json = await consistency(store, { score: "json_valid", by: "workload" });
      const means = json.rows.map(({ workload, mean, runs }) => [workload, mean.value, runs]);
      assert.deepEqual(means, [
        ["chat", Number.NaN, 2],
        ["extract", 1, 24],
      ]);
      assert.deepEqual(await scoreNames(store), [
        { name: "json_valid", raters: { rule: 24 } },
        { name: "schema_valid", raters: { rule: 24 } },
      ]);
    });
  });

  thorough("where no score of the log has its name", async () => {
    const given = formed.scores.map((one) => ({ ...one, name: "schema_valid", value: 0, rater: "human" }));
    const table = await withStudy(formed.calls, given, (store) =>
      consistency(store, { score: "schema_valid" }),
    );
    assert.equal(table.rows[0].mean.value, 0);
    await assert.rejects(of(study(passes), { score: "json_valid" }), /got "json_valid"/);
  });
});

const anyStudy = fc.array(
  fc.record({
    model: fc.constantFrom("alder", "birch", "cedar", "dogwood"),
    environment: fc.constantFrom("evaluation", "production"),
    runs: fc.array(fc.constantFrom(1, 0, undefined), { minLength: 1, maxLength: 5 }),
  }),
  { minLength: 1, maxLength: 40 },
);

describe("of any log", () => {
  test("pass@k rises with k, pass^k falls, and both start at the same prompts' rate", () =>
    fc.assert(
      fc.asyncProperty(anyStudy, async (prompts) => {
        const { calls } = study(
          prompts.map((prompt) => prompt.runs.map(() => 0)),
          (p) => ({ model: prompts[p].model, environment: prompts[p].environment }),
        );
        const scores = prompts.flatMap(({ runs }, p) =>
          runs.flatMap((value, r) => (value === undefined ? [] : [{ call: `p${p}r${r}`, value }])),
        );
        const { rows } = await of({ calls, scores }, { by: "model", k: [1, 2, 3, 4] });
        for (const { model, pass_at, pass_hat, variance_within, pass_rate } of rows) {
          const scored = prompts
            .filter((one) => one.model === model)
            .map(({ runs }) => runs.filter((value) => value !== undefined));
          const repeated = scored.filter((values) => values.length > 1);
          if (pass_at[1] === undefined) assert.equal(repeated.length, 0);
          else {
            for (const one of [pass_at[1], pass_at[2], pass_hat[1], pass_hat[2]])
              assert.equal(one.n, repeated.length);
            near(pass_at[1].value, pass_hat[1].value, "one run passes, and all of one");
            assert.equal(variance_within.n, repeated.flat().length);
          }
          assert.equal(pass_rate.n, scored.flat().length);
          for (const [k, at] of Object.entries(pass_at)) {
            const [next, hat] = [pass_at[Number(k) + 1], pass_hat[k]];
            assert.ok(hat.value <= at.value + 1e-12);
            if (next?.n !== at.n) continue;
            assert.ok(at.value <= next.value + 1e-12, `pass@${k} of ${String(model)}`);
            assert.ok(pass_hat[Number(k) + 1].value <= hat.value + 1e-12, `pass^${k} of ${String(model)}`);
          }
        }
      }),
      { numRuns: runs(15) },
    ));
});

describe("which score", () => {
  thorough("none is chosen of several, and they are named", async () => {
    const { calls, scores } = study([
      [1, 0],
      [0, 0],
    ]);
    const both = [...scores, ...scores.map((one) => ({ ...one, name: "tone" }))];
    const table = await withStudy(calls, both, (store) => consistency(store));
    assert.ok(Number.isNaN(table.rows[0].mean.value));
    assert.equal(table.rows[0].mean.note, "the runs have no score");
    assert.ok(table.notes.some((note) => note.includes("good (4 runs), tone (4 runs)")));
    const byTone = await withStudy(calls, both, (store) => consistency(store, { score: "tone" }));
    assert.equal(byTone.rows[0].mean.value, 0.25);
  });
  test("what is none is refused", async () => {
    await assert.rejects(
      of(study([[1, 0]]), { score: "godo" }),
      /did you mean "good"\? there are good \(human 2\)/,
    );
    await assert.rejects(of(study([[1, 0]]), { k: [0] }), /whole numbers k >= 1, got 0/);
    await assert.rejects(of(study([[1, 0]]), { quantile: 10 }), /0 < quantile < 1, got 10/);
    await assert.rejects(of(study([[1, 0]]), { pass: Number.NaN }), /finite pass/);
  });
});

thorough("what is said does not depend on the order of the rows", async () => {
  const { calls, scores } = study(passes, (p, r) => ({
    output_hash: `${p}${r % 2}`,
    output_length: p * 7 + r,
  }));
  const there = await of({ calls, scores });
  const back = await of({ calls: calls.toReversed(), scores: scores.toReversed() });
  assertClose(there.rows, back.rows);
});
