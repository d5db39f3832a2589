import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as f from "./fixtures/llmperf";
import { pick, read } from "./read";

describe("llmperf", () => {
  test("times are seconds; a failed request's 0 is no time, while the seconds until it failed are", async () => {
    const { calls } = await read([f.full]);
    const columns = [
      "status",
      "http_status",
      "error_type",
      "duration",
      "time_to_first_token",
      "output_tokens",
    ];
    assert.deepEqual(
      calls.map((row) => Object.values(pick(row, ...columns))),
      [
        ["ok", null, null, 2.3, 0.3, 100],
        ["rate_limited", 429, "slow down", null, null, 0],
        ["timeout", 504, "504", 60, null, 0],
      ],
    );
  });
});
