import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as f from "./fixtures/servingBenchmark";
import { pick, read } from "./read";

describe("serving-benchmark", () => {
  test("per-request times are seconds; a failed request has no time, where the file writes 0", async () => {
    const { calls } = await read([f.full]);
    assert.deepEqual(
      calls.map((row) =>
        pick(row, "status", "duration", "time_to_first_token", "input_tokens", "output_tokens"),
      ),
      [
        {
          status: "ok",
          duration: 0.1 + (0.02 + 0.03),
          time_to_first_token: 0.1,
          input_tokens: 100,
          output_tokens: 3,
        },
        { status: "ok", duration: 0.25, time_to_first_token: 0.2, input_tokens: 200, output_tokens: 2 },
        { status: "timeout", duration: null, time_to_first_token: null, input_tokens: 300, output_tokens: 0 },
      ],
    );
    assert.deepEqual(pick(calls[0], "request_model", "provider", "environment"), {
      request_model: "meta-llama/Llama-3.1-8B-Instruct",
      provider: "vllm",
      environment: "load test",
    });
  });

  test("a rate that is Infinity stops nothing, and of a trace the last line names the error", async () => {
    const { calls } = await read([f.endless]);
    assert.deepEqual(pick(calls[2], "status", "error_type", "json_valid"), {
      status: "timeout",
      error_type: "asyncio.exceptions.TimeoutError",
      json_valid: null,
    });
  });

  test("aggregates alone hold no request, and the reason says how to save them", async () => {
    const { files } = await read([f.aggregates]);
    assert.equal(files[0].status, "failed");
    assert.match(files[0].reason ?? "", /--save-detailed/);
  });
});
