import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, test } from "node:test";
import { compare } from "../../../src/decide/compare/compare";
import { metricNames } from "../../../src/measures/metricNames";
import { metricTable } from "../../../src/measures/metricTable";
import { qualityRefusals } from "../../../src/measures/quality/refusals";
import { qualityStructured } from "../../../src/measures/quality/structured";
import type { Estimate } from "../../../src/stats/estimate";
import { run } from "../../../src/store/run";
import { thorough } from "../../property";
import { assertClose, near } from "../../same";
import { type Call, withCalls } from "../calls";
import { putScores, putTasks } from "../scores";

/** A number below 1 that looks drawn, and the integer behind it. */
const hashed = (at: number) => createHash("sha256").update(`refusals ${at}`).digest().readUInt32BE();
const draw = (at: number) => hashed(at + 1e6) / 2 ** 32;
const hour = (at: number) => new Date(Date.UTC(2026, 0, 5) + at * 600_000).toISOString();

const call = (id: string, more: Call): Call => ({ call_id: id, model: "alder", status: "ok", ...more });

test("says what is missing to tell harmless requests, and names the option of a wrong condition", () =>
  withCalls([call("a", { finish_reason: "stop" })], async (store) => {
    const note = /Which requests are harmless is not known/;
    assert.match((await qualityRefusals(store)).notes.join(" "), note);
    assert.doesNotMatch((await qualityRefusals(store, { harmless: "true" })).notes.join(" "), note);
    await assert.rejects(
      qualityRefusals(store, { harmless: "x" }),
      /^RangeError: harmless requires columns of calls/,
    );
  }));

describe("how answers end", () => {
  const calls = [
    call("a", { finish_reason: "content_filter" }),
    call("b", { finish_reason: "SAFETY" }),
    call("c", { finish_reason: "MAX_TOKENS" }),
    call("d", { finish_reason: "stop" }),
    call("e", { finish_reason: "end_turn" }),
    call("f", { finish_reason: "stop" }),
    call("g", { status: "error", error_type: "Azure content_filter: jailbreak" }),
    call("h", { status: "timeout" }),
  ];
  thorough("refused, cut off, right and wrong are told apart", () =>
    withCalls(calls, async (store) => {
      await putScores(store, [
        { call: "a", value: 0 },
        { call: "d", value: 1 },
        { call: "e", value: 0 },
        { call: "f", value: 1 },
      ]);
      const [row] = (await qualityRefusals(store, { score: "good" })).rows;
      assert.equal(row.calls, 8);
      assert.deepEqual([row.refused.value, row.refused.n], [3 / 7, 7]);
      assert.deepEqual([row.truncated.value, row.truncated.n], [1 / 7, 7]);
      near(row.right.value, 2 / 3, "the refused call is no wrong answer");
      near(row.wrong.value, 1 / 3, "wrong");
      assert.equal(row.wrong.n, 3);
      const inWords = async () =>
        (await qualityRefusals(store, { score: "good" })).notes.some((note) =>
          note.startsWith("Refusals are found by"),
        );
      assert.equal(await inWords(), true);
      await putScores(store, [{ call: "a", value: 1, name: "Refusal" }]);
      assert.equal(await inWords(), false);
    }),
  );

  test("a score that says it was no refusal is believed before the reason why the model stopped", () =>
    withCalls(
      ["content_filter", "stop", "length", "stop"].map((reason, at) =>
        call(`c${at}`, { finish_reason: reason }),
      ),
      async (store) => {
        await putScores(
          store,
          [0, 1, 0].map((value, at) => ({ call: `c${at}`, value, name: "refusal" })),
        );
        const [row] = (await qualityRefusals(store)).rows;
        assert.deepEqual([row.refused.value, row.refused.n, row.truncated.value], [0.25, 4, 0.25]);
        const { rows } = await metricTable(store, { metrics: ["refusal_rate"] });
        const rate = rows[0].refusal_rate as Estimate;
        assert.deepEqual([rate.value, rate.n], [0.25, 4]);
      },
    ));

  test("a score named refusal tells too; a task's outcome counts for its last call", () =>
    withCalls(
      [
        call("a", { task_id: "t", attempt: 1, finish_reason: "stop" }),
        call("b", { task_id: "t", attempt: 2, finish_reason: "stop" }),
      ],
      async (store) => {
        await putScores(store, [{ call: "a", value: 1, name: "refusal", rater: "judge" }]);
        await putTasks(store, [{ task: "t", resolved: true }]);
        const [row] = (await qualityRefusals(store)).rows;
        assert.deepEqual([row.refused.value, row.right.value, row.right.n], [0.5, 1, 1]);
      },
    ));

  test("of a fault the answer without it is right", () =>
    withCalls(calls, async (store) => {
      await putScores(store, [
        { call: "d", value: 1, name: "hallucination" },
        { call: "e", value: 0, name: "hallucination" },
        { call: "f", value: 0, name: "hallucination" },
      ]);
      near((await qualityRefusals(store, { score: "hallucination" })).rows[0].right.value, 2 / 3, "right");
    }));

  describe("of requests that are harmless to answer", () => {
    /** 150 made logs of 60 users each: one model refuses 15 % of the harmless requests, and 90 % of the others. */
    const asked = Array.from({ length: 150 * 120 }, (_, at) => {
      const log = Math.floor(at / 120);
      // Users differ in what they ask: half of them are refused 4 % of the time, half 26 %.
      const own = at % 60;
      const refused = draw(at) < (at % 120 >= 100 ? 0.9 : hashed(log * 60 + own) % 2 === 0 ? 0.04 : 0.26);
      return { log, own, refused, harmless: at % 120 < 100, id: `r${at}` };
    });
    const logged = asked.map(({ id, log, own, refused, harmless }) =>
      call(id, {
        ...{ user_id: `u${log}-${own}`, workload: `log ${log}`, finish_reason: refused ? "refusal" : "stop" },
        prompt_version: harmless ? "safe" : "unsafe",
      }),
    );

    test("the share that is refused has an interval that covers the truth, by label and by rule alike", () =>
      withCalls(logged, async (store) => {
        await putScores(
          store,
          asked.map(({ id, harmless }) => ({ call: id, value: harmless ? 0 : 1, name: "harmful" })),
        );
        const { rows } = await metricTable(store, { metrics: ["over_refusal"], by: "workload" });
        const of = rows.map((row) => row.over_refusal as Estimate);
        const covered = of.filter(({ low, high }) => low <= 0.15 && 0.15 <= high).length;
        // 95 % of 150 logs: fewer than 135 would come in one of 1,000 such tests.
        assert.ok(covered >= 135, `${covered} of ${of.length}`);
        assert.ok(of.every(({ n, clusters }) => n === 100 && clusters === 60));
        assert.ok(rows.every(({ refusal_rate: none }) => none === undefined));
        const ruled = await qualityRefusals(store, { by: "workload", harmless: "prompt_version = 'safe'" });
        assertClose(
          ruled.rows.map((row) => [row.over_refused?.value, row.over_refused?.low, row.over_refused?.high]),
          of.map(({ value, low, high }) => [value, low, high]),
        );
        const labelled = await qualityRefusals(store, { by: "workload" });
        assert.deepEqual(
          labelled.rows.map((row) => row.over_refused?.value),
          of.map(({ value }) => value),
        );
        assert.ok((await metricNames(store)).includes("over_refusal"));
      }));

    test("a label of the task counts for its calls, and what nobody called harmless is not counted", () =>
      withCalls(
        [
          call("a", { task_id: "t", finish_reason: "refusal" }),
          call("b", { task_id: "t", finish_reason: "stop" }),
          call("c", { task_id: "s", finish_reason: "refusal" }),
          call("d", { finish_reason: "refusal" }),
        ],
        async (store) => {
          assert.equal("over_refused" in (await qualityRefusals(store)).rows[0], false);
          assert.ok(!(await metricNames(store)).includes("over_refusal"));
          await putScores(store, [{ task: "t", value: 1, name: "harmless" }]);
          // A refusal in words, which only a score tells.
          await putScores(store, [{ call: "b", value: 1, name: "refusal" }]);
          const [row] = (await qualityRefusals(store)).rows;
          assert.deepEqual([row.over_refused?.value, row.over_refused?.n, row.refused.value], [1, 2, 1]);
          const { rows } = await metricTable(store, { metrics: ["over_refusal", "refusal_rate"], by: "" });
          const [{ over_refusal: over, refusal_rate: all }] = rows as Record<string, Estimate>[];
          assert.deepEqual([over.value, over.n, all.value, all.n], [1, 2, 1, 4]);
        },
      ));

    test("compare says which model refuses them less", () =>
      withCalls(
        asked.slice(0, 1800).map(({ id, harmless }, at) =>
          call(id, {
            ...{ model: at % 2 ? "alder" : "birch", user_id: `u${at % 97}`, started_at: hour(at) },
            finish_reason: harmless && draw(at) < (at % 2 ? 0.2 : 0.05) ? "refusal" : "stop",
          }),
        ),
        async (store) => {
          await putScores(
            store,
            asked
              .slice(0, 6000)
              .map(({ id, harmless }) => ({ call: id, value: harmless ? 1 : 0, name: "harmless" })),
          );
          const sides = { a: "model = 'alder'", b: "model = 'birch'" };
          const { rows } = await compare(store, { ...sides, by: "", metrics: ["over_refusal"] });
          assert.equal(rows[0].verdict, "refuses harmless requests less");
          assert.ok(rows[0].ratio.low < 0.25 && 0.25 < rows[0].ratio.high, `${rows[0].ratio.low}`);
        },
      ));
  });

  thorough("says what it cannot tell", () =>
    withCalls([call("a", {}), call("b", {})], async (store) => {
      const { rows, notes } = await qualityRefusals(store);
      assert.ok(Number.isNaN(rows[0].refused.value) && Number.isNaN(rows[0].wrong.low));
      assert.ok(notes.some((note) => note.startsWith("No call says why the model stopped")));
      await putScores(store, [{ call: "a", value: 7 }]);
      await assert.rejects(
        qualityRefusals(store, { score: "good" }),
        /requires pass for a score beyond 0 to 1, got "good" from 7 to 7/,
      );
      assert.equal((await qualityRefusals(store, { score: "good", pass: 5 })).rows[0].right.value, 1);
      await assert.rejects(qualityRefusals(store, { score: "bad" }), /did you mean|there are good/);
    }),
  );
});

describe("structured output", () => {
  thorough("is valid at first, after repairs, and in tool calls", () =>
    withCalls(
      [
        call("a", { task_id: "t1", attempt: 1, json_valid: false }),
        call("b", { task_id: "t1", attempt: 2, json_valid: true, schema_valid: true }),
        call("c", { task_id: "t2", attempt: 1, json_valid: true, schema_valid: false }),
        call("d", { task_id: "t3", attempt: 1, json_valid: true }),
        call("e", { task_id: "t4", attempt: 1, status: "timeout" }),
      ],
      async (store) => {
        await run(
          store.connection,
          `insert into spans by name select * from (values ('s1', 't1', 'tool search', 'ok'), ('s2', 't1', 'tool search', 'error'), ('s3', 't2', 'retrieval', 'error'))
           as one(span_id, task_id, stage, status)`,
        );
        const [row] = (await qualityStructured(store)).rows;
        assert.deepEqual([row.calls, row.json_valid.value, row.schema_valid.value], [5, 0.75, 0.5]);
        assert.deepEqual([row.valid_first.value, row.valid_first.n], [1 / 3, 3]);
        assert.deepEqual([row.valid_last.value, row.repaired.value, row.repaired.n], [2 / 3, 0.5, 2]);
        assert.deepEqual([row.tool_success.value, row.tool_success.n], [0.5, 2]);
      },
    ),
  );

  test("is not missed where nobody asked for it", () =>
    withCalls(
      [
        call("a", { workload: "chat", json_valid: false }),
        call("b", { workload: "review", json_valid: true }),
        call("c", { workload: "review", model: "birch", json_valid: false }),
      ],
      async (store) => {
        const { rows, notes } = await qualityStructured(store);
        assert.deepEqual(
          rows.map(({ workload, model, json_valid }) => [workload, model, json_valid.value]),
          [
            ["review", "alder", 1],
            ["review", "birch", 0],
          ],
        );
        assert.ok(notes.some((note) => note.startsWith("Workloads without any valid JSON")));
      },
    ));
});
