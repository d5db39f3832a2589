import assert from "node:assert/strict";
import { describe } from "node:test";
import { thorough } from "../../property";
import * as f from "./fixtures/litellm";
import { filled, pick, read } from "./read";

describe("litellm", () => {
  thorough(
    "a first token that nobody saw has no time, and what the gateway tags itself is no workload",
    async () => {
      const { calls } = await read([f.unseen]);
      assert.deepEqual(
        calls.map((row) => pick(row, "time_to_first_token", "stream", "workload")),
        [
          { time_to_first_token: null, stream: true, workload: "support" },
          { time_to_first_token: 0.5, stream: true, workload: null },
        ],
      );
    },
  );

  thorough(
    "a payload fills every column; response_time, the time to first token, is not its duration",
    async () => {
      const { calls } = await read([f.full]);
      const { started_at, output_hash, prompt_id, prompt_template, ...rest } = filled(calls[0]);
      assert.deepEqual(started_at, new Date(1737710406500));
      assert.ok(output_hash && prompt_id && prompt_template);
      assert.deepEqual(rest, {
        call_id: "call-1",
        task_id: "trace-1",
        attempt: 2,
        conversation_id: "session-1",
        user_id: "ann",
        workload: "support-key",
        environment: "production",
        operation: "chat",
        role: "answer",
        request_model: "fast",
        response_model: "gpt-4o-2024-08-06",
        provider: "openai",
        duration: 2.5,
        time_to_first_token: 0.5,
        input_tokens: 200,
        cache_read_input_tokens: 120,
        cache_creation_input_tokens: 10,
        output_tokens: 50,
        reasoning_output_tokens: 20,
        cost: 0.0012,
        cost_source: "log",
        status: "ok",
        finish_reason: "stop",
        cache_hit: false,
        stream: true,
        output_length: 5,
        json_valid: false,
      });
    },
  );

  thorough("a failure has its kind, and its cost of 0 is 0", async () => {
    const { calls } = await read([f.full]);
    assert.deepEqual(pick(calls[1], "status", "http_status", "error_type", "cost"), {
      status: "rate_limited",
      http_status: 429,
      error_type: "RateLimitError",
      cost: 0,
    });
  });

  thorough(
    "spend logs: texts of a database, times without a zone, and no first token where nothing was streamed",
    async () => {
      const { calls } = await read([f.spends]);
      assert.deepEqual(calls[0].started_at, new Date("2025-01-24T09:20:06.500Z"));
      assert.deepEqual(
        pick(
          calls[0],
          "duration",
          "time_to_first_token",
          "cost",
          "cache_read_input_tokens",
          "cache_hit",
          "prompt_id",
        ),
        {
          duration: 2.5,
          time_to_first_token: null,
          cost: 0.0012,
          cache_read_input_tokens: 120,
          cache_hit: null,
          prompt_id: null,
        },
      );
    },
  );
});
