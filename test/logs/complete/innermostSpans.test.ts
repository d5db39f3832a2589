import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { keepInnermost } from "../../../src/logs/complete/innermostSpans";
import { open } from "../../../src/store/open";
import { rowsOf, run } from "../../../src/store/run";
import { thorough } from "../../property";
import { run as llm } from "../formats/fixtures/langsmith";
import { pick, read } from "../formats/read";

describe("keepInnermost", () => {
  // Each call is a span of its own id; the id of the call it ran in follows.
  const calls = `(values
    ('framework', null, 'a', 'chat', 30, 'ann'), ('client', 'framework', 'a', 'chat', 30, null),
    ('sum', null, 'b', 'chat', 30, 'ann'), ('failed', 'sum', 'b', 'chat', null, null), ('again', 'sum', 'b', 'chat', 30, null),
    ('counts', null, 'c', 'chat', 30, 'ann'), ('bare', 'counts', 'c', 'chat', null, null),
    ('thinks', null, 'd', 'chat', 100, null), ('asks', 'thinks', 'd', 'chat', 30, null),
    ('recalls', null, 'e', 'chat', 30, null), ('embeds', 'recalls', 'e', 'embeddings', null, null),
    ('alone', 'elsewhere', 'f', 'chat', 30, null),
    ('asked', null, 'g', 'chat', 30, null), ('http', 'asked', 'g', null, null, null), ('route', 'http', 'g', null, null, null),
    ('served', 'route', 'g', 'chat', 30, null),
    ('uses', null, 'h', 'chat', 30, null), ('tool', 'uses', 'h', null, null, null), ('helps', 'tool', 'h', 'chat', 20, null)
  ) as one (id, parent, task, operation, tokens, who)`;

  test("of two calls of which one ran in the other, that which tells the request itself is kept", async () => {
    const store = await open(":memory:");
    try {
      await run(
        store.connection,
        `insert into calls (call_id, task_id, operation, input_tokens, output_tokens, user_id)
         select id, task, operation, 100, tokens, who from ${calls} where operation is not null`,
      );
      await run(
        store.connection,
        `insert into spans (span_id, parent_id, task_id, call_id)
         select id, parent, task, case when operation is not null then id end from ${calls}`,
      );
      await run(
        store.connection,
        "insert into scores (subject, subject_id, name) values ('call', 'framework', 'correct')",
      );
      assert.equal(await keepInnermost(store.connection), 4);
      assert.equal(await keepInnermost(store.connection), 0);
      const kept = await rowsOf<{ id: string; who: string | null }>(
        store.connection,
        "select call_id as id, user_id as who from calls order by call_id",
      );
      assert.deepEqual(
        kept.map(({ id, who }) => [id, who]),
        [
          ["again", "ann"],
          ["alone", null],
          ["asked", null],
          ["asks", null],
          ["client", "ann"],
          ["counts", "ann"],
          ["embeds", null],
          ["failed", "ann"],
          ["helps", null],
          ["recalls", null],
          ["thinks", null],
          ["uses", null],
        ],
      );
      const [{ spans, ofCalls }] = await rowsOf(
        store.connection,
        "select count(*) as spans, count(call_id) as ofCalls from spans",
      );
      assert.deepEqual([spans, ofCalls], [19, 12]);
      assert.deepEqual(await rowsOf(store.connection, "select subject_id from scores"), [
        { subject_id: "client" },
      ]);
    } finally {
      store.close();
    }
  });

  test("a framework's count of more than its client's request is no request of its own where that took all its time", async () => {
    const store = await open(":memory:");
    const keep = async (inner: number) => {
      await run(store.connection, "delete from calls; delete from spans");
      await run(
        store.connection,
        `insert into calls (call_id, task_id, input_tokens, output_tokens, duration)
           values ('agent', 't', 1568, 423, 4.80), ('client', 't', 663, 225, ${inner})`,
      );
      await run(
        store.connection,
        "insert into spans (span_id, parent_id, task_id, call_id) values ('agent', null, 't', 'agent'), ('client', 'agent', 't', 'client')",
      );
      await keepInnermost(store.connection);
      return (await rowsOf(store.connection, "select call_id from calls order by call_id")).map(
        ({ call_id }) => call_id,
      );
    };
    try {
      assert.deepEqual(await keep(4.79), ["client"]);
      assert.deepEqual(await keep(2.2), ["agent", "client"]);
    } finally {
      store.close();
    }
  });

  thorough(
    "a framework's run around its client's counts once, also where the client's comes in a later file",
    async () => {
      const inner = { ...llm, id: "run-3", parent_run_id: "run-2", name: "openai", feedback_stats: null };
      const { calls } = await read([
        { file: "1.jsonl", content: [llm] },
        { file: "2.jsonl", content: [inner] },
      ]);
      assert.deepEqual(
        calls.map((row) => pick(row, "call_id", "input_tokens")),
        [{ call_id: "run-3", input_tokens: 200 }],
      );
    },
  );
});
