import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { latencyStages } from "../../../src/measures/service/stages";
import type { Store } from "../../../src/store/open";
import { run } from "../../../src/store/run";
import { thorough } from "../../property";
import { near } from "../../same";
import { type Call, withCalls } from "../calls";

type Span = {
  id: string;
  parent?: string;
  task: string;
  stage: string;
  from: number;
  to: number;
  status?: string;
};

async function putSpans(store: Store, spans: readonly Span[]): Promise<void> {
  await run(
    store.connection,
    `insert into spans (span_id, parent_id, task_id, stage, started_at, duration, status)
     select one.id, one.parent, one.task, one.stage, timestamp '2026-03-02' + to_microseconds((1e6 * one."from")::bigint),
       one."to" - one."from", coalesce(one.status, 'ok')
     from (select unnest(from_json($rows::json,
       '[{"id":"VARCHAR","parent":"VARCHAR","task":"VARCHAR","stage":"VARCHAR","from":"DOUBLE","to":"DOUBLE","status":"VARCHAR"}]')) as one)`,
    { rows: JSON.stringify(spans) },
  );
}

/**
 * A task of ten seconds: retrieval 0 to 2 in parallel with a cache look-up 0 to 1, a gap to 3, a call 3 to 9 with a
 * tool 4 to 6.
 */
const task = (id: string): Span[] => [
  { id: `${id}r`, task: id, stage: "task", from: 0, to: 10 },
  { id: `${id}1`, parent: `${id}r`, task: id, stage: "retrieval", from: 0, to: 2 },
  { id: `${id}2`, parent: `${id}r`, task: id, stage: "cache", from: 0, to: 1 },
  { id: `${id}3`, parent: `${id}r`, task: id, stage: "chat", from: 3, to: 9 },
  { id: `${id}4`, parent: `${id}r`, task: id, stage: "tool", from: 4, to: 6, status: "error" },
];
const calls = (count: number): Call[] =>
  Array.from({ length: count }, (_, i) => ({
    call_id: `c${i}`,
    task_id: `t${i}`,
    user_id: `u${i}`,
    workload: i % 2 ? "a" : "b",
    model: "m",
    started_at: "2026-03-02 00:00:00",
    status: "ok",
  }));

describe("latencyStages", () => {
  thorough("share the time a task waits: what runs beside something longer costs no waiting", () =>
    withCalls(calls(40), async (store) => {
      await putSpans(
        store,
        calls(40).flatMap(({ task_id }) => task(String(task_id))),
      );
      const { rows } = await latencyStages(store, { by: "" });
      const share = Object.fromEntries(rows.map((row) => [row.stage, row.critical_path.value]));
      near(share.retrieval, 0.2, "retrieval");
      near(share.cache, 0, "cache", 0, 1e-12);
      near(share.chat, 0.6, "chat");
      near(share.tool, 0, "a tool inside the time of the call", 0, 1e-12);
      near(share.task, 0.2, "what the whole does between the stages inside it");
      assert.equal(share["between stages"], undefined);
      const chat = rows.find(({ stage }) => stage === "chat");
      assert.deepEqual(
        [chat?.spans, chat?.tasks, chat?.mean.value, chat?.quantiles["0.5"].value],
        [40, 40, 6, 6],
      );
      assert.equal(rows.find(({ stage }) => stage === "tool")?.error_rate.value, 1);
    }),
  );

  thorough(
    "have the share of their own work where they hold others, and a gap that no span covers is between them",
    () =>
      withCalls(calls(40), async (store) => {
        // A retrieval of 4 s holds an embedding of 1 s, whose clock runs ahead; a gap of 1 s; a call of 5 s.
        const nested = (id: string): Span[] => [
          { id: `${id}1`, task: id, stage: "retrieval", from: 0, to: 4 },
          { id: `${id}2`, parent: `${id}1`, task: id, stage: "embedding", from: 3.5, to: 4.5 },
          { id: `${id}3`, task: id, stage: "chat", from: 5.5, to: 10 },
        ];
        await putSpans(
          store,
          calls(40).flatMap(({ task_id }) => nested(String(task_id))),
        );
        const { rows } = await latencyStages(store, { by: "" });
        const share = Object.fromEntries(rows.map((row) => [row.stage, row.critical_path.value]));
        near(share.retrieval, 0.35, "retrieval");
        near(share.embedding, 0.1, "embedding");
        near(share.chat, 0.45, "chat");
        near(share["between stages"], 0.1, "gap");
      }),
  );

  thorough("are told apart by columns of the task's first call; strange spans are counted and left out", () =>
    withCalls(calls(40), async (store) => {
      await putSpans(store, [
        ...calls(40).flatMap(({ task_id }) => task(String(task_id))),
        ...task("elsewhere"),
      ]);
      const { rows, notes, by } = await latencyStages(store);
      assert.deepEqual(by, ["workload", "stage"]);
      assert.deepEqual(
        rows.filter(({ stage }) => stage === "chat").map(({ workload, spans }) => [workload, spans]),
        [
          ["a", 20],
          ["b", 20],
        ],
      );
      assert.ok(notes.some((note) => note.startsWith("5 of 205 spans belong to no task")));
      assert.equal(
        (await latencyStages(store, { where: "workload = 'a'" })).rows.find(({ stage }) => stage === "chat")
          ?.spans,
        20,
      );
    }),
  );

  test("a log without spans says so", () =>
    withCalls(calls(3), async (store) => {
      const table = await latencyStages(store);
      assert.deepEqual(table.rows, []);
      assert.ok(table.notes.includes("There are no spans: stages cannot be measured."));
    }));
});
