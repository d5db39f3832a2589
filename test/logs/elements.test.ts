import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { thorough } from "../property";
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
  thorough("an element that cannot be read is a reject; the record and its other elements are taken", () =>
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
        "2: scores.value must be a finite number from -1,000,000,000,000 to 1,000,000,000,000, which element.value does not give in some elements of the list; the others are kept",
      ]);
      assert.deepEqual(await rows("select subject_id as id, name, value from scores order by id, name"), [
        { id: "a", name: "good", value: 1 },
        { id: "b", name: "empty", value: null },
        { id: "b", name: "good", value: 0.5 },
        { id: "b", name: "none", value: null },
        { id: "b", name: "yes", value: 1 },
      ]);
    }),
  );

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
      const strict = await read("boards.json", JSON.stringify(board("x7")), { strict: true });
      assert.equal(strict.status, "failed");
      assert.match(
        strict.reason ?? "",
        /strict rejects the whole file.*benchmarks.score must be a finite number/,
      );
      await read("boards.json", JSON.stringify(board("x7")));
      assert.deepEqual(await rows("select model, score from benchmarks"), [{ model: "m", score: 40.5 }]);
      assert.equal((await rejects()).length, 1);
    }));

  thorough("a list that is none is told, and the rest of its record is taken", () =>
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
    }),
  );

  thorough(
    "what an evaluation's requests and a price list's models say wrongly is told, by the fields that say it",
    () =>
      workbench(async ({ read, rows }) => {
        const request = (input: unknown) => ({
          event: "model",
          timestamp: "2026-01-01T00:00:00Z",
          model: "openai/gpt-4o",
          output: { usage: { input_tokens: input, output_tokens: 5, total_tokens: 15 }, time: 0.5 },
        });
        const log = {
          version: 2,
          status: "success",
          eval: { task: "t", model: "openai/gpt-4o", run_id: "r" },
          plan: {},
          samples: [
            { id: 1, epoch: 1, scores: { match: { value: "C" } }, events: [request(10), request("many")] },
          ],
        };
        const evaluation = await read("log.json", JSON.stringify(log));
        assert.deepEqual([evaluation.format, evaluation.calls, evaluation.rejected], ["inspect", 2, 0]);
        const [emptied] = evaluation.emptied ?? [];
        assert.deepEqual([emptied.column, emptied.rows, emptied.models[0].rows], ["input_tokens", 1, 1]);
        assert.match(
          emptied.first,
          /calls\.input_tokens must be a whole number: not computable from output\.usage\.input_tokens/,
        );
        assert.doesNotMatch(emptied.first, /cast|json_extract/);
        const calls = await rows("select input_tokens, output_tokens, emptied from calls order by emptied");
        assert.deepEqual(calls, [
          { input_tokens: null, output_tokens: 5, emptied: "input_tokens" },
          { input_tokens: 10, output_tokens: 5, emptied: null },
        ]);
        const model = (input: unknown, output: unknown) => ({
          litellm_provider: "openai",
          mode: "chat",
          input_cost_per_token: input,
          output_cost_per_token: output,
        });
        const map = { a: model(1e-6, "free"), b: model("cheap", 1e-6), c: model("1e-6", 2e-6) };
        const prices = await read("map.json", JSON.stringify(map));
        assert.deepEqual([prices.format, prices.rejected], ["litellm-prices", 1]);
        assert.deepEqual(await rows("select model, input, output from prices"), [
          { model: "c", input: 1e-6, output: 2e-6 },
        ]);
      }),
  );
});
