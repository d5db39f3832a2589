import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { thorough } from "../../property";
import * as f from "./fixtures/langfuse";
import { filled, pick, read, readAsParquet } from "./read";

describe("langfuse", () => {
  thorough(
    "a generation fills every column that its table of fields has, and spans are no calls",
    async () => {
      const { calls, spans, files } = await read([f.full]);
      assert.equal(calls.length, 1);
      assert.equal(files[0].format, "langfuse");
      const { started_at, output_hash, prompt_id, prompt_template, ...rest } = filled(calls[0]);
      assert.deepEqual(started_at, new Date("2025-03-01T10:00:00.250Z"));
      assert.ok(typeof output_hash === "string" && prompt_id && prompt_template === "support");
      assert.deepEqual(rest, {
        call_id: "gen-1",
        task_id: "trace-1",
        conversation_id: "session-9",
        user_id: "ann",
        workload: "chat",
        environment: "production",
        operation: "chat",
        role: "answer",
        prompt_version: "3",
        release: "v7",
        request_model: "gpt-4o-2024-08-06",
        duration: 2.5,
        time_to_first_token: 0.5,
        input_tokens: 160,
        cache_read_input_tokens: 60,
        output_tokens: 50,
        reasoning_output_tokens: 10,
        cost: 0.001,
        cost_source: "log",
        status: "ok",
        stream: true,
        output_length: 18,
        json_valid: true,
      });
      assert.deepEqual(
        spans.map((row) => pick(row, "span_id", "parent_id", "call_id", "stage", "duration")),
        [
          { span_id: "span-1", parent_id: null, call_id: null, stage: "agent", duration: 3 },
          { span_id: "gen-1", parent_id: "span-1", call_id: "gen-1", stage: "answer", duration: 2.5 },
        ],
      );
    },
  );

  thorough(
    "a framework's events of a call's end are spans and no calls of their own; a call that says nothing is one",
    async () => {
      const { id, traceId, type, startTime, endTime } = f.generation;
      const event = { traceId, type, startTime, endTime, model: "m", parentObservationId: id, totalCost: 0 };
      const content = [
        { ...event, id: "start", name: "chat.start-1", input: "hello" },
        { ...event, id: "end", name: "chat.finish-1" },
        { ...event, id: "good", name: "chat.success-1" },
        { ...event, id: "bad", name: "chat.finish-2", level: "ERROR" },
        { ...event, id: "bare", name: "chat" },
      ];
      const { calls, spans } = await read([{ file: "events.jsonl", content }]);
      assert.deepEqual(calls.map((row) => row.call_id).sort(), ["bad", "bare", "start"]);
      assert.equal(spans.length, 5);
    },
  );

  thorough(
    "durations come from the timestamps, whether latency is in seconds or in milliseconds",
    async () => {
      const { calls } = await read([f.full, f.blob]);
      assert.deepEqual(
        calls.map((row) => [row.duration, row.time_to_first_token]),
        [[2.5, 0.5]],
      );
    },
  );

  thorough(
    "cached and reasoning tokens are counted once, whether they stand beside or inside input and output",
    async () => {
      const beside = await read([f.full]);
      const inside = await read([f.blob]);
      for (const { calls } of [beside, inside]) {
        assert.deepEqual(pick(calls[0], "input_tokens", "output_tokens", "cache_read_input_tokens"), {
          input_tokens: 160,
          output_tokens: 50,
          cache_read_input_tokens: 60,
        });
      }
    },
  );

  thorough("a time without a zone is UTC", async () => {
    const { calls } = await read([f.blob]);
    assert.deepEqual(calls[0].started_at, new Date("2025-03-01T10:00:00.250Z"));
  });

  thorough("the CSV of the UI carries objects as JSON text, and an error its kind", async () => {
    const { calls } = await read([f.csv]);
    assert.deepEqual(pick(calls[0], "input_tokens", "output_tokens", "cost", "status", "error_type"), {
      input_tokens: 100,
      output_tokens: 40,
      cost: 0.001,
      status: "timeout",
      error_type: "Request timed out",
    });
  });

  thorough("the Parquet of blob storage has maps and times of its own, and gives the same", async () => {
    const { calls } = await readAsParquet(f.blob.content as unknown[]);
    assert.deepEqual(pick(calls[0], "duration", "input_tokens", "cost", "user_id", "prompt_version"), {
      duration: 2.5,
      input_tokens: 160,
      cost: 0.001,
      user_id: "ann",
      prompt_version: "3",
    });
  });

  thorough(
    "a generation that was never closed has no duration and no outcome, and cost 0 without usage is not known",
    async () => {
      const { calls } = await read([f.least]);
      const { started_at, ...rest } = filled(calls[0]);
      assert.ok(started_at instanceof Date);
      assert.deepEqual(rest, {
        call_id: "g",
        task_id: "t",
        operation: "chat",
        role: "answer",
      });
    },
  );

  thorough("scores that the UI exports as columns beside an observation are of its call", async () => {
    const { scores } = await read([f.scored]);
    assert.deepEqual(
      scores.map((row) => pick(row, "subject", "subject_id", "name", "value", "label")),
      [
        { subject: "call", subject_id: "gen-1", name: "correct", value: 0.5, label: null },
        { subject: "call", subject_id: "gen-1", name: "tone", value: null, label: "kind" },
      ],
    );
  });

  thorough("a damaged value is left empty, a damaged line rejected, and the good ones stay", async () => {
    const { calls, rejects } = await read([f.broken]);
    assert.deepEqual(
      calls.map((row) => row.call_id),
      ["gen-1", "gen-2"],
    );
    assert.ok(calls[1].emptied);
    assert.deepEqual(
      rejects.map((row) => row.line),
      [3],
    );
  });

  thorough("a trace as the API tells it is the same as its download", async () => {
    const rows = async (fixture: typeof f.download) => {
      const { calls, tasks, scores, spans } = await read([fixture]);
      return { calls, tasks, scores, spans };
    };
    assert.deepEqual(await rows(f.fromApi), await rows(f.download));
    const { calls, tasks } = await rows(f.listedByApi);
    assert.deepEqual([calls.length, tasks.length], [0, 1]);
  });

  thorough("a downloaded trace gives its user to its calls, its scores and its task", async () => {
    const { calls, tasks, scores } = await read([f.download]);
    assert.deepEqual(pick(calls[0], "user_id", "conversation_id", "workload", "release"), {
      user_id: "ann",
      conversation_id: "session-9",
      workload: "chat",
      release: "v7",
    });
    assert.deepEqual(pick(tasks[0], "task_id", "user_id", "workload"), {
      task_id: "trace-1",
      user_id: "ann",
      workload: "chat",
    });
    const words = scores.map((row) => pick(row, "subject", "subject_id", "name", "value", "label", "rater"));
    // The value of a categorical score is a placeholder; its text is what counts.
    assert.deepEqual(words, [
      { subject: "task", subject_id: "trace-1", name: "correct", value: 1, label: null, rater: "human" },
      { subject: "call", subject_id: "gen-1", name: "tone", value: null, label: "friendly", rater: "judge" },
    ]);
  });

  test("trace rows fill tasks, and the score columns of the UI's export are scores", async () => {
    const { tasks, scores } = await read([f.traces]);
    assert.equal(tasks[0].user_id, "ann");
    assert.deepEqual(
      scores.map((row) => pick(row, "subject_id", "name", "value", "label")),
      [
        { subject_id: "trace-1", name: "correct", value: 0.95, label: null },
        { subject_id: "trace-1", name: "verdict", value: null, label: "yes" },
      ],
    );
  });

  test("score rows of blob storage are scores of their trace", async () => {
    const { scores } = await read([f.scores]);
    assert.deepEqual(pick(scores[0], "subject", "subject_id", "value", "label", "rater"), {
      subject: "task",
      subject_id: "trace-1",
      value: 1,
      label: "True",
      rater: "human",
    });
  });
});
