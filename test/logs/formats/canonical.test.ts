import assert from "node:assert/strict";
import { test } from "node:test";
import { thorough } from "../../property";
import { read } from "./read";

const call = { model: "alder", duration: 1.5, started_at: "2026-03-02T10:00:00Z", user_id: "u" };

test("calls that say what became of their task fill tasks as well", async () => {
  const { calls, tasks } = await read([
    {
      file: "calls.jsonl",
      content: [
        { ...call, call_id: "a", task_id: "t", resolved: true },
        { ...call, call_id: "b", task_id: "t", resolved: true },
        { ...call, call_id: "c", task_id: "u", resolved: null },
        { ...call, call_id: "d", task_id: null, resolved: false },
      ],
    },
  ]);
  assert.equal(calls.length, 4);
  assert.deepEqual(
    tasks.map(({ task_id, resolved, user_id }) => ({ task_id, resolved, user_id })),
    [{ task_id: "t", resolved: true, user_id: "u" }],
  );
});

test("outcomes of conversations need no task, with or without fields of the team's own", async () => {
  for (const more of [{}, { team: "north" }]) {
    const content = [{ conversation_id: "v", resolved: true, resolved_at: "2026-03-02T10:00:00Z", ...more }];
    const { calls, tasks } = await read([{ file: "talks.jsonl", content }]);
    assert.equal(calls.length, 0);
    assert.deepEqual(
      tasks.map(({ task_id, conversation_id, resolved }) => ({ task_id, conversation_id, resolved })),
      [{ task_id: null, conversation_id: "v", resolved: true }],
    );
  }
});

test("without a status of its own, a call whose error is a timeout or a rate limit has that status", async () => {
  const errors = ["TimeoutError", "rate_limit_exceeded", "bad_request", ""];
  const content = errors.map((error_type, at) => ({
    ...call,
    call_id: `c${at}`,
    error_type,
    http_status: 500,
  }));
  const { calls } = await read([
    { file: "calls.jsonl", content: [...content, { ...call, http_status: 200 }] },
  ]);
  assert.deepEqual(
    calls.map(({ status }) => status),
    ["timeout", "rate_limited", "error", "error", "ok"],
  );
});

test("without a status of its own, a call's error tells its kind in the words of the languages that mappings know", async () => {
  const told = {
    "Request was cancelled": "cancelled",
    Zeitüberschreitung: "timeout",
    "délai dépassé": "timeout",
    超时: "timeout",
    "límite excedido": "rate_limited",
    abgebrochen: "cancelled",
    Überlastung: "error",
  };
  const content = Object.keys(told).map((error_type, at) => ({ ...call, call_id: `c${at}`, error_type }));
  const { calls } = await read([{ file: "calls.jsonl", content }]);
  assert.deepEqual(
    calls.map(({ error_type, status }) => [error_type, status]),
    Object.entries(told),
  );
});

test("a field that is no column of ours is kept beside them", async () => {
  const { calls } = await read([{ file: "calls.jsonl", content: [{ ...call, call_id: "a", team: "x" }] }]);
  assert.equal(calls[0]["attributes.team"], "x");
});

test("a table of models' scores is no log, whatever columns it shares with one", async () => {
  const content = [{ model: "alder", cost: 1, score: 71.2, rank: 1 }];
  assert.deepEqual((await read([{ file: "scores.jsonl", content }])).calls, []);
});

thorough(
  "outcomes with fields of the team's are tasks; records that may be calls in other words are none",
  async () => {
    const outcome = { task_id: "t", resolved: true, difficulty: "hard" };
    const { files, tasks } = await read([{ file: "tasks.jsonl", content: [outcome] }]);
    assert.deepEqual(
      [files[0].format, tasks[0].resolved, tasks[0]["attributes.difficulty"]],
      ["canonical", true, "hard"],
    );
    for (const more of [{ llm: "gpt-4o" }, { latency_ms: 7 }, { started_at: "2026-03-02T10:00:00Z" }]) {
      const other = await read([{ file: "log.jsonl", content: [{ ...outcome, ...more }] }]);
      assert.equal(other.files[0].status, "failed", Object.keys(more)[0]);
    }
  },
);
