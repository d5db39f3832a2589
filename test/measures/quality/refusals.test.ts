import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { refusals } from "../../../src/measures/quality/refusals";
import { structured } from "../../../src/measures/quality/structured";
import { run } from "../../../src/store/run";
import { thorough } from "../../property";
import { near } from "../../same";
import { type Call, withCalls } from "../calls";
import { putScores, putTasks } from "../scores";

const call = (id: string, more: Call): Call => ({ call_id: id, model: "alder", status: "ok", ...more });

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
      const [row] = (await refusals(store, { score: "good" })).rows;
      assert.equal(row.calls, 8);
      assert.deepEqual([row.refused.value, row.refused.n], [3 / 7, 7]);
      assert.deepEqual([row.truncated.value, row.truncated.n], [1 / 7, 7]);
      near(row.right.value, 2 / 3, "the refused call is no wrong answer");
      near(row.wrong.value, 1 / 3, "wrong");
      assert.equal(row.wrong.n, 3);
      const inWords = async () =>
        (await refusals(store, { score: "good" })).notes.some((note) =>
          note.startsWith("Refusals are found by"),
        );
      assert.equal(await inWords(), true);
      await putScores(store, [{ call: "a", value: 1, name: "Refusal" }]);
      assert.equal(await inWords(), false);
    }),
  );

  test("a score named refusal tells too; a task's outcome counts for its last call", () =>
    withCalls(
      [
        call("a", { task_id: "t", attempt: 1, finish_reason: "stop" }),
        call("b", { task_id: "t", attempt: 2, finish_reason: "stop" }),
      ],
      async (store) => {
        await putScores(store, [{ call: "a", value: 1, name: "refusal", rater: "judge" }]);
        await putTasks(store, [{ task: "t", resolved: true }]);
        const [row] = (await refusals(store)).rows;
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
      near((await refusals(store, { score: "hallucination" })).rows[0].right.value, 2 / 3, "right");
    }));

  thorough("says what it cannot tell", () =>
    withCalls([call("a", {}), call("b", {})], async (store) => {
      const { rows, notes } = await refusals(store);
      assert.ok(Number.isNaN(rows[0].refused.value) && Number.isNaN(rows[0].wrong.low));
      assert.ok(notes.some((note) => note.startsWith("No call says why the model stopped")));
      await putScores(store, [{ call: "a", value: 7 }]);
      await assert.rejects(
        refusals(store, { score: "good" }),
        /requires pass for a score beyond 0 to 1, got "good" from 7 to 7/,
      );
      assert.equal((await refusals(store, { score: "good", pass: 5 })).rows[0].right.value, 1);
      await assert.rejects(refusals(store, { score: "bad" }), /did you mean|there are good/);
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
        const [row] = (await structured(store)).rows;
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
        const { rows, notes } = await structured(store);
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
