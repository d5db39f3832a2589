import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { thorough } from "../../property";
import * as f from "./fixtures/helicone";
import { filled, pick, read } from "./read";

describe("helicone", () => {
  thorough(
    "an answer from the gateway's cache costs nothing, and a mark of Helicone's own is no HTTP status",
    async () => {
      const { calls } = await read([f.fromCache]);
      assert.deepEqual(
        calls.map((row) => pick(row, "cache_hit", "cost", "status", "error_type")),
        [
          { cache_hit: false, cost: 0.0025, status: "ok", error_type: null },
          { cache_hit: true, cost: 0, status: "ok", error_type: null },
          { cache_hit: null, cost: 0.0025, status: "cancelled", error_type: null },
        ],
      );
    },
  );

  test("a request fills every column; delays are milliseconds", async () => {
    const { calls } = await read([f.full]);
    const { started_at, output_hash, prompt_id, prompt_template, ...rest } = filled(calls[0]);
    assert.ok(started_at && output_hash && prompt_id && prompt_template);
    assert.deepEqual(rest, {
      call_id: "req-1",
      task_id: "session-1",
      conversation_id: "session-1",
      user_id: "ann",
      workload: "support",
      environment: "production",
      operation: "chat",
      role: "answer",
      request_model: "claude-3-5-sonnet-latest",
      response_model: "claude-3-5-sonnet-20241022",
      provider: "anthropic",
      duration: 1.5,
      time_to_first_token: 0.4,
      input_tokens: 300,
      cache_read_input_tokens: 100,
      cache_creation_input_tokens: 50,
      output_tokens: 60,
      reasoning_output_tokens: 8,
      cost: 0.0025,
      cost_source: "log",
      status: "ok",
      http_status: 200,
      finish_reason: "stop",
      stream: true,
      output_length: 5,
      json_valid: false,
    });
  });

  test("cost is billionths of a dollar where costUSD is missing", async () => {
    const { costUSD: _, ...request } = f.request;
    const { calls } = await read([{ file: "a.jsonl", content: [request] }]);
    assert.equal(calls[0].cost, 0.0025);
  });

  thorough("feedback and scores are scores", async () => {
    const { scores } = await read([f.full]);
    assert.deepEqual(
      scores.map((row) => pick(row, "name", "value", "rater")),
      [
        { name: "feedback", value: 1, rater: "user" },
        { name: "tone", value: 4, rater: null },
      ],
    );
  });

  thorough("the CSV has an empty latency column: no duration, and the result says so", async () => {
    const { calls, files } = await read([f.csv]);
    assert.deepEqual(pick(calls[0], "duration", "cost", "input_tokens"), {
      duration: null,
      cost: 0.0025,
      input_tokens: 300,
    });
    assert.match(files[0].reason ?? "", /latency column is empty: export JSONL/);
  });
});
