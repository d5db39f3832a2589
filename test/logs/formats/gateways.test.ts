import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { thorough } from "../../property";
import * as cloudflare from "./fixtures/cloudflare";
import * as openrouter from "./fixtures/openrouter";
import * as portkey from "./fixtures/portkey";
import { filled, pick, read } from "./read";

describe("openrouter", () => {
  test("milliseconds, native tokens, and the provider that answered after others", async () => {
    const { calls } = await read([openrouter.full]);
    const { started_at, ...rest } = filled(calls[0]);
    assert.ok(started_at);
    assert.deepEqual(rest, {
      call_id: "gen-1",
      task_id: "session-1",
      attempt: 2,
      conversation_id: "session-1",
      user_id: "ann",
      workload: "support",
      operation: "chat",
      request_model: "anthropic/claude-3.5-sonnet",
      response_model: "anthropic/claude-3-5-sonnet-20241022",
      provider: "anthropic",
      duration: 2.5,
      input_tokens: 100,
      cache_read_input_tokens: 40,
      output_tokens: 25,
      reasoning_output_tokens: 5,
      cost: 0.0005,
      cost_source: "log",
      status: "ok",
      http_status: 200,
      finish_reason: "stop",
      stream: true,
    });
    const single = await read([openrouter.single]);
    assert.equal(single.calls[0].duration, 2.5);
  });

  test("a streamed answer lasts as long as its generation, and its latency ends with the first token", async () => {
    const { calls } = await read([openrouter.streamed]);
    assert.deepEqual(pick(calls[0], "duration", "time_to_first_token"), {
      duration: 2.4,
      time_to_first_token: 0.4,
    });
  });
});

describe("cloudflare", () => {
  test("a time is read with its zone, or without one as UTC, and what is none is shown", async () => {
    const times = ["2025-04-01 09:00:00", "2025-04-01T11:00:00+02:00", "2025-04-01T09:00:00z", "infinity"];
    const content = times.map((created_at, at) => ({ ...cloudflare.log, id: `${at}`, created_at }));
    const { calls, files } = await read([{ file: "times.jsonl", content }]);
    assert.deepEqual(
      calls.map(({ started_at }) => started_at),
      [...times.slice(1).map(() => new Date("2025-04-01T09:00:00Z")), null],
    );
    assert.match(files[0].emptied?.[0].first ?? "", /started_at must be a time.*created_at "infinity"/);
  });

  test("what Logpush writes, with its time in nanoseconds or as text", async () => {
    const { calls } = await read([cloudflare.pushed]);
    assert.deepEqual(
      calls.map((row) => pick(row, "started_at", "duration", "cost", "status", "request_model", "user_id")),
      [
        {
          started_at: new Date(1743498000123),
          duration: 1.25,
          cost: 0.0042,
          status: "ok",
          request_model: "our-router",
          user_id: "ann",
        },
        {
          started_at: new Date("2025-04-01T09:00:01Z"),
          duration: 0.012,
          cost: 0,
          status: "rate_limited",
          request_model: "gpt-4o-mini",
          user_id: null,
        },
      ],
    );
  });

  test("the second provider of a list is the second attempt", async () => {
    const { calls } = await read([cloudflare.second]);
    assert.equal(calls[0].attempt, 2);
  });

  thorough(
    "milliseconds, and a cost of 0 that is real for a cached answer and for a failed call",
    async () => {
      const { calls } = await read([cloudflare.full]);
      assert.deepEqual(
        calls.map((row) => pick(row, "duration", "cost", "cache_hit", "status")),
        [
          { duration: 1.25, cost: 0.000027, cache_hit: false, status: "ok" },
          { duration: 0.003, cost: 0, cache_hit: true, status: "ok" },
          { duration: 1.25, cost: 0, cache_hit: false, status: "rate_limited" },
        ],
      );
      assert.deepEqual(
        pick(calls[0], "user_id", "task_id", "conversation_id", "workload", "environment", "provider"),
        {
          user_id: "ann",
          task_id: "task-1",
          conversation_id: "session-1",
          workload: "support",
          environment: "production",
          provider: "openai",
        },
      );
      assert.equal((await read([cloudflare.listed])).calls.length, 1);
    },
  );
});

describe("portkey", () => {
  thorough(
    "columns as the support team exports them: retries, streams, and metadata as two lists",
    async () => {
      const { calls } = await read([portkey.columns]);
      assert.deepEqual(
        pick(
          calls[0],
          "attempt",
          "stream",
          "user_id",
          "workload",
          "prompt_version",
          "cost",
          "request_model",
          "task_id",
        ),
        {
          attempt: 3,
          stream: true,
          user_id: "ann",
          workload: "support",
          prompt_version: "v3",
          cost: 0.00045,
          request_model: "gpt-4o",
          task_id: "task-1",
        },
      );
      assert.deepEqual(pick(calls[1], "status", "http_status"), { status: "error", http_status: 500 });
    },
  );

  thorough("cached tokens that the units leave out are read from the answer", async () => {
    const { calls } = await read([portkey.uncounted]);
    assert.deepEqual(
      pick(calls[0], "input_tokens", "cache_read_input_tokens", "cache_creation_input_tokens"),
      { input_tokens: 552, cache_read_input_tokens: 500, cache_creation_input_tokens: 40 },
    );
  });

  thorough("milliseconds and US cents", async () => {
    const { calls } = await read([portkey.full]);
    const { started_at, output_hash, prompt_id, ...rest } = filled(calls[0]);
    assert.ok(started_at && output_hash && prompt_id);
    assert.deepEqual(rest, {
      call_id: "log-1",
      task_id: "task-1",
      conversation_id: "session-1",
      user_id: "ann",
      workload: "support",
      environment: "production",
      operation: "chat",
      role: "answer",
      prompt_template: "support-answer",
      request_model: "gpt-4o",
      response_model: "gpt-4o-2024-08-06",
      provider: "openai",
      duration: 1.25,
      cost: 0.00045,
      cost_source: "log",
      input_tokens: 100,
      cache_read_input_tokens: 40,
      output_tokens: 20,
      reasoning_output_tokens: 5,
      status: "ok",
      http_status: 200,
      finish_reason: "stop",
      cache_hit: false,
      stream: true,
      output_length: 5,
      json_valid: false,
    });
  });

  thorough("another currency or a 0 is no cost, and the bodies may stand one level down", async () => {
    const { request, response, ...rest } = portkey.log;
    const nested = { ...rest, id: "n", request: { body: request }, response: { body: response } };
    const { calls } = await read([
      {
        file: "more.jsonl",
        content: [
          { ...nested, cost_currency: "EUR" },
          { ...nested, id: "o", cost: 0 },
          { ...nested, id: "p", cost: 0, cache_status: "HIT" },
        ],
      },
    ]);
    assert.deepEqual(
      calls.map((row) => pick(row, "cost", "request_model", "finish_reason", "output_length")),
      [null, null, 0].map((cost) => ({
        cost,
        request_model: "gpt-4o",
        finish_reason: "stop",
        output_length: 5,
      })),
    );
  });
});
