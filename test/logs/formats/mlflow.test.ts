import assert from "node:assert/strict";
import { describe } from "node:test";
import { thorough } from "../../property";
import * as f from "./fixtures/mlflow";
import { filled, pick, read } from "./read";

describe("mlflow", () => {
  thorough("tokens that an older span does not sum up are read from what the API answered", async () => {
    const { calls } = await read([f.unsummed]);
    assert.deepEqual(
      pick(calls[0], "input_tokens", "cache_read_input_tokens", "output_tokens", "reasoning_output_tokens"),
      { input_tokens: 120, cache_read_input_tokens: 64, output_tokens: 30, reasoning_output_tokens: 12 },
    );
  });

  thorough(
    "a model's span is the call, in nanoseconds; the trace's sum of tokens is not counted again",
    async () => {
      const { calls, spans, tasks, scores } = await read([f.full]);
      assert.equal(calls.length, 1);
      const { started_at, output_hash, output_length, ...rest } = filled(calls[0]);
      assert.deepEqual(started_at, new Date(1751364000500));
      assert.ok(output_hash && output_length);
      assert.deepEqual(rest, {
        call_id: "tr-1:s2",
        task_id: "tr-1",
        conversation_id: "session-1",
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
        input_tokens: 100,
        cache_read_input_tokens: 40,
        cache_creation_input_tokens: 5,
        output_tokens: 20,
        cost: 0.0005,
        cost_source: "log",
        status: "ok",
        finish_reason: "stop",
        json_valid: false,
      });
      assert.deepEqual(
        spans.map((row) => row.stage),
        ["agent", "chat"],
      );
      assert.equal(tasks[0].user_id, "ann");
      assert.deepEqual(pick(scores[0], "name", "value", "rater", "rater_id"), {
        name: "correct",
        value: 1,
        rater: "human",
        rater_id: "bob",
      });
    },
  );

  thorough("an older trace without its spans is one call, in milliseconds", async () => {
    const { calls } = await read([f.least]);
    assert.deepEqual(pick(calls[0], "call_id", "duration", "input_tokens"), {
      call_id: "tr-2",
      duration: 3.5,
      input_tokens: 100,
    });
  });
});
