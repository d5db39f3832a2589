import assert from "node:assert/strict";
import { describe } from "node:test";
import { thorough } from "../../property";
import * as f from "./fixtures/openai";
import { filled, pick, read } from "./read";

describe("openai", () => {
  thorough("answers of an empty id are calls of their own, and the older API completes text", async () => {
    const { calls } = await read([f.unnamed]);
    assert.deepEqual(
      calls.map((row) => [row.call_id, row.task_id, row.operation]),
      [
        ["1:1", null, "chat"],
        ["1:2", null, "text_completion"],
      ],
    );
  });

  thorough(
    "a completion fills what the API tells; cached and reasoning tokens are inside input and output",
    async () => {
      const { calls } = await read([f.full]);
      const { started_at, output_hash, ...rest } = filled(calls[0]);
      assert.deepEqual(started_at, new Date(1740000000000));
      assert.ok(output_hash);
      assert.deepEqual(rest, {
        call_id: "chatcmpl-1",
        task_id: "task-1",
        conversation_id: "session-1",
        user_id: "ann",
        workload: "support",
        environment: "production",
        operation: "chat",
        role: "answer",
        response_model: "gpt-4o-2024-08-06",
        input_tokens: 300,
        cache_read_input_tokens: 128,
        cache_creation_input_tokens: 10,
        output_tokens: 60,
        reasoning_output_tokens: 40,
        status: "ok",
        finish_reason: "stop",
        output_length: 5,
        json_valid: false,
      });
    },
  );

  thorough("a batch has no latency, and its failures have their kind", async () => {
    const { calls } = await read([f.batches]);
    assert.deepEqual(
      calls.map((row) => pick(row, "task_id", "status", "http_status", "duration", "input_tokens")),
      [
        { task_id: "item-1", status: "ok", http_status: 200, duration: null, input_tokens: 300 },
        { task_id: "item-2", status: "rate_limited", http_status: 429, duration: null, input_tokens: null },
        { task_id: "item-3", status: "error", http_status: null, duration: null, input_tokens: null },
      ],
    );
  });

  thorough("what came of a batch says so, since a batch has its own price", async () => {
    assert.deepEqual(
      new Set((await read([f.batches])).calls.map((row) => row.service_tier)),
      new Set(["batch"]),
    );
    assert.equal((await read([f.full])).calls[0].service_tier, null);
  });

  thorough("Groq tells its times in seconds, and the queue stands before them", async () => {
    const { calls } = await read([f.served]);
    assert.deepEqual(pick(calls[0], "provider", "duration", "time_to_first_token"), {
      provider: "groq",
      duration: 1,
      time_to_first_token: 0.3,
    });
  });

  thorough("OpenRouter's cost with a key of one's own has the provider's charge on top", async () => {
    const { calls } = await read([f.served]);
    assert.deepEqual(pick(calls[1], "provider", "cost"), { provider: "anthropic", cost: 0.0105 });
  });

  thorough(
    "a response has whole seconds, its own token names and the last message as its answer",
    async () => {
      const { calls } = await read([f.responses]);
      assert.deepEqual(
        pick(
          calls[0],
          "duration",
          "input_tokens",
          "cache_read_input_tokens",
          "reasoning_output_tokens",
          "output_length",
          "conversation_id",
        ),
        {
          duration: 3,
          input_tokens: 75,
          cache_read_input_tokens: 25,
          reasoning_output_tokens: 1024,
          output_length: 5,
          conversation_id: "conv-1",
        },
      );
    },
  );

  thorough("a list of stored completions is opened", async () => {
    const { calls } = await read([f.listed]);
    assert.deepEqual(
      calls.map((row) => row.call_id),
      ["chatcmpl-1", "chatcmpl-9"],
    );
  });
});

thorough(
  "an error without a model is a failed call where it says which or when, else a record of the kind error",
  async () => {
    const error = { message: "Rate limit reached", type: "requests", code: 429 };
    const answer = {
      id: "a",
      object: "chat.completion",
      created: 1767225600,
      model: "gpt-4o",
      choices: [],
      usage: {},
    };
    const content = [
      answer,
      { error },
      { id: "b", error },
      { created: 1767225601, error },
      { id: "c", error: null },
    ];
    const { calls, files } = await read([{ file: "log.jsonl", content }], { format: "openai" });
    assert.deepEqual(
      calls.map(({ status, response_model }) => [status, response_model]),
      [
        ["ok", "gpt-4o"],
        ["rate_limited", null],
        ["rate_limited", null],
      ],
    );
    assert.deepEqual(files[0].records, {
      read: 5,
      rows: 3,
      twice: 0,
      rejected: 0,
      nothing: { error: 1, other: 1 },
    });
  },
);
