import assert from "node:assert/strict";
import { test } from "node:test";
import { check } from "../../../src/decide/check/check";
import { compare } from "../../../src/decide/compare/compare";
import { all } from "../../../src/measures/all";
import { latencyByOutcome } from "../../../src/measures/latency/outcomeByLatency";
import { metricTable } from "../../../src/measures/metricTable";
import { quality } from "../../../src/measures/quality/quality";
import { qualityRefusals } from "../../../src/measures/quality/refusals";
import { qualityByLength } from "../../../src/measures/service/contextLength";
import { qualitySlope } from "../../../src/measures/service/contextSlope";
import { effectiveContext } from "../../../src/measures/service/effectiveContext";
import { qualityPipeline } from "../../../src/measures/service/pipelineEffects";
import type { Table } from "../../../src/measures/table";
import type { Estimate } from "../../../src/stats/estimate";
import type { Store } from "../../../src/store/open";
import { near } from "../../same";
import { type Call, withCalls } from "../calls";
import { type Judgement, putScores } from "../scores";

/** Half of the calls of each model and pipeline are short; a judge passes a quarter of them, people all that they look at. */
const calls = Array.from(
  { length: 400 },
  (_, at): Call => ({
    call_id: `c${at}`,
    task_id: `t${at}`,
    user_id: `u${at % 80}`,
    workload: "chat",
    model: at % 2 === 0 ? "alder" : "birch",
    prompt_version: at % 4 < 2 ? "plain" : "checked",
    input_tokens: at < 200 ? 100 + at : 10_000 + at,
    duration: at < 200 ? 1 + at / 1000 : 60 + at / 1000,
    started_at: new Date(Date.UTC(2026, 2, 2) + 600_000 * at).toISOString().slice(0, 19),
    status: "ok",
    finish_reason: "stop",
  }),
);
const judged = (subject: "call" | "task", labelled = 4): Judgement[] =>
  calls.flatMap((_, at) => {
    const place = subject === "call" ? { call: `c${at}` } : { task: `t${at}` };
    const passes = Math.floor(at / 4) % 4 === 0;
    return [
      { ...place, rater: "judge", value: Number(passes) },
      ...(at % labelled === 0 ? [{ ...place, value: 1 }] : []),
    ];
  });

const withScores = <T>(scores: Judgement[], work: (store: Store) => Promise<T>) =>
  withCalls(calls, async (store) => {
    await putScores(store, scores);
    return work(store);
  });

test("a judge's score by length or latency is corrected by people's labels as in quality", () =>
  withScores(judged("call"), async (store) => {
    const [whole] = (await quality(store, { score: "good" })).rows;
    const [short] = (await quality(store, { score: "good", where: "input_tokens < 1000" })).rows;
    near(whole.mean.value, 0.25, "raw");
    near(whole.corrected?.value ?? Number.NaN, 1, "corrected");
    for (const { rows, notes } of [
      await qualityByLength(store, { score: "good", bins: 2, by: [] }),
      await latencyByOutcome(store, { outcome: "good", bins: 2, by: [] }),
    ]) {
      const [first] = rows;
      near((("outcome" in first ? first.outcome : first.score) as Estimate).value, short.mean.value, "raw");
      near(first.corrected?.value ?? Number.NaN, short.corrected?.value ?? Number.NaN, "corrected");
      near(first.corrected?.low ?? Number.NaN, short.corrected?.low ?? Number.NaN, "low", 0.05);
      assert.ok(notes.some((note) => /over all rows 100 % instead of 25 % \(quality --judge/.test(note)));
    }
  }));

test("the effective context rests on the corrected score", () =>
  withScores(judged("call"), async (store) => {
    const table = await qualityByLength(store, { score: "good", bins: 2, by: [] });
    assert.equal(effectiveContext(table, { floor: 0.6 }).rows[0].effective_context.value, 10_399);
  }));

test("measures that show the judge's score uncorrected say by how much labels would move it", () =>
  withScores(judged("call"), async (store) => {
    const said = /not corrected .* by people's labels it is 100 % instead of 25 % .*quality --judge/;
    for (const { notes } of [
      await qualityPipeline(store, { outcome: "good" }),
      await qualitySlope(store, { score: "good" }),
      await qualityRefusals(store, { score: "good" }),
    ])
      assert.ok(
        notes.some((note) => said.test(note)),
        notes.join("\n"),
      );
  }));

test("without labels of people, or by their labels, nothing is corrected", async () => {
  const unlabelled = judged("call").filter(({ rater }) => rater === "judge");
  await withScores(unlabelled, async (store) => {
    const { rows, notes } = await qualityByLength(store, { score: "good", bins: 2, by: [] });
    assert.ok(rows.every((row) => !("corrected" in row)) && !/corrected/.test(notes.join()));
  });
  await withScores(judged("call"), async (store) => {
    const { rows } = await latencyByOutcome(store, { outcome: "good", rater: "human" });
    assert.ok(rows.length > 0 && rows.every((row) => !("corrected" in row)));
  });
});

test("a score that only tasks have is set against the waits and the pipelines of tasks", () =>
  withScores(judged("task"), async (store) => {
    const waits = await latencyByOutcome(store, { outcome: "good", bins: 2, by: [] });
    assert.deepEqual(
      waits.rows.map(({ n, outcome }) => [n, outcome.value]),
      [
        [200, 0.26],
        [200, 0.24],
      ],
    );
    near(waits.rows[0].corrected?.value ?? Number.NaN, 1, "corrected");
    const { rows, notes } = await qualityPipeline(store, { outcome: "good" });
    assert.equal(rows[0]?.n, 400, notes.join("\n"));
  }));

test("where calls and tasks have the score, those of tasks are said to be left out", () =>
  withScores([...judged("call"), { task: "t1", rater: "judge", value: 1 }], async (store) => {
    const { notes } = await latencyByOutcome(store, { outcome: "good" });
    assert.ok(
      notes.includes('The score "good" is counted for the 400 calls with it; 1 task with it is left out.'),
    );
  }));

test("a score that only conversations have is named with the measure that reads it", () =>
  withCalls(
    [{ call_id: "a", conversation_id: "k", task_id: "t", duration: 1, input_tokens: 5 }],
    async (store) => {
      await store.connection.run(
        "insert into scores (subject, subject_id, name, value, rater) values ('conversation', 'k', 'good', 1, 'judge')",
      );
      for (const { notes } of [
        await latencyByOutcome(store, { outcome: "good" }),
        await qualityByLength(store, { score: "good" }),
        await qualityPipeline(store, { outcome: "good" }),
      ])
        assert.match(
          notes.join("\n"),
          /No selected call or task .*; 1 conversation has it: quality --score good/,
        );
      const sides = { a: "duration > 1", b: "duration <= 1" };
      await assert.rejects(compare(store, { ...sides, metrics: "score:good" }), {
        name: "RangeError",
        message:
          'compare requires a score of calls or tasks on both sides, got "score:good"; 1 conversation has it: quality --score good measures those',
      });
      const limits = { name: "nightly", limits: [{ metric: "score:good", at_least: 0.5 }] };
      const [{ value }] = (await check(store, { limits, by: "" })).rows;
      assert.deepEqual([value.value, value.n], [1, 1]);
    },
  ));

/** People look at alder's answers alone. */
const ofAlder = judged("call");

test("rows and sides are compared by a judge's scores alike: corrected where all can be, else as judged", () =>
  withScores(ofAlder, async (store) => {
    const byModel = await metricTable(store, { metrics: ["score:good"], by: "model" });
    const values = byModel.rows.map((row) => (row["score:good"] as Estimate).value);
    assert.deepEqual(
      values.map((value) => value.toFixed(2)),
      ["0.25", "0.25"],
    );
    assert.ok(
      byModel.notes.some((note) => /score:good is as judged: .* correct 1 of 2 rows/.test(note)),
      byModel.notes.join("\n"),
    );
    const alder = await metricTable(store, { metrics: ["score:good"], by: "", where: "model = 'alder'" });
    near((alder.rows[0]["score:good"] as Estimate).value, 1, "corrected alone");
    const sides = { a: "model = 'alder'", b: "model = 'birch'" };
    const { rows, notes } = await compare(store, { ...sides, metrics: "score:good" });
    near(rows[0].a.value, values[0], "a");
    near(rows[0].b.value, values[1], "b");
    assert.ok(
      notes.some((note) => /^score:good is compared as judged:/.test(note)),
      notes.join("\n"),
    );
  }));

test("a score labelled on both sides stays corrected beside one that is compared as judged", () => {
  const clear = judged("call", 1).map((one) => ({ ...one, name: "clear" }));
  return withScores([...ofAlder, ...clear], async (store) => {
    const { rows, notes } = await compare(store, {
      ...{ a: "model = 'alder'", b: "model = 'birch'" },
      metrics: "score:good,score:clear",
    });
    assert.deepEqual(
      rows.map(({ metric, a, b }) => [metric, a.value, b.value]),
      [
        ["score:good", 0.25, 0.25],
        ["score:clear", 1, 1],
      ],
    );
    assert.ok(!notes.some((note) => /clear.* compared as judged/.test(note)), notes.join("\n"));
  });
});

test("sides of which some rows cannot be corrected are compared as judged, and said to be", () =>
  withScores(ofAlder, async (store) => {
    const { notes } = await compare(store, {
      ...{ a: "prompt_version = 'plain'", b: "prompt_version = 'checked'" },
      ...{ metrics: "score:good", by: "model" },
    });
    assert.match(notes.join("\n"), /score:good is compared as judged: people labelled too few answers/);
  }));

test("a limit is on the corrected score of its own row, whatever other rows have", () =>
  withScores(ofAlder, async (store) => {
    const limits = { name: "nightly", limits: [{ metric: "score:good", at_least: 0.5 }] };
    const { rows } = await check(store, { limits, by: "model" });
    assert.deepEqual(
      rows.map(({ model, value }) => `${model} ${value.value.toFixed(2)}`),
      ["alder 1.00", "birch 0.25"],
    );
  }));

test("every measure of a judge's score corrects it by people's labels, or says that it does not", () => {
  const scores = judged("call").concat(judged("task"));
  const ofRaters = all.filter(({ options }) => Object.hasOwn(options, "rater"));
  assert.ok(ofRaters.length >= 8, "measures that know kinds of rater");
  const repeated = calls.map((call, at): Call => ({ ...call, prompt_id: `p${at % 40}` }));
  return withCalls(repeated, async (store) => {
    await putScores(store, [
      ...scores,
      ...calls.map((_, at) => ({ call: `c${at}`, name: "place", value: at / 400 })),
    ]);
    for (const measure of ofRaters) {
      const score = Object.hasOwn(measure.options, "outcome") ? { outcome: "good" } : { score: "good" };
      const beside = Object.hasOwn(measure.options, "beside") ? { beside: "place" } : {};
      const floor = Object.hasOwn(measure.options, "floor") ? { floor: 0.5 } : {};
      const run = measure as (store: Store, options: object) => Promise<Table>;
      const { rows, notes } = await run(store, { ...score, ...beside, ...floor, rater: "judge" });
      const isCorrected = rows.some((row) => row.corrected !== undefined);
      const said = notes.some((note) => /(not corrected for|without) the judge's errors/.test(note));
      assert.ok(isCorrected || said, `${measure.name}: ${notes.join("; ")}`);
    }
  });
});
