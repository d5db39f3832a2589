import assert from "node:assert/strict";
import { describe } from "node:test";
import { thorough } from "../../property";
import * as f from "./fixtures/phoenix";
import { filled, pick, read, readAsParquet } from "./read";

describe("phoenix", () => {
  thorough("an LLM span fills every column; a chain's roll-up is no call; an offset is kept", async () => {
    const { calls, spans } = await read([f.full]);
    assert.equal(calls.length, 1);
    const { started_at, output_hash, prompt_id, prompt_template, ...rest } = filled(calls[0]);
    assert.deepEqual(started_at, new Date("2025-01-24T08:00:00.250Z"));
    assert.ok(output_hash && prompt_id && prompt_template);
    assert.deepEqual(rest, {
      call_id: "ab01:cd02",
      task_id: "ab01",
      conversation_id: "session-1",
      user_id: "ann",
      workload: "support",
      environment: "production",
      operation: "chat",
      role: "answer",
      prompt_version: "3",
      request_model: "gpt-4o",
      response_model: "gpt-4o-2024-08-06",
      provider: "openai",
      duration: 2.5,
      input_tokens: 100,
      cache_read_input_tokens: 40,
      cache_creation_input_tokens: 5,
      output_tokens: 20,
      reasoning_output_tokens: 7,
      cost: 0.0005,
      cost_source: "log",
      status: "ok",
      finish_reason: "stop",
      stream: true,
      output_length: 5,
      json_valid: false,
    });
    assert.equal(spans.length, 2);
  });

  thorough("the API's page and the Parquet of a trace dataset give the same", async () => {
    const columns = ["call_id", "duration", "input_tokens", "cost", "model", "user_id"];
    const lines = await read([f.full]);
    for (const other of [await read([f.listed]), await readAsParquet([f.table])]) {
      assert.deepEqual(pick(other.calls[0], ...columns), pick(lines.calls[0], ...columns));
    }
  });
});
