import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ConversationCostRow } from "../../../src/measures/cost/conversationCosts";
import { cost } from "../../../src/measures/cost/cost";
import { metricTable } from "../../../src/measures/metricTable";
import type { Estimate } from "../../../src/stats/estimate";
import type { Store } from "../../../src/store/open";
import { run } from "../../../src/store/run";
import { fc, runs } from "../../property";
import { near } from "../../same";
import { type Call, withCalls } from "../calls";

const at = (minutes: number) => new Date(Date.UTC(2026, 2, 2, 9, minutes)).toISOString().slice(0, 19);
const conversations = (store: Store, by = "model") => cost(store, { by, grain: "conversation" });

/** Says of each task in `resolved` how it ended. */
const tell = async (store: Store, resolved: Readonly<Record<string, boolean>>) => {
  for (const [task_id, is] of Object.entries(resolved))
    await run(store.connection, "insert into tasks (task_id, resolved) values ($1, $2)", {
      1: task_id,
      2: is,
    });
};

/** 60 conversations of 20 users, each a task of up to three attempts, of two models. */
const single: Call[] = Array.from({ length: 60 }, (_, i) =>
  Array.from({ length: 1 + (i % 3) }, (_, attempt) => ({
    ...{ call_id: `${i} ${attempt}`, task_id: `t${i}`, conversation_id: `s${i}`, user_id: `u${i % 20}` },
    ...{ model: (i + attempt) % 2 === 0 ? "alder" : "birch", status: "ok", duration: 1 + i },
    ...{ cost: 1 + (i % 7), attempt: attempt + 1, started_at: at(3 * i + attempt) },
  })),
).flat();
const ends = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`t${i}`, i % 3 > 0]));

describe("where every conversation is one task", () => {
  const pairs = [
    ["cost_per_conversation", "cost_per_task"],
    ["cost_per_resolved_conversation", "cost_per_resolved"],
    ["conversation_resolve_rate", "resolve_rate"],
  ] as const;
  for (const options of [{}, { credit: "last" }, { cluster: "user_id" }, { level: 0.8 }] as const)
    test(`its numbers are those of tasks, with ${JSON.stringify(options)}`, () =>
      withCalls(single, async (store) => {
        await tell(store, ends);
        const [byTask, byTalk] = [
          await cost(store, { by: "model", ...options }),
          await cost(store, { by: "model", ...options, grain: "conversation" }),
        ];
        assert.equal(byTask.rows.length, 2);
        byTask.rows.forEach((task, place) => {
          const talk = byTalk.rows[place];
          assert.deepEqual(
            [talk.calls, talk.conversations, talk.resolved, talk.total_cost],
            [task.calls, task.tasks, task.resolved, task.total_cost],
          );
          for (const [ofTalk, ofTask] of pairs) {
            const [found, wanted] = [talk[ofTalk], task[ofTask]];
            for (const end of ["value", "low", "high", "n", "clusters"] as const)
              near(found[end] as number, wanted[end] as number, `${ofTalk} ${end}`);
            assert.equal(found.clusterBy, wanted.clusterBy);
            near(found.worst_case?.low ?? 0, wanted.worst_case?.low ?? 0);
            near(found.worst_case?.high ?? 0, wanted.worst_case?.high ?? 0);
          }
        });
      }));
});

describe("a table of conversations", () => {
  test("adds up to the bill, and to every outcome once, however conversations are mixed", () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            conversation_id: fc.constantFrom(null, "s0", "s1", "s2", "s3"),
            task_id: fc.constantFrom(null, "t0", "t1", "t2", "t3", "t4", "t5"),
            model: fc.constantFrom("alder", "birch", "cedar"),
            workload: fc.constantFrom("chat", "write"),
            role: fc.constantFrom("answer", "answer", "answer", "judge"),
            cost: fc.constantFrom(0.25, 1, 2, 8),
            minute: fc.nat(40),
          }),
          { minLength: 1, maxLength: 25 },
        ),
        fc.constantFrom("model", "workload", "workload,model"),
        async (drawn, by) => {
          // A task is in one conversation.
          const homes = new Map(drawn.map(({ task_id, conversation_id }) => [task_id, conversation_id]));
          const calls = drawn.map(({ minute, conversation_id, ...call }) => ({
            ...{ ...call, status: "ok", started_at: at(minute) },
            conversation_id: call.task_id === null ? conversation_id : homes.get(call.task_id),
          }));
          if (calls.every((call) => call.conversation_id === null)) return;
          await withCalls(calls, async (store) => {
            await tell(store, { t0: true, t1: true, t2: false, t3: true });
            const { rows } = await conversations(store, by);
            const [whole] = (await conversations(store, "environment")).rows;
            const sum = (of: (row: ConversationCostRow) => number) =>
              rows.reduce((all, row) => all + of(row), 0);
            near(
              sum((row) => row.total_cost),
              calls.reduce((all, call) => all + call.cost, 0),
              "bill",
            );
            const spent = ({ value, n }: Estimate) => (n === 0 ? 0 : value * n);
            near(
              sum((row) => spent(row.cost_per_conversation)),
              spent(whole.cost_per_conversation),
              "conversations",
            );
            assert.equal(
              sum((row) => row.resolved),
              whole.resolved,
            );
            assert.equal(
              sum((row) => row.conversation_resolve_rate.n),
              whole.conversation_resolve_rate.n,
            );
          });
        },
      ),
      { numRuns: runs(25) },
    ));

  test("says how many are mixed, and counts a model that never began one by its money alone", () => {
    const calls = Array.from({ length: 12 }, (_, i): Call[] => {
      const talk = { conversation_id: `s${i}`, user_id: `u${i}`, status: "ok", duration: 2 };
      const ask = { ...talk, task_id: `a${i}`, model: "alder", cost: 1, started_at: at(i) };
      return i < 8
        ? [ask, { ...talk, task_id: `b${i}`, model: "birch", cost: 28, started_at: at(30 + i) }]
        : [ask];
    }).flat();
    return withCalls(calls, async (store) => {
      await tell(store, Object.fromEntries(calls.map(({ task_id }) => [String(task_id), true])));
      const { rows, notes } = await conversations(store);
      const [alder, birch] = rows;
      near(alder.cost_per_conversation.value, 1);
      near(birch.cost_per_conversation.value, 28);
      assert.deepEqual([alder.conversations, birch.conversations, birch.resolved], [12, 8, 0]);
      assert.ok(Number.isNaN(birch.conversation_resolve_rate.value));
      assert.ok(Number.isNaN(birch.cost_per_resolved_conversation.value));
      const said =
        "8 of 12 conversations (67 %) have calls in several rows: money and time count where they were spent";
      assert.ok(
        notes.some((note) => note.startsWith(said)),
        notes.join("\n"),
      );
    });
  });

  test("knows the turns of a log without a second one from below alone", () =>
    withCalls(single, async (store) => {
      const [{ turns_per_conversation: turns }] = (await conversations(store)).rows;
      assert.deepEqual([turns.value, turns.low], [1, 1]);
      assert.ok(turns.high > 1.01 && turns.high < 1.5, `${turns.high}`);
      assert.match(String(turns.note), /^no conversation had a second turn/);
    }));

  test("is not sure of turns because all conversations that it saw had as many", () => {
    const once = single.filter(({ attempt }) => attempt === 1);
    const thrice = once.flatMap((call) =>
      [1, 2, 3].map((turn) => ({
        ...call,
        call_id: `${call.call_id ?? call.task_id} ${turn}`,
        task_id: undefined,
      })),
    );
    return withCalls(thrice, async (store) => {
      const [{ turns_per_conversation: turns }] = (await conversations(store)).rows;
      assert.equal(turns.value, 3);
      assert.ok(turns.low < 2.99 && turns.high > 3.01, `${turns.low} to ${turns.high}`);
      assert.match(String(turns.note), /^every conversation had 3 turns/);
    });
  });

  test("leaves calls without a conversation to the total cost, and says how many", () =>
    withCalls([...single, { call_id: "x", model: "alder", cost: 100 }], async (store) => {
      const { rows, notes } = await conversations(store);
      const [{ total_cost, cost_per_conversation, conversations: n }] = rows;
      near(total_cost - cost_per_conversation.value * n, 100);
      assert.ok(notes.includes("1 of 121 calls name no conversation: they count in the total cost alone."));
    }));

  test("is refused of a log without conversation ids, in a sentence that says what to do", () =>
    withCalls(
      single.map(({ conversation_id, ...call }) => call),
      (store) =>
        assert.rejects(conversations(store), {
          name: "RangeError",
          message:
            'cost requires calls with a conversation_id for grain "conversation", and none has one; map the column of the session or thread to conversation_id at ingest, or use grain "task"',
        }),
    ));

  test("has columns that are metrics like any other", () =>
    withCalls(single, async (store) => {
      await tell(store, ends);
      const metrics = ["conversation_resolve_rate", "time_per_conversation", "cost_per_task"];
      const table = await metricTable(store, { by: "model", metrics });
      const [row] = (await conversations(store)).rows;
      assert.deepEqual(
        (table.rows[0].conversation_resolve_rate as Estimate).value,
        row.conversation_resolve_rate.value,
      );
      near((table.rows[0].time_per_conversation as Estimate).value, row.time_per_conversation.value);
    }));
});
