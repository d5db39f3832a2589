import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { conversationFacts } from "../../src/facts/conversations";
import type { SelectOptions } from "../../src/facts/request";
import { select } from "../../src/facts/select";
import { taskFacts } from "../../src/facts/tasks";
import { requestOf } from "../../src/measures/options";
import { rowsOf, run } from "../../src/store/run";
import { type Call, withCalls } from "../measures/calls";

const at = (minutes: number) => new Date(Date.UTC(2026, 2, 2, 9, minutes)).toISOString().slice(0, 19);

/** One conversation: a cheap chat, a document by another model with a judge, and a chat without a task. */
const calls: Call[] = [
  { task_id: "t1", model: "alder", workload: "chat", cost: 1, duration: 2, started_at: at(0) },
  { task_id: "t2", model: "birch", workload: "write", cost: 8, duration: 9, started_at: at(1) },
  { task_id: "t2", model: "judge", role: "judge", cost: 4, duration: 90, started_at: at(2) },
  { model: "alder", workload: "chat", cost: 2, duration: 3, started_at: at(3) },
].map((call) => ({ ...call, conversation_id: "s", user_id: "u", status: "ok" }));

type Outcome = { task_id?: string; conversation_id?: string; resolved: boolean };

/** The facts of the conversations in these calls. */
const factsOf = (
  outcomes: readonly Outcome[],
  options: SelectOptions = { by: "model" },
  log = calls,
  ends?: boolean,
) =>
  withCalls(log, async (store) => {
    for (const { task_id = null, conversation_id = null, resolved } of outcomes)
      await run(
        store.connection,
        "insert into tasks (task_id, conversation_id, resolved) values ($1, $2, $3)",
        {
          1: task_id as string,
          2: conversation_id as string,
          3: resolved,
        },
      );
    const selection = await select(store, requestOf("test", options), { population: "tasks" });
    try {
      await taskFacts(selection);
      await conversationFacts(selection, { ends });
      return await rowsOf<Record<string, unknown>>(
        selection.connection,
        `select "by", turns, cost, seconds, calls, credited, shared, ended, resolved
         from conversation_facts join groups using (g) order by "by"`,
      );
    } finally {
      selection.close();
    }
  });

describe("a conversation in which no call answered", () => {
  const failed = calls
    .filter(({ task_id }) => task_id === undefined)
    .map((call) => ({ ...call, role: "judge" }));
  for (const credit of ["first", "last"] as const)
    test(`keeps the outcome that the log tells, in the row of its ${credit} call`, async () => {
      const facts = await factsOf(
        [{ conversation_id: "s", resolved: false }],
        { by: "model", credit },
        failed,
      );
      assert.deepEqual(
        facts.map(({ turns, credited, resolved }) => [turns, credited, resolved]),
        [[0, true, false]],
      );
    });
});

describe("a conversation over several models", () => {
  test("leaves money and time where they were spent, and its outcome to the first", async () => {
    const facts = await factsOf([
      { task_id: "t1", resolved: false },
      { task_id: "t2", resolved: true },
    ]);
    assert.deepEqual(
      facts.map(({ by, ...own }) => own),
      [
        {
          turns: 2,
          cost: 3,
          seconds: 5,
          calls: 2,
          credited: true,
          shared: true,
          ended: true,
          resolved: true,
        },
        // Its task with the judge's call, whose time nobody waited.
        {
          turns: 1,
          cost: 12,
          seconds: 9,
          calls: 2,
          credited: false,
          shared: true,
          ended: true,
          resolved: null,
        },
      ],
    );
  });

  test("leaves its outcome to the last that answered where asked", async () => {
    const shift = calls.map((call, place) => (place === 3 ? { ...call, started_at: at(-1) } : call));
    const facts = await factsOf([], { by: "model", credit: "last" }, shift);
    assert.deepEqual(
      facts.map(({ credited }) => credited),
      [false, true],
    );
  });

  test("has no part in a row that where leaves out", async () => {
    const [only, ...others] = await factsOf([], { by: "model", where: "workload = 'write'" });
    assert.deepEqual([only.cost, only.shared, others.length], [12, true, 0]);
  });

  test("is one where rows are not told apart by it", async () => {
    const [only, ...others] = await factsOf([], { by: [] });
    assert.deepEqual([only.turns, only.cost, only.shared, others.length], [3, 15, false, 0]);
  });
});

describe("the outcome of a conversation", () => {
  const endOf = async (...outcomes: Outcome[]) => (await factsOf(outcomes, { by: [] }))[0].ended;

  test("is that of the whole where the log has one, whatever its tasks came to", async () => {
    const whole = { conversation_id: "s", resolved: false };
    assert.equal(await endOf(whole, { task_id: "t2", resolved: true }), false);
  });
  test("is else that of its last task", async () => {
    assert.equal(await endOf({ task_id: "t1", resolved: true }, { task_id: "t2", resolved: false }), false);
    assert.equal(await endOf({ task_id: "t1", resolved: false }, { task_id: "t2", resolved: true }), true);
  });
  test("is not known where that of its last task is not", async () => {
    assert.equal(await endOf({ task_id: "t1", resolved: true }), null);
    assert.equal(await endOf(), null);
  });
  test("is left out where nobody asks, and nothing else", async () => {
    const [asked, unasked] = await Promise.all(
      [true, false].map((ends) =>
        factsOf([{ conversation_id: "s", resolved: true }], { by: [] }, calls, ends),
      ),
    );
    assert.equal(asked[0].ended, true);
    assert.deepEqual(unasked, [{ ...asked[0], ended: null, resolved: null }]);
  });
  test("is not known where files disagree on the whole", async () => {
    const disputed = [true, false].map((resolved) => ({ conversation_id: "s", resolved }));
    assert.equal(await endOf(...disputed, { task_id: "t2", resolved: true }), null);
  });
});
