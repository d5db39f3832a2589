import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { thorough } from "../../property";
import * as f from "./fixtures/gemini";
import { pick, read } from "./read";

describe("gemini", () => {
  thorough("a prompt that was blocked wrote nothing, where the answer leaves out a count of 0", async () => {
    const { calls } = await read([f.blocked]);
    assert.deepEqual(pick(calls[0], "input_tokens", "output_tokens", "finish_reason"), {
      input_tokens: 5,
      output_tokens: 0,
      finish_reason: "content_filter",
    });
  });

  thorough(
    "cached tokens are inside the prompt's, thinking is beside the candidates', tools are beside both",
    async () => {
      const { calls } = await read([f.full]);
      assert.deepEqual(
        pick(
          calls[0],
          "call_id",
          "response_model",
          "input_tokens",
          "cache_read_input_tokens",
          "output_tokens",
          "reasoning_output_tokens",
          "finish_reason",
        ),
        {
          call_id: "r-1",
          response_model: "gemini-2.5-flash",
          input_tokens: 105,
          cache_read_input_tokens: 40,
          output_tokens: 50,
          reasoning_output_tokens: 30,
          finish_reason: "stop",
        },
      );
      assert.deepEqual(calls[0].started_at, new Date("2025-06-01T10:00:00.500Z"));
    },
  );

  test("a batch's lines are calls, failed ones too", async () => {
    const { calls } = await read([f.batches]);
    assert.deepEqual(
      calls.map((row) => [row.task_id, row.status]),
      [
        ["item-1", "ok"],
        ["item-2", "timeout"],
      ],
    );
  });
});
