import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { jsonl, workbench } from "./workbench";

const run = (id: string, stats: object) => ({
  id,
  trace_id: id,
  run_type: "llm",
  start_time: "2026-03-02T10:00:00",
  end_time: "2026-03-02T10:00:01",
  extra: {},
  feedback_stats: stats,
});

describe("lists inside a record", () => {
  test("an element that cannot be read is a reject; the record and its other elements are taken", () =>
    workbench(async ({ read, rows, rejects }) => {
      const content = jsonl(
        run("a", { good: { avg: 1 } }),
        run("b", {
          good: { avg: 0.5 },
          bad: { avg: "plenty" },
          none: { avg: null },
          empty: { avg: "" },
          yes: { avg: true },
        }),
      );
      const file = await read("runs.jsonl", content);
      assert.equal(file.calls, 2);
      assert.equal(file.rejected, 1);
      assert.deepEqual(await rejects(), [
        "2: scores.value must be a finite number: element.value gives none in some of the record's list; the others are taken",
      ]);
      assert.deepEqual(await rows("select subject_id as id, name, value from scores order by id, name"), [
        { id: "a", name: "good", value: 1 },
        { id: "b", name: "empty", value: null },
        { id: "b", name: "good", value: 0.5 },
        { id: "b", name: "none", value: null },
        { id: "b", name: "yes", value: 1 },
      ]);
    }));

  test("a leaderboard's damaged score is told, and strict takes no such file", () =>
    workbench(async ({ read, rows, rejects }) => {
      const board = (resolved: unknown) => ({
        leaderboards: [
          {
            name: "Lite",
            results: [
              { name: "m", resolved: 40.5, date: "2026-01-02" },
              { name: "n", resolved },
            ],
          },
        ],
      });
      const strict = await read("boards.json", JSON.stringify(board("n/a")), { strict: true });
      assert.equal(strict.status, "failed");
      assert.match(strict.reason ?? "", /strict takes none.*benchmarks.score must be a finite number/);
      await read("boards.json", JSON.stringify(board("n/a")));
      assert.deepEqual(await rows("select model, score from benchmarks"), [{ model: "m", score: 40.5 }]);
      assert.equal((await rejects()).length, 1);
    }));

  test("a list that is none is told, and the rest of its record is taken", () =>
    workbench(async ({ read, rows, rejects }) => {
      const record = {
        task_id: 1,
        reward: 1,
        trial: 0,
        info: {},
        traj: [{ role: "assistant", content: "a" }],
      };
      const file = await read("runs.jsonl", jsonl(record, { ...record, trial: 1, traj: "nothing" }));
      assert.equal(file.tasks, 2);
      assert.equal((await rows("select * from calls")).length, 1);
      assert.match((await rejects())[0], /^2: the list of calls cannot be read/);
    }));
});
