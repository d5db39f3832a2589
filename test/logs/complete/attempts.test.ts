import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { numberAttempts } from "../../../src/logs/complete/attempts";
import { open } from "../../../src/store/open";
import { rowsOf, run } from "../../../src/store/query";

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
      assert.equal(await numberAttempts(store.connection), 0);
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
});
