import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { latency } from "../../src/measures/latency/latency";
import { quality } from "../../src/measures/quality/quality";
import { reliability } from "../../src/measures/service/reliability";
import type { Store } from "../../src/store/open";
import { run } from "../../src/store/run";
import { near } from "../same";
import { type Call, withCalls } from "./calls";

const at = (minutes: number) => new Date(Date.UTC(2026, 2, 2, 9, minutes)).toISOString().slice(0, 19);

/**
 * 40 conversations of 20 users with two tasks each: every fourth has an error in its first, and every fifth is not resolved
 * at its end.
 */
const calls: Call[] = Array.from({ length: 40 }, (_, i) =>
  [0, 1].map((turn) => ({
    ...{ task_id: `t${i} ${turn}`, conversation_id: `s${i}`, user_id: `u${i % 20}`, model: "alder" },
    ...{ status: i % 4 === 0 && turn === 0 ? "error" : "ok", duration: 10 + turn, cost: 1 },
    started_at: at(20 * turn + i),
  })),
).flat();
const tell = async (store: Store) => {
  for (const { task_id } of calls) {
    const [i, turn] = String(task_id).slice(1).split(" ").map(Number);
    const resolved = turn === 1 ? i % 5 > 0 : i % 2 > 0;
    await run(store.connection, "insert into tasks (task_id, resolved) values ($1, $2)", {
      1: String(task_id),
      2: resolved,
    });
  }
};
const withoutIds = calls.map(({ conversation_id, ...call }) => call);
const refused = (caller: string) => ({
  name: "RangeError",
  message: new RegExp(
    `^${caller} requires calls with a conversation_id for grain "conversation", and none has one; map`,
  ),
});

describe("at the grain of conversations", () => {
  test("reliability is the share of conversations in which a call failed", () =>
    withCalls(calls, async (store) => {
      const [{ calls: n, conversations, error_rate }] = (await reliability(store, { grain: "conversation" }))
        .rows;
      assert.deepEqual([n, conversations], [80, 40]);
      near(error_rate.value, 10 / 40);
      assert.deepEqual([error_rate.n, error_rate.clusters, error_rate.clusterBy], [40, 20, "user_id"]);
    }));

  test("reliability is that of calls where every conversation is one call", async () => {
    const single = calls.filter((_, place) => place % 2 === 0);
    await withCalls(single, async (store) => {
      const [ofCalls] = (await reliability(store)).rows;
      const [ofTalks] = (await reliability(store, { grain: "conversation" })).rows;
      for (const name of ["error_rate", "timeout_rate", "cancelled_rate"] as const)
        for (const end of ["value", "low", "high", "n", "clusters"] as const)
          near(ofTalks[name][end], ofCalls[name][end], `${name} ${end}`);
    });
  });

  test("a conversation some of whose calls have no status may have failed", () =>
    withCalls(
      calls.map((call, place) => (place % 8 === 3 ? { ...call, status: null } : call)),
      async (store) => {
        const [{ error_rate }] = (await reliability(store, { grain: "conversation" })).rows;
        near(error_rate.value, 10 / 40);
        assert.match(String(error_rate.note), /10 of 40/);
      },
    ));

  test("latency adds up the waits until a conversation is resolved, and the others are known from below", () =>
    withCalls(calls, async (store) => {
      await tell(store);
      const [row] = (await latency(store, { grain: "conversation", q: [0.5] })).rows;
      assert.deepEqual([row.n, row.timeouts], [40, 8]);
      // Those that begin with an error wait for the second call alone.
      near(row.mean.value, (30 * 21 + 10 * 11) / 40);
      assert.equal(row.mean.high, Number.POSITIVE_INFINITY);
      assert.match(String(row.mean.note), /^at least this: 8 of 40 conversations were not resolved/);
      assert.deepEqual([row.mean.clusters, row.mean.clusterBy], [20, "user_id"]);
    }));

  test("latency is how long whole conversations take where no outcome is known", () =>
    withCalls(calls, async (store) => {
      const {
        rows: [row],
        notes,
      } = await latency(store, { grain: "conversation", q: [0.5] });
      assert.deepEqual([row.n, row.timeouts, row.quantiles["0.5"].value], [40, 0, 21]);
      assert.match(notes.join(" "), /No outcome of these conversations is known/);
    }));

  test("quality knows the outcome of a conversation from that of its last task", () =>
    withCalls(calls, async (store) => {
      await tell(store);
      const [row] = (await quality(store, { score: "resolved", grain: "conversation", by: "model" })).rows;
      near(row.mean.value, 32 / 40);
      assert.deepEqual([row.n, row.mean.clusters], [40, 20]);
      const [ofTasks] = (await quality(store, { score: "resolved", by: "model" })).rows;
      assert.equal(ofTasks.n, 80);
    }));

  test("a log without conversation ids is refused in a sentence that says what to do", () =>
    withCalls(withoutIds, async (store) => {
      await assert.rejects(latency(store, { grain: "conversation" }), refused("latency"));
      await assert.rejects(reliability(store, { grain: "conversation" }), refused("reliability"));
    }));

  test("latency has no other metric", () =>
    withCalls(calls, async (store) => {
      const asked = latency(store, { grain: "conversation", metric: "time_to_first_token" });
      await assert.rejects(asked, /^RangeError: latency with grain "conversation" adds up durations/);
    }));
});
