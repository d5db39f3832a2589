import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { reliabilityRetryAfter } from "../../../src/measures/service/retryAfter";
import { type Call, withCalls } from "../calls";

/** A refused call and its retry some seconds after the refusal, which took half a second. */
function pair(
  at: number,
  { asked, waited, ok = true }: { asked?: number; waited?: number; ok?: boolean },
): Call[] {
  const clock = (seconds: number) => new Date(1772445600000 + 1000 * (at * 1000 + seconds)).toISOString();
  const task = { task_id: `t${at}`, model: "m", provider: at % 2 === 0 ? "even" : "odd" };
  const refused = {
    ...task,
    call_id: `a${at}`,
    status: "rate_limited",
    duration: 0.5,
    started_at: clock(0),
    retry_after: asked,
    attempt: 1,
    place_in_task: 1,
  };
  if (waited === undefined) return [refused];
  const again = {
    ...task,
    call_id: `b${at}`,
    status: ok ? "ok" : "rate_limited",
    duration: 1,
    started_at: clock(0.5 + waited),
    attempt: 2,
    place_in_task: 2,
  };
  return [refused, again];
}

describe("what refused calls were told", () => {
  test("and what came of it is counted call by call", async () => {
    const calls = [
      ...pair(0, { asked: 2, waited: 2 }),
      ...pair(1, { asked: 2, waited: 1.95 }),
      ...pair(2, { asked: 4, waited: 1, ok: false }),
      ...pair(3, { asked: 10 }),
      ...pair(4, { waited: 1 }),
      { call_id: "fine", model: "m", status: "ok", provider: "even" },
    ];
    await withCalls(calls, async (store) => {
      const { rows } = await reliabilityRetryAfter(store, { by: [] });
      const [row] = rows;
      assert.equal(row.refused, 6, "five first calls, and the retry that was refused again");
      assert.equal(row.reported.value, 4 / 6);
      assert.equal(row.retry_after["0.5"].value, 3);
      assert.deepEqual([row.retried.value, row.retried.n], [3 / 4, 4]);
      assert.deepEqual([row.obeyed.value, row.obeyed.n], [2 / 3, 3]);
      assert.deepEqual([row.ok_obeyed.value, row.ok_early.value], [1, 0]);
      const parts = await reliabilityRetryAfter(store, { by: "provider" });
      assert.deepEqual(
        parts.rows.map(({ refused }) => refused),
        [4, 2],
      );
    });
  });
  test("is said to be unknown where nobody logs it, and absent where nobody was refused", async () => {
    await withCalls(pair(0, { waited: 1 }), async (store) => {
      const { rows, notes } = await reliabilityRetryAfter(store, { by: [] });
      assert.equal(rows[0].reported.value, 0);
      assert.match(notes.join(" "), /None of 1 refused calls says how long/);
    });
    await withCalls([{ call_id: "a", status: "ok" }], async (store) => {
      const { rows, notes } = await reliabilityRetryAfter(store);
      assert.deepEqual(rows, []);
      assert.match(notes.join(" "), /No call was refused/);
    });
  });
});
