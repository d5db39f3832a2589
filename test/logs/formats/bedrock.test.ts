import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import { thorough } from "../../property";
import * as f from "./fixtures/bedrock";
import { filled, pick, read, readFiles, textOf } from "./read";

describe("bedrock", () => {
  test("cached tokens and the reason to stop are found where a provider's own answer has them", async () => {
    const { calls } = await read([f.invoked]);
    for (const call of calls)
      assert.deepEqual(pick(call, "input_tokens", "cache_read_input_tokens", "finish_reason"), {
        input_tokens: 1320,
        cache_read_input_tokens: 1000,
        finish_reason: "length",
      });
    assert.equal(calls.length, 2);
  });

  thorough(
    "an invocation fills every column; cached tokens are beside the input, latency is milliseconds",
    async () => {
      const { calls } = await read([f.full]);
      const { started_at, output_hash, prompt_id, prompt_template, ...rest } = filled(calls[0]);
      assert.deepEqual(started_at, new Date("2025-03-11T00:38:02Z"));
      assert.ok(output_hash && prompt_id && prompt_template);
      assert.deepEqual(rest, {
        call_id: "req-1",
        task_id: "task-1",
        conversation_id: "session-1",
        user_id: "ann",
        workload: "support",
        environment: "production",
        operation: "chat",
        role: "answer",
        request_model: "anthropic.claude-3-5-sonnet-20241022-v2:0",
        provider: "aws.bedrock",
        region: "us-west-2",
        duration: 1.5,
        input_tokens: 1320,
        cache_read_input_tokens: 1000,
        cache_creation_input_tokens: 300,
        output_tokens: 80,
        status: "ok",
        finish_reason: "stop",
        stream: false,
        output_length: 5,
        json_valid: false,
      });
    },
  );

  test("a stream's figures stand in its last event", async () => {
    const { calls } = await read([f.full]);
    assert.deepEqual(pick(calls[1], "duration", "time_to_first_token", "stream", "output_tokens"), {
      duration: 2.5,
      time_to_first_token: 0.7,
      stream: true,
      output_tokens: 80,
    });
    assert.deepEqual(pick(calls[2], "status", "error_type"), {
      status: "rate_limited",
      error_type: "ThrottlingException",
    });
  });

  thorough("a folder of gzip files is read without its data folder, which holds bodies", async () => {
    const root = mkdtempSync(join(tmpdir(), "fieldnotes-test-"));
    try {
      const folder = join(root, "AWSLogs", "123", "BedrockModelInvocationLogs", "us-east-1", "2025", "03");
      mkdirSync(join(folder, "data"), { recursive: true });
      writeFileSync(join(folder, "a.json.gz"), gzipSync(textOf({ file: "a.jsonl", content: [f.converse] })));
      writeFileSync(join(folder, "data", "b.json.gz"), gzipSync('{"body": "large"}'));
      const { files, calls } = await readFiles([root]);
      assert.deepEqual(
        files.map(({ status }) => status),
        ["ingested"],
      );
      assert.equal(calls.length, 1);
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  });
});
