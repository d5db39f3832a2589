import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type CostRow, cost } from "../../../src/measures/cost/cost";
import type { Estimate } from "../../../src/stats/estimate";
import { thorough } from "../../property";
import { assertClose, near } from "../../same";
import { type Call, withCalls } from "../calls";

const at = (minutes: number) => new Date(Date.UTC(2026, 2, 2, 9, minutes)).toISOString().slice(0, 19);
const rowOf = (rows: CostRow[], model: string) => rows.find((row) => row.model === model) as CostRow;

/** Ten users with one conversation each: two tasks, the second handed on to another model, and a judge. */
const calls: Call[] = Array.from({ length: 10 }, (_, i) => {
  const one = { user_id: `u${i}`, conversation_id: `s${i}`, role: "answer", status: "ok" };
  return [
    { ...one, call_id: `${i}a`, task_id: `t${i}`, model: "alder", cost: 1 + i, started_at: at(i) },
    { ...one, call_id: `${i}b`, task_id: `v${i}`, model: "alder", cost: 2, started_at: at(20 + i) },
    {
      ...one,
      call_id: `${i}c`,
      task_id: `v${i}`,
      model: "birch",
      cost: 4,
      started_at: at(30 + i),
      attempt: 2,
    },
    {
      ...one,
      call_id: `${i}j`,
      task_id: `v${i}`,
      model: "judge",
      role: "judge",
      cost: 0.5,
      started_at: at(10),
    },
  ];
}).flat();

describe("a conversation", () => {
  thorough("costs what its tasks in the row cost with all their calls", () =>
    withCalls(calls, async (store) => {
      const { rows } = await cost(store, { by: "model" });
      const { value, n, unit, clusterBy } = rowOf(rows, "alder").cost_per_conversation as Estimate;
      near(value, 5.5 + 6.5, "cost");
      assert.deepEqual([n, unit, clusterBy], [10, "USD/conversation", "user_id"]);
      const other = rowOf(rows, "birch").cost_per_conversation as Estimate;
      assert.ok(Number.isNaN(other.value));
      assert.equal(other.note, "no conversations");
    }),
  );
  test("costs each row what its tasks cost whose last answering call is there, where asked", () =>
    withCalls(calls, async (store) => {
      const { rows } = await cost(store, { by: "model", credit: "last" });
      near((rowOf(rows, "alder").cost_per_conversation as Estimate).value, 5.5, "cost");
      near((rowOf(rows, "birch").cost_per_conversation as Estimate).value, 6.5, "cost");
    }));
  test("counts with calls that have no cost as known from below", () =>
    withCalls(
      calls.map((call) => (call.call_id === "3b" ? { ...call, cost: null } : call)),
      async (store) => {
        const { rows } = await cost(store, { by: "model" });
        const { value, high, note } = rowOf(rows, "alder").cost_per_conversation as Estimate;
        near(value, 12 - 0.2, "cost");
        assert.match(note as string, /at least this: 1 of 40 calls have no known cost/);
        assert.ok(high >= 12);
      },
    ));
  test("that goes on in other workloads costs each of them what was spent there", () => {
    // Six conversations start with a cheap question; in three of them, a document is written for 28 times as much.
    const asked = Array.from({ length: 6 }, (_, i): Call[] => {
      const talk = { user_id: `u${i}`, conversation_id: `s${i}`, model: "alder", status: "ok" };
      const ask = {
        ...talk,
        call_id: `${i}a`,
        task_id: `a${i}`,
        workload: "chat",
        cost: 1,
        started_at: at(i),
      };
      const write = { ...talk, call_id: `${i}b`, task_id: `b${i}`, workload: "write", cost: 28 };
      const alone = { ...talk, call_id: `${i}c`, workload: "write", cost: 2, started_at: at(50 + i) };
      return i < 3 ? [ask, { ...write, started_at: at(20 + i) }, alone] : [ask];
    }).flat();
    return withCalls(asked, async (store) => {
      const { rows } = await cost(store, { by: "workload" });
      const [chat, write] = rows.map(({ cost_per_conversation }) => cost_per_conversation as Estimate);
      near(chat.value, 1);
      near(write.value, 90 / 3);
      assert.deepEqual([chat.n, write.n], [6, 3]);
      assert.match(String(chat.note), /^3 of 6 conversations have calls outside the row;/);
      assert.match(String(write.note), /^3 of 3 conversations have calls outside the row;/);
      const some = await cost(store, { by: "workload", where: "workload = 'chat'" });
      near((some.rows[0].cost_per_conversation as Estimate).value, 1);
      const [all] = (await cost(store, { by: "model" })).rows;
      near((all.cost_per_conversation as Estimate).value, 96 / 6);
      assert.doesNotMatch(String((all.cost_per_conversation as Estimate).note), /outside/);
    });
  });

  test("handed on to another model within a task spans no rows", () =>
    withCalls(calls, async (store) => {
      const { rows } = await cost(store, { by: "model" });
      const { note = "" } = rowOf(rows, "alder").cost_per_conversation as Estimate;
      assert.doesNotMatch(note, /outside the row/);
    }));

  test("of a user is in one cluster with the user's others", () =>
    withCalls(
      Array.from({ length: 400 }, (_, i) => ({
        call_id: `c${i}`,
        user_id: `u${i % 40}`,
        conversation_id: `s${i % 200}`,
        model: "alder",
        cost: 1 + (i % 40),
      })),
      async (store) => {
        const [{ cost_per_conversation }] = (await cost(store, { cluster: "user_id" })).rows;
        const { value, n, clusters } = cost_per_conversation as Estimate;
        near(value, 41, "cost");
        assert.deepEqual([n, clusters], [200, 40]);
      },
    ));
});

describe("a user", () => {
  test("costs what the row's tasks of theirs cost, fallbacks and judges included", () =>
    withCalls(calls, async (store) => {
      const { rows } = await cost(store, { by: "model" });
      const { value, n, clusters, clusterBy, unit } = rowOf(rows, "alder").cost_per_user as Estimate;
      near(value, 12, "cost");
      assert.deepEqual([n, clusters, clusterBy, unit], [10, 10, "user_id", "USD/user"]);
    }));
  test("costs also the calls that belong to no task", () =>
    withCalls([...calls, { call_id: "x", user_id: "u0", model: "alder", cost: 30 }], async (store) => {
      const { rows } = await cost(store, { by: "model" });
      near((rowOf(rows, "alder").cost_per_user as Estimate).value, 15, "cost");
    }));
  thorough("costs the same whichever way its calls are clustered, and a call without a user is none", () =>
    withCalls(
      [
        ...calls,
        { call_id: "x", user_id: "u0", model: "alder", cost: null },
        { call_id: "y", model: "alder", cost: 9 },
      ],
      async (store) => {
        const [one, other] = await Promise.all(
          ["user_id", "conversation_id"].map(
            async (cluster) =>
              rowOf((await cost(store, { by: "model", cluster })).rows, "alder").cost_per_user as Estimate,
          ),
        );
        assertClose(one, other);
        assert.equal(one.n, 10);
        assert.match(one.note as string, /at least this: 1 of 41 calls have no known cost/);
      },
    ),
  );
  thorough("is one even where every call counts as independent", () =>
    withCalls(calls, async (store) => {
      const { rows } = await cost(store, { by: "model", cluster: "call_id" });
      assert.equal((rowOf(rows, "alder").cost_per_user as Estimate).clusters, 10);
      assert.equal((rowOf(rows, "alder").cost_per_conversation as Estimate).clusters, 10);
    }),
  );
});

test("without ids of conversations or users a cost table has no such columns", () =>
  withCalls(
    calls.map(({ user_id, conversation_id, ...call }) => call),
    async (store) => {
      const [row] = (await cost(store, { by: "model" })).rows;
      assert.ok(!("cost_per_conversation" in row) && !("cost_per_user" in row));
    },
  ));
