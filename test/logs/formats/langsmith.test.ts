import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { thorough } from "../../property";
import * as f from "./fixtures/langsmith";
import { filled, pick, read, readAsParquet } from "./read";

describe("langsmith", () => {
  thorough(
    "what a run does not tell of its tokens is read from the message, and an error by its first line",
    async () => {
      for (const { calls } of [
        await read([f.inMessage]),
        await readAsParquet(f.inMessage.content as unknown[]),
      ]) {
        assert.deepEqual(
          pick(calls[0], "cache_read_input_tokens", "cache_creation_input_tokens", "reasoning_output_tokens"),
          { cache_read_input_tokens: 150, cache_creation_input_tokens: 20, reasoning_output_tokens: 12 },
        );
        assert.equal(calls[0].response_model, "gpt-4o-2024-08-06");
        assert.equal(calls[1].error_type, "RateLimitError");
      }
    },
  );

  thorough("an llm run fills every column; chains carry roll-ups and are no calls", async () => {
    const { calls, tasks, spans } = await read([f.full]);
    assert.equal(calls.length, 1);
    const { started_at, output_hash, prompt_id, prompt_template, output_length, ...rest } = filled(calls[0]);
    assert.deepEqual(started_at, new Date("2024-04-29T00:49:12.100Z"));
    assert.ok(output_hash && prompt_id && prompt_template && output_length);
    assert.deepEqual(rest, {
      call_id: "run-2",
      task_id: "run-1",
      conversation_id: "thread-1",
      user_id: "ann",
      workload: "support",
      environment: "production",
      release: "v7",
      operation: "chat",
      role: "answer",
      request_model: "gpt-4o",
      response_model: "gpt-4o-2024-08-06",
      provider: "openai",
      duration: 2.5,
      time_to_first_token: 0.5,
      input_tokens: 200,
      cache_read_input_tokens: 150,
      cache_creation_input_tokens: 20,
      output_tokens: 30,
      reasoning_output_tokens: 12,
      cost: 0.0005,
      cost_source: "log",
      status: "ok",
      finish_reason: "stop",
      stream: true,
      json_valid: false,
    });
    assert.deepEqual(pick(tasks[0], "task_id", "user_id"), { task_id: "run-1", user_id: "ann" });
    assert.deepEqual(
      spans.map((row) => row.duration),
      [3, 2.5],
    );
  });

  thorough(
    "first_token_time is a moment and costs are decimal texts: both come out as seconds and dollars",
    async () => {
      const { calls } = await read([f.full]);
      assert.deepEqual(pick(calls[0], "time_to_first_token", "cost"), {
        time_to_first_token: 0.5,
        cost: 0.0005,
      });
    },
  );

  thorough("session_id is the project and no conversation", async () => {
    const { calls } = await read([f.full]);
    assert.equal(calls[0].conversation_id, "thread-1");
  });

  test("a run that is pending has no status and no duration", async () => {
    const { calls } = await read([f.least]);
    assert.deepEqual(pick(calls[0], "status", "duration"), { status: null, duration: null });
  });

  thorough("feedback comes from the runs' statistics and from feedback rows", async () => {
    const { scores } = await read([f.full, f.feedback]);
    assert.deepEqual(
      scores.map((row) => pick(row, "subject_id", "name", "value", "rater")),
      [
        { subject_id: "run-2", name: "correct", value: 1, rater: null },
        { subject_id: "run-2", name: "helpful", value: 0.5, rater: null },
        { subject_id: "run-2", name: "correct", value: 1, rater: "judge" },
      ],
    );
  });

  thorough(
    "feedback on two runs that were compared is a preference between their models, and no score",
    async () => {
      for (const files of [
        [f.compared, f.pairwise],
        [f.pairwise, f.compared],
      ]) {
        const { preferences, scores, sides } = await read(files);
        assert.deepEqual([scores.length, sides.length], [0, 2]);
        assert.deepEqual(
          preferences.map((row) =>
            pick(row, "comparison_id", "prompt_id", "model_a", "model_b", "preferred", "rater", "rater_id"),
          ),
          [
            {
              comparison_id: "group-1",
              prompt_id: "example-1",
              model_a: "quarry-2",
              model_b: "basalt-mini",
              preferred: 0,
              rater: "judge",
              rater_id: "better",
            },
          ],
        );
      }
    },
  );

  thorough("a list of the API and a Parquet of the bulk export give the same calls", async () => {
    const lines = await read([f.full]);
    const columns = ["duration", "input_tokens", "cost", "request_model", "user_id"];
    for (const other of [await read([f.listed]), await readAsParquet(f.full.content as unknown[])]) {
      assert.deepEqual(pick(other.calls[0], ...columns), pick(lines.calls[0], ...columns));
    }
  });
});
