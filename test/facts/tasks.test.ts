import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { everything } from "../../src/facts/request";
import { select } from "../../src/facts/select";
import { taskTables } from "../../src/facts/tasks";
import { rowsOf } from "../../src/store/run";
import { withCalls } from "../measures/calls";

describe("the hour of a task is that of its first answering call, or of its last", () => {
  /** Two weeks of two users' tasks: a judge an hour early, an answer on the hour, one that follows two hours later. */
  const calls = Array.from({ length: 800 }, (_, i) => {
    const task = Math.floor(i / 4);
    const minute = 90 * task + [-60, 0, 120, 180][i % 4];
    return {
      call_id: `c${i}`,
      task_id: `t${task}`,
      user_id: `u${task % 40}`,
      // In half of the tasks one model answers throughout, in the others another model answers last.
      model: task % 2 === 1 && i % 4 === 2 ? "other" : "m",
      role: i % 4 === 0 || i % 4 === 3 ? "judge" : "answer",
      started_at: new Date(Date.UTC(2026, 2, 2) + 60_000 * minute).toISOString().slice(0, 23),
    };
  });
  for (const [credit, minutes] of [
    ["first", 0],
    ["last", 120],
  ] as const)
    test(credit, () =>
      withCalls(calls, async (store) => {
        const selection = await select(store, everything, { population: "tasks", hours: true, credit });
        try {
          assert.ok(selection.hours);
          await taskTables(selection);
          const found = await rowsOf<{ task: string; hour: number; mixed: boolean }>(
            selection.connection,
            `select task_id as task, hour_unit as hour, mixed from task_costs join (select distinct task_id from calls) on hash(task_id) = task`,
          );
          assert.equal(found.length, 200);
          assert.equal(found.filter(({ mixed }) => mixed).length, 100);
          for (const { task, hour } of found) {
            const start = Date.UTC(2026, 2, 2) / 60_000 + 90 * Number(task.slice(1)) + minutes;
            assert.equal(hour, Math.floor(start / 60), task);
          }
        } finally {
          selection.close();
        }
      }),
    );
});
