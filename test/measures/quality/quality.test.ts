import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { openDemo } from "../../../src/demo/openDemo";
import { scoreNames } from "../../../src/facts/judgements";
import { cost } from "../../../src/measures/cost/cost";
import type { OptionsOf } from "../../../src/measures/define";
import { qualityJudge } from "../../../src/measures/quality/judged";
import { quality } from "../../../src/measures/quality/quality";
import { qualityBeside } from "../../../src/measures/quality/qualityBeside";
import { qualityRefusals } from "../../../src/measures/quality/refusals";
import type { Estimate } from "../../../src/stats/estimate";
import { meanInterval } from "../../../src/stats/meanInterval";
import { random } from "../../../src/stats/random";
import { rateInterval } from "../../../src/stats/rateInterval";
import type { Store } from "../../../src/store/open";
import { run } from "../../../src/store/run";
import { fc, runs, thorough } from "../../property";
import { assertClose } from "../../same";
import { type Call, withCalls } from "../calls";
import { same } from "../reference";
import { type Judgement, putScores, putTasks } from "../scores";

const withScores = <T>(
  calls: readonly Call[],
  scores: readonly Judgement[],
  work: (store: Store) => Promise<T>,
) =>
  withCalls(calls, async (store) => {
    await putScores(store, scores);
    return work(store);
  });
const measured = (
  calls: readonly Call[],
  scores: readonly Judgement[],
  options: Partial<OptionsOf<typeof quality>> = {},
) => withScores(calls, scores, (store) => quality(store, { score: "good", ...options }));
const calls = (count: number, more: (at: number) => Call = () => ({})): Call[] =>
  Array.from({ length: count }, (_, at) => ({
    call_id: `c${at}`,
    model: at % 2 === 0 ? "alder" : "birch",
    user_id: `u${at % 35}`,
    ...more(at),
  }));

describe("quality is what plain arrays give", () => {
  const world = fc.array(
    fc.record({
      user: fc.nat(60),
      value: fc.integer({ min: 0, max: 10 }),
      model: fc.constantFrom("alder", "birch"),
    }),
    { minLength: 1, maxLength: 160 },
  );
  for (const kind of ["rate", "mean"] as const) {
    for (const cluster of ["user_id", "call_id"]) {
      test(`a ${kind} by ${cluster}`, () =>
        fc.assert(
          fc.asyncProperty(world, async (rows) => {
            const value = (one: number) => (kind === "rate" ? Number(one > 6) : one / 4);
            const table = await measured(
              rows.map(({ user, model }, at) => ({ call_id: `c${at}`, user_id: `u${user}`, model })),
              rows.map((row, at) => ({ call: `c${at}`, value: value(row.value) })),
              { cluster },
            );
            for (const row of table.rows) {
              const own = rows.filter(({ model }) => model === row.model);
              const values = own.map((one) => value(one.value));
              const clusters = cluster === "call_id" ? {} : { clusters: own.map(({ user }) => user) };
              const options = { clusterBy: cluster, counted: "judged subjects", ...clusters };
              const plain = rows.every((one) => [0, 1].includes(value(one.value)));
              if (!plain && values.every((one) => one === 0 || one === 1)) continue;
              const wanted = plain ? rateInterval(values, options) : meanInterval(values, options);
              same(row.mean, wanted, String(row.model), { relative: 1e-7, absolute: 1e-9 });
              assert.equal(row.n, values.length);
            }
            assert.equal(table.rows.length, new Set(rows.map(({ model }) => model)).size);
          }),
          { numRuns: runs(5) },
        ));
    }
  }

  test("the standard error is that of means over clusters", async () => {
    const { rows } = await measured(
      calls(4, (at) => ({ model: "alder", prompt_id: `p${at >> 1}`, environment: "evaluation" })),
      [0, 1, 1, 1].map((value, at) => ({ call: `c${at}`, value })),
    );
    assert.equal(rows[0].mean.clusterBy, "prompt_id");
    // Prompts' means are 0.5 and 1.
    assert.ok(Math.abs(rows[0].standard_error - 0.25) < 1e-12);
  });

  test("one subject has a value and neither interval nor standard error", async () => {
    const { rows } = await measured(calls(1), [{ call: "c0", value: 0.3 }]);
    assert.equal(rows[0].mean.value, 0.3);
    assert.ok(Number.isNaN(rows[0].standard_error) && Number.isNaN(rows[0].mean.low));
  });
});

describe("what a score is taken from", () => {
  thorough("judgements of one kind of rater count as their average, kinds are not mixed", async () => {
    const scores: Judgement[] = [
      ...Array.from({ length: 6 }, (_, at) => ({ call: `c${at}`, value: 1, rater: "judge" })),
      { call: "c0", value: 0, id: "h1" },
      { call: "c0", value: 1, id: "h2" },
      { call: "c1", value: 0, id: "h1" },
    ];
    const judged = await measured(calls(6), scores, { by: "" });
    assert.deepEqual([judged.rows[0].rater, judged.rows[0].n, judged.rows[0].mean.value], ["judge", 6, 1]);
    assert.ok(
      judged.notes.includes(
        "Judged by judge (6), human (2): the rows are about judge; kinds of rater are not mixed.",
      ),
    );
    const human = await measured(calls(6), scores, { by: "", rater: "human" });
    assert.deepEqual(
      [human.rows[0].n, human.rows[0].mean.value, human.rows[0].mean.method],
      [2, 0.25, "wilson"],
    );
    await assert.rejects(measured(calls(6), scores, { rater: "crowd" }), /one of judge, human, got "crowd"/);
  });

  test("a row that the most frequent kind never judged is about the kind that did", async () => {
    const table = await measured(calls(6), [
      { call: "c0", value: 1, rater: "judge" },
      { call: "c2", value: 1, rater: "judge" },
      { call: "c1", value: 0, rater: "rule" },
    ]);
    assert.deepEqual(
      table.rows.map(({ model, rater }) => [model, rater]),
      [
        ["alder", "judge"],
        ["birch", "rule"],
      ],
    );
  });

  thorough("a task belongs to its first answering call, which is what `where` chooses by", () =>
    withCalls(
      [
        { call_id: "j", task_id: "t", model: "judge", role: "judge", started_at: "2026-03-01 00:00:00" },
        { call_id: "a", task_id: "t", model: "alder", started_at: "2026-03-01 00:00:01" },
        { call_id: "b", task_id: "t", model: "birch", started_at: "2026-03-01 00:00:02" },
      ],
      async (store) => {
        await putScores(store, [{ task: "t", value: 1 }]);
        await putTasks(store, [{ task: "t", resolved: false }]);
        const { rows } = await quality(store, { score: "good" });
        assert.deepEqual(
          rows.map(({ model, n }) => [model, n]),
          [["alder", 1]],
        );
        assert.equal((await quality(store, { score: "resolved" })).rows[0].mean.value, 0);
        assert.equal((await quality(store, { score: "good", where: "model = 'alder'" })).rows.length, 1);
        const none = await quality(store, { score: "good", where: "model = 'birch'" });
        assert.deepEqual(none.rows, []);
        assert.ok(
          none.notes.some((note) =>
            note.startsWith('No selected call, task or conversation has a score "good"'),
          ),
        );
      },
    ),
  );

  thorough(
    "outcomes of which many are unknown have the bounds that hold whatever they are, as in the cost table",
    () =>
      withCalls(
        calls(240, (at) => ({ task_id: `t${at}` })),
        async (store) => {
          const known = Array.from({ length: 240 }, (_, at) => at).filter(
            (at) => at % 2 === 0 || at % 8 === 1,
          );
          await putTasks(
            store,
            known.map((at) => ({ task: `t${at}`, resolved: at % 3 > 0 })),
          );
          const { rows } = await quality(store, { score: "resolved" });
          const [alder, birch] = rows.map(({ mean }) => mean);
          assert.equal(alder.worst_case, undefined);
          assert.deepEqual(birch.worst_case?.values, [20 / 120, 110 / 120]);
          assert.match(birch.note ?? "", /^75 % of the outcomes are unknown: /);
          const costs = (await cost(store, { by: "model" })).rows;
          // Sums may differ in the last digit, depending on the order in which the engine adds.
          assertClose(
            birch.worst_case,
            costs.find(({ model }) => model === "birch")?.resolve_rate.worst_case,
          );
          await putScores(store, [{ task: "t1", name: "resolved", value: 1 }]);
          const people = await quality(store, { score: "resolved", rater: "human" });
          assert.equal(people.rows[0].mean.worst_case, undefined);
        },
      ),
  );

  describe("evaluation runs", () => {
    const of = (evaluations: number, options: object = {}, more: (at: number) => object = () => ({})) =>
      measured(
        calls(100, (at) => ({
          environment: at < evaluations ? "evaluation" : "production",
          prompt_id: `p${at % 50}`,
          model: "alder",
        })),
        calls(100).map(({ call_id }, at) => ({
          call: String(call_id),
          value: at % 3 === 0 ? 1 : 0,
          ...more(at),
        })),
        options,
      );
    test("count where nothing else was judged, and are clustered by prompt", async () => {
      const { rows, notes } = await of(100);
      assert.deepEqual([rows[0].n, rows[0].mean.clusterBy], [100, "prompt_id"]);
      assert.ok(!notes.some((note) => note.startsWith("Left out")));
    });
    test("are left out and counted where production was judged, and shown beside it or alone if named", async () => {
      const { rows, notes } = await of(60);
      assert.deepEqual([rows[0].n, rows[0].mean.clusterBy], [40, "user_id"]);
      assert.ok(
        notes.includes(
          "Left out: 60 calls and tasks judged in evaluation runs or load tests (--by environment shows them, where: \"environment = 'evaluation'\" alone).",
        ),
      );
      const both = await of(60, { by: "environment" });
      assert.deepEqual(
        both.rows.map(({ environment, n }) => [environment, n]),
        [
          ["evaluation", 60],
          ["production", 40],
        ],
      );
      const alone = await of(60, { where: "environment = 'evaluation'" });
      assert.deepEqual([alone.rows[0].n, alone.rows[0].mean.clusterBy], [60, "prompt_id"]);
      const named = await of(60, { where: "environment in ('evaluation', 'production')" });
      assert.ok(named.notes.some((note) => note.startsWith("Some rows mix evaluation runs and production")));
    });
    test("count for a kind of rater that judged nothing else", async () => {
      const rater = (at: number) => ({ rater: at < 60 ? "rule" : "human" });
      assert.equal((await of(60, {}, rater)).rows[0].n, 40);
      assert.equal((await of(60, { rater: "rule" }, rater)).rows[0].n, 60);
    });
  });

  thorough("scores that are no number are left out, subjects that are not in the log are said", async () => {
    const scores: Judgement[] = [
      { call: "c0", value: 1 },
      { call: "c2", value: null, label: "fine" },
      { call: "elsewhere", value: 0 },
    ];
    const table = await measured(calls(4), scores);
    assert.deepEqual(
      table.rows.map(({ n }) => n),
      [1],
    );
    assert.ok(
      table.notes.includes(
        "1 of 2 judged subjects match no call, task or conversation of the log and are left out.",
      ),
    );
    // Without groups, nothing needs to be known about the call.
    assert.equal((await measured(calls(4), scores, { by: "" })).rows[0].n, 2);
    assert.equal((await measured([], scores)).rows[0].mean.value, 0.5);
  });

  test("a call that is logged twice is one subject", async () => {
    const table = await measured([...calls(1), ...calls(1)], [{ call: "c0", value: 1 }]);
    assert.equal(table.rows[0].n, 1);
  });
});

describe("intervals", () => {
  const scores = Array.from({ length: 120 }, (_, at) => ({ call: `c${at}`, value: at % 5 === 0 ? 1 : 0 }));
  test("are bootstrap intervals where asked for", async () => {
    const { rows } = await measured(calls(120), scores, { interval: "bootstrap" });
    for (const { mean } of rows) assert.match(mean.method, /^bootstrap/);
  });
  test("hold at least their level where a guarantee is asked for", async () => {
    const plain = await measured(calls(120), scores, { cluster: "call_id" });
    const sure = await measured(calls(120), scores, { cluster: "call_id", guarantee: true });
    const [a, b] = [plain.rows[0].mean, sure.rows[0].mean];
    const wanted = rateInterval(
      Array.from({ length: 60 }, (_, at) => (2 * at) % 5 === 0),
      { method: "clopper-pearson" },
    );
    assert.equal(b.method, "clopper-pearson");
    assert.ok(Math.abs(b.low - wanted.low) < 1e-12 && Math.abs(b.high - wanted.high) < 1e-12);
    assert.ok(b.low < a.low && b.high > a.high);
  });
});

describe("a score that does not exist", () => {
  test("is answered with those that do", () =>
    withScores(
      calls(3),
      [
        { call: "c0", value: 1 },
        { call: "c1", value: 1, rater: "judge" },
        { call: "c1", name: "tone", value: 3 },
      ],
      async (store) => {
        await assert.rejects(quality(store, { score: "goood" }), {
          name: "RangeError",
          message:
            'quality requires the name of a score in the log, got "goood"; did you mean "good"? there are good (human 1, judge 1); tone (human 1)',
        });
        await assert.rejects(quality(store, {} as OptionsOf<typeof quality>), /got none; there are good/);
        const odd = { score: "good", grain: "page" } as unknown as OptionsOf<typeof quality>;
        await assert.rejects(quality(store, odd), /requires grain to be one of answer, call, /);
        assert.deepEqual(await scoreNames(store), [
          { name: "good", raters: { human: 1, judge: 1 } },
          { name: "tone", raters: { human: 1 } },
        ]);
      },
    ));
  test("is said of a log without scores", () =>
    withCalls(calls(1), (store) =>
      assert.rejects(quality(store, { score: "x" }), /the log has no scores: ingest a file of them/),
    ));
});

test("the resolved rate of quality is that of cost, with its interval", async () => {
  const store = await openDemo();
  for (const options of [{ by: "model" }, { by: "workload,model" }, { by: "", level: 0.8 }]) {
    const resolved = (await quality(store, { ...options, score: "resolved" })).rows;
    const costs = (await cost(store, options)).rows;
    assert.equal(resolved.length, costs.length);
    for (const [at, { mean }] of resolved.entries()) {
      const { resolve_rate: rate } = costs[at];
      for (const part of ["n", "value", "low", "high"] as const)
        assert.ok(Math.abs(mean[part] - rate[part]) < 1e-9, `${JSON.stringify(options)} ${at} ${part}`);
      assert.equal(mean.clusterBy, rate.clusterBy);
    }
  }
});

test("a conversation that spans rows is said to count for the row of its first answer", () =>
  withCalls(
    [
      { call_id: "a", conversation_id: "k", model: "alder", started_at: "2026-03-02 10:00" },
      { call_id: "b", conversation_id: "k", model: "birch", started_at: "2026-03-02 11:00" },
      { call_id: "c", conversation_id: "l", model: "birch", started_at: "2026-03-02 12:00" },
      { call_id: "d", conversation_id: "unjudged", model: "alder", started_at: "2026-03-02 13:00" },
      { call_id: "e", conversation_id: "unjudged", model: "birch", started_at: "2026-03-02 14:00" },
    ],
    async (store) => {
      await run(
        store.connection,
        `insert into scores (subject, subject_id, name, value, rater) values
         ('conversation', 'k', 'good', 1, 'human'), ('conversation', 'l', 'good', 0, 'human')`,
      );
      const { rows, notes } = await quality(store, { score: "good", by: "model" });
      assert.deepEqual(
        rows.map(({ model, mean }) => [model, mean.value]),
        [
          ["alder", 1],
          ["birch", 0],
        ],
      );
      const spanning =
        "1 of 2 judged conversations spans several rows (model); each counts for the row of its first answering call.";
      assert.ok(notes.includes(spanning), notes.join("\n"));
      assert.ok(!(await quality(store, { score: "good", by: [] })).notes.join().includes("several rows"));
    },
  ));

test("a score has one interval, clustered by users and hours, wherever quality shows it", async () => {
  const r = random(6);
  const many = Array.from(
    { length: 600 },
    (_, at): Call => ({
      call_id: `c${at}`,
      user_id: `u${r.integer(40)}`,
      model: at % 2 === 0 ? "alder" : "birch",
      status: "ok",
      started_at: new Date(Date.UTC(2026, 2, 2) + 3e6 * at).toISOString().slice(0, 19),
    }),
  );
  const scores = many.flatMap((call, at): Judgement[] => {
    const of = { call: String(call.call_id) };
    const passes = Number(r.uniform() < 0.7);
    return [
      { ...of, value: passes, rater: "judge" },
      { ...of, value: 0.5, name: "whole", rater: "rule" },
      ...(at % 3 === 0 ? [{ ...of, value: r.uniform() < 0.9 ? passes : 1 - passes }] : []),
    ];
  });
  await withCalls(many, async (store) => {
    await putScores(store, scores);
    const asked = { score: "good", by: "model" };
    const { rows } = await quality(store, asked);
    const ended = (await qualityRefusals(store, asked)).rows;
    const beside = (await qualityBeside(store, { ...asked, beside: "whole", bins: 1 })).rows;
    const checked = (await qualityJudge(store, asked)).rows;
    for (const [at, { mean, corrected }] of rows.entries()) {
      assert.equal(mean.clusterBy, "user_id and hour");
      const ends = ({ value, low, high, n, clusterBy }: Estimate) => [value, low, high, n, clusterBy];
      for (const one of [ended[at].right, beside[at].mean, checked[at].raw])
        assert.deepEqual(ends(one).map(rounded), ends(mean).map(rounded));
      for (const one of [beside[at].corrected, checked[at].corrected])
        assert.deepEqual(one && ends(one), corrected && ends(corrected));
      assert.ok(Number.isFinite(corrected?.value));
    }
  });
});

const rounded = (x: number | string) => (typeof x === "number" ? Number(x.toPrecision(10)) : x);
