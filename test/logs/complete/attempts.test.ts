import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { numberAttempts } from "../../../src/logs/complete/attempts";
import { open } from "../../../src/store/open";
import { rowsOf, run } from "../../../src/store/run";

describe("numberAttempts", () => {
  test("a call after a failed one is its retry; steps of an agent and calls side by side are none", async () => {
    const store = await open(":memory:");
    try {
      await run(
        store.connection,
        `insert into calls (call_id, task_id, model, status, started_at, duration, attempt)
         select * from (values
           ('fails', 'a', 'm', 'rate_limited', timestamp '2025-01-01 00:00:00', 1.0, null),
           ('again', 'a', 'm', 'error', timestamp '2025-01-01 00:00:02', 1.0, null),
           ('other', 'a', 'n', 'ok', timestamp '2025-01-01 00:00:04', 1.0, null),
           ('step', 'a', 'm', 'ok', timestamp '2025-01-01 00:00:06', 1.0, null),
           ('one', 'b', 'm', 'error', timestamp '2025-01-01 00:00:00', 5.0, null),
           ('beside', 'b', 'm', 'ok', timestamp '2025-01-01 00:00:01', 1.0, null),
           ('logged', 'c', 'm', 'error', timestamp '2025-01-01 00:00:00', 1.0, 1),
           ('as told', 'c', 'm', 'ok', timestamp '2025-01-01 00:00:02', 1.0, 7))`,
      );
      assert.equal(await numberAttempts(store.connection), 2);
      assert.equal(await numberAttempts(store.connection), 2);
      const rows = await rowsOf<{ id: string; attempt: number | null; instead: string | null }>(
        store.connection,
        "select call_id as id, attempt, fallback_from as instead from calls order by rowid",
      );
      assert.deepEqual(
        rows.map(({ id, attempt, instead }) => [id, attempt, instead]),
        [
          ["fails", null, null],
          ["again", 2, null],
          ["other", 3, "m"],
          ["step", null, null],
          ["one", null, null],
          ["beside", null, null],
          ["logged", 1, null],
          ["as told", 7, null],
        ],
      );
    } finally {
      store.close();
    }
  });

  const numbered = async (values: string) => {
    const store = await open(":memory:");
    try {
      const add = (some: string) =>
        run(
          store.connection,
          `insert into calls (call_id, task_id, model, operation, status, started_at, duration, attempt)
           select * from (values ${some})`,
        );
      const [first, ...later] = values.split(";");
      await add(first);
      await numberAttempts(store.connection);
      for (const some of later) {
        await add(some);
        await numberAttempts(store.connection);
      }
      const rows = await rowsOf<{ id: string; attempt: number | null; instead: string | null }>(
        store.connection,
        "select call_id as id, attempt, fallback_from as instead from calls order by started_at, call_id",
      );
      return rows.map(({ id, attempt, instead }) => [id, attempt, instead]);
    } finally {
      store.close();
    }
  };

  test("a number is told anew when a call comes later that began earlier", async () => {
    const rows = await numbered(
      `('second', 'a', 'n', 'chat', 'error', timestamp '2025-01-01 00:00:02', 1.0, null),
       ('third', 'a', 'm', 'chat', 'ok', timestamp '2025-01-01 00:00:04', 1.0, null);
       ('first', 'a', 'm', 'chat', 'error', timestamp '2025-01-01 00:00:00', 1.0, null);
       ('between', 'a', 'n', 'chat', 'ok', timestamp '2025-01-01 00:00:03', 0.5, null)`,
    );
    assert.deepEqual(rows, [
      ["first", null, null],
      ["second", 2, "m"],
      ["between", 3, null],
      ["third", null, null],
    ]);
  });

  test("an embedding is no attempt, and a number of the log is gone on from", async () => {
    const rows = await numbered(
      `('fails', 'a', 'm', 'chat', 'error', timestamp '2025-01-01 00:00:00', 1.0, 3),
       ('embeds', 'a', 'e', 'embeddings', 'error', timestamp '2025-01-01 00:00:01.5', 0.1, null),
       ('again', 'a', 'm', 'chat', 'ok', timestamp '2025-01-01 00:00:02', 1.0, null)`,
    );
    assert.deepEqual(rows, [
      ["fails", 3, null],
      ["embeds", null, null],
      ["again", 4, null],
    ]);
  });
});
