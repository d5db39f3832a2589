import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as f from "./fixtures/anthropic";
import { pick, read } from "./read";

describe("anthropic", () => {
  test("input_tokens leaves out what was read from the cache and written to it: both are added", async () => {
    const { calls } = await read([f.full]);
    assert.deepEqual(
      pick(
        calls[0],
        "call_id",
        "response_model",
        "provider",
        "input_tokens",
        "cache_read_input_tokens",
        "cache_creation_input_tokens",
        "output_tokens",
        "reasoning_output_tokens",
        "finish_reason",
        "output_length",
        "duration",
      ),
      {
        call_id: "msg_1",
        response_model: "claude-sonnet-4-20250514",
        provider: "anthropic",
        input_tokens: 1320,
        cache_read_input_tokens: 1000,
        cache_creation_input_tokens: 300,
        output_tokens: 80,
        reasoning_output_tokens: 30,
        finish_reason: "stop",
        output_length: 5,
        duration: null,
      },
    );
  });

  test("a batch's results are succeeded, errored, cancelled or expired", async () => {
    const { calls } = await read([f.batches]);
    assert.deepEqual(
      calls.map((row) => [row.task_id, row.status, row.error_type]),
      [
        ["item-1", "ok", null],
        ["item-2", "rate_limited", "rate_limit_error"],
        ["item-3", "cancelled", "canceled"],
        ["item-4", "timeout", "expired"],
      ],
    );
  });
});
