import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { calls as callsOf } from "../../../src/measures/calls";
import { trajectories } from "../../../src/measures/service/trajectories";
import { trajectoriesTools } from "../../../src/measures/service/trajectoryTools";
import { run } from "../../../src/store/run";
import { thorough } from "../../property";
import { type Step, withTasks } from "./agents";

const by = { by: "model" };
const call = (cost: number | null = 1, status = "ok"): Step => ({ cost, status });
const use = (tool: string, given?: string, status = "ok"): Step => ({ tool, with: given, status });

describe("trajectories", () => {
  test("count the steps of a task, its failures, what it repeats and what it spends after its first failure", () =>
    withTasks(
      [
        { steps: [call(1), use("search", "a"), call(2), use("search", "b"), call(4)], resolved: true },
        {
          steps: [
            ...[call(1), use("search", "a", "error"), call(2), use("search", "a"), call(4)],
            ...[use("book", "x"), use("search", "a"), { cost: 8, role: "judge" }],
          ],
          resolved: false,
        },
        { steps: [call(1, "timeout"), call(16)], resolved: null },
      ],
      async (store) => {
        const { rows, notes } = await trajectories(store, by);
        const told = rows.map((row) => ({
          outcome: row.outcome,
          steps: row.steps.value,
          uses: row.tool_uses.value,
          failure: row.with_failure.value,
          repeated: row.repeated.value,
          loops: row.loops.value,
          cost: row.cost_per_task.value,
          later: row.cost_after_failure.value,
          share: row.share_after_failure.value,
        }));
        const unknown = { repeated: Number.NaN, loops: Number.NaN };
        const first = { failure: 0, repeated: 0, loops: 0, cost: 7, later: Number.NaN, share: 0 };
        assert.deepEqual(told, [
          { outcome: "resolved", steps: 5, uses: 2, ...first },
          {
            ...{ outcome: "not resolved", steps: 7, uses: 4, failure: 1, repeated: 0.5, loops: 1 },
            ...{ cost: 15, later: 14, share: 14 / 15 },
          },
          {
            ...{ outcome: "not known", steps: 2, uses: 0, failure: 1, ...unknown },
            ...{ cost: 17, later: 16, share: 16 / 17 },
          },
        ]);
        assert.match(notes.join(" "), /A loop is 3 or more uses of one tool with the same arguments/);
        const often = await trajectories(store, { ...by, loop: 4 });
        assert.equal(often.rows[1].loops.value, 0);
      },
    ));

  thorough("have their tools: how often each fails, and what comes of trying again", () =>
    withTasks(
      [
        { steps: [call(), use("search", "a", "error"), use("search", "b"), use("book", "x", "error")] },
        { steps: [call(), use("search", "a", "error"), use("book", "x"), use("search", "a", "error")] },
        { steps: [call(), use("look")], resolved: true },
      ],
      async (store) => {
        const { rows } = await trajectoriesTools(store, by);
        const told = rows.map((row) => [
          ...[row.tool, row.uses, row.tasks, row.share.value, row.error_rate.value],
          ...[row.retried.value, row.retry_ok.value, row.repeated.value, row.resolve_rate.value],
        ]);
        assert.deepEqual(told, [
          ["search", 4, 2, 4 / 7, 3 / 4, 2 / 3, 1 / 2, 1 / 4, Number.NaN],
          ["book", 2, 2, 2 / 7, 1 / 2, 0, Number.NaN, 0, Number.NaN],
          ["look", 1, 1, 1 / 7, 0, Number.NaN, Number.NaN, Number.NaN, 1],
        ]);
        const behind = await callsOf(store, { row: rows[0] });
        assert.deepEqual([behind.n, behind.total], [2, 4]);
      },
    ),
  );

  test("have the resolve rate of a tool bounded by the outcomes that are not known", () =>
    withTasks(
      [true, true, false, null].map((resolved) => ({ steps: [call(1), use("search", "a")], resolved })),
      async (store) => {
        const [{ resolve_rate: rate }] = (await trajectoriesTools(store, by)).rows;
        assert.equal(rate.value, 2 / 3);
        assert.deepEqual(rate.worst_case?.values, [0.5, 0.75]);
      },
    ));
  test("take a use that is told within another of the same tool for one, and strange uses for none", () =>
    withTasks([{ steps: [call(), use("search", "a"), use("book")] }], async (store) => {
      await run(
        store.connection,
        `insert into spans (span_id, parent_id, task_id, tool) values
           ('inner', 's0.1', 't0', 'search'), ('other', 's0.1', 't0', 'book'), ('away', null, 't9', 'search')`,
      );
      const { rows, notes } = await trajectoriesTools(store, by);
      assert.deepEqual(
        rows.map(({ tool, uses }) => [tool, uses]),
        [
          ["book", 2],
          ["search", 1],
        ],
      );
      assert.match(notes.join(" "), /1 of 5 uses of tools belong to no task/);
    }));

  test("say what is not known: no tools, no order, no cost", () =>
    withTasks([{ steps: [call(1, "error"), call()] }, { steps: [call(null)] }], async (store) => {
      const none = await trajectories(store, by);
      assert.match(none.rows[0].tool_uses.note ?? "", /the log has no tool use/);
      assert.match(none.rows[0].share_after_failure.note ?? "", /1 of 3 calls have no known cost/);
      assert.match(none.rows[0].cost_per_task.note ?? "", /at least this/);
      assert.match(none.notes.join(" "), /steps are calls only/);
      await run(
        store.connection,
        "insert into spans (span_id, task_id, tool, status) values ('x', 't0', 'search', 'error')",
      );
      const { rows, notes } = await trajectories(store, by);
      assert.deepEqual([rows[0].steps.value, rows[0].cost_after_failure.n], [2, 0]);
      assert.match(notes.join(" "), /In 1 of 1 tasks with a failed step some step has no time/);
      await assert.rejects(trajectories(store, { loop: 1 }), /loop/);
    }));

  test("of a store that was read before tools were kept, and is open for reading alone, are calls alone", () =>
    withTasks([{ steps: [call(), call()] }], async (store) => {
      await run(
        store.connection,
        "alter table spans drop column tool; alter table spans drop column arguments_hash",
      );
      const { rows, notes } = await trajectories(store, by);
      assert.equal(rows[0].steps.value, 2);
      assert.match(notes.join(" "), /read before uses of tools were kept: ingest its logs again/);
      assert.deepEqual((await trajectoriesTools(store, by)).rows, []);
    }));
});
