import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { open } from "../../../src/store/open";
import { run } from "../../../src/store/run";
import { thorough } from "../../property";
import * as alpaca from "./fixtures/alpacaAnnotations";
import * as inspect from "./fixtures/inspect";
import * as lmEval from "./fixtures/lmEvalSamples";
import * as promptfoo from "./fixtures/promptfoo";
import * as tau2 from "./fixtures/tau2Bench";
import * as tau from "./fixtures/tauBench";
import { pick, read, readFiles } from "./read";
import { zip } from "./zip";

describe("tau-bench", () => {
  thorough("the model stands in the name that tau-bench gives its file", async () => {
    const file = "tool-calling-grok-3-0.0_range_0--1_user-gpt-4o-llm_0921131646.json";
    const { calls } = await read([{ ...tau.full, file }]);
    assert.deepEqual(new Set(calls.map(({ model }) => model)), new Set(["grok-3"]));
  });

  test("user_cost is the simulated user's and no cost; success is a reward of 1; trials repeat an item", async () => {
    const { calls, tasks, scores } = await read([tau.full]);
    assert.equal(calls.length, 3);
    // Tries at an item are told apart from other items on their calls as well: intervals take them together.
    for (const call of calls)
      assert.deepEqual(pick(call, "cost", "environment", "prompt_id"), {
        ...{ cost: null, environment: "evaluation", prompt_id: "3" },
      });
    assert.deepEqual(
      tasks.map((row) => pick(row, "task_id", "prompt_id", "trial", "resolved")),
      [
        { task_id: "run:3:1", prompt_id: "3", trial: 1, resolved: true },
        { task_id: "run:3:2", prompt_id: "3", trial: 2, resolved: false },
      ],
    );
    assert.deepEqual(
      scores.map((row) => row.value),
      [1, 0],
    );
    assert.deepEqual(pick(calls[2], "task_id", "status", "error_type"), {
      task_id: "run:3:2",
      status: "error",
      error_type: "boom",
    });
  });
});

describe("tau2-bench", () => {
  test("why an answer ended is told in each provider's own place", async () => {
    const usage = { prompt_tokens: 10, completion_tokens: 2 };
    const messages = [{ stop_reason: "tool_use" }, { finish_reason: "stop" }].map((raw_data) => ({
      role: "assistant",
      content: "Done",
      usage,
      raw_data,
    }));
    const { content } = tau2.full as { content: { info: object } };
    const { calls } = await read([
      { ...tau2.full, content: { ...content, simulations: [{ ...tau2.simulation, messages }] } },
    ]);
    assert.deepEqual(
      calls.map((row) => row.finish_reason),
      ["tool_calls", "stop"],
    );
  });

  test("agent_cost 0.0 is not known; what was read from the cache is beside prompt_tokens; the simulated user is apart", async () => {
    const { calls, tasks, spans } = await read([tau2.full]);
    assert.deepEqual(
      calls.map((row) =>
        pick(row, "role", "model", "cost", "input_tokens", "cache_read_input_tokens", "duration", "workload"),
      ),
      [
        {
          role: "other",
          model: "claude-sonnet-4.6",
          cost: null,
          input_tokens: 476,
          cache_read_input_tokens: null,
          duration: null,
          workload: "airline",
        },
        {
          role: "answer",
          model: "claude-opus-4.6",
          cost: null,
          input_tokens: 8065,
          cache_read_input_tokens: 7919,
          duration: 2.5,
          workload: "airline",
        },
      ],
    );
    assert.deepEqual(calls[1].started_at, new Date("2026-03-22T09:09:32.500Z"));
    assert.deepEqual(pick(tasks[0], "task_id", "prompt_id", "trial", "resolved"), {
      task_id: "sim-1",
      prompt_id: "7",
      trial: 0,
      resolved: true,
    });
    assert.deepEqual(pick(spans[0], "stage", "duration"), { stage: "simulation", duration: 54.5 });
  });
});

describe("inspect", () => {
  thorough(
    "cached tokens are counted once, inside or beside the input; scorers' calls are judges",
    async () => {
      const { calls } = await read([inspect.full]);
      assert.deepEqual(
        calls.map((row) =>
          pick(row, "role", "input_tokens", "cache_read_input_tokens", "cost", "duration", "environment"),
        ),
        [
          {
            role: "answer",
            input_tokens: 100,
            cache_read_input_tokens: 60,
            cost: 0.001,
            duration: 0.75,
            environment: "evaluation",
          },
          {
            role: "answer",
            input_tokens: 105,
            cache_read_input_tokens: 60,
            cost: null,
            duration: 0.75,
            environment: "evaluation",
          },
          {
            role: "judge",
            input_tokens: 10,
            cache_read_input_tokens: null,
            cost: null,
            duration: 0.75,
            environment: "evaluation",
          },
        ],
      );
    },
  );

  test("grades in letters are numbers, a score of several values is several, and epochs are repeats", async () => {
    const { tasks, scores } = await read([inspect.full]);
    assert.deepEqual(
      scores.map((row) => pick(row, "subject_id", "name", "value", "label")),
      [
        { subject_id: "sample-uuid", name: "match", value: 1, label: "C" },
        { subject_id: "sample-uuid", name: "rubric.tone", value: 0.5, label: "0.5" },
        { subject_id: "sample-uuid", name: "rubric.length", value: 1, label: "true" },
      ],
    );
    assert.deepEqual(pick(tasks[0], "task_id", "prompt_id", "trial", "resolved"), {
      task_id: "sample-uuid",
      prompt_id: "sums:1",
      trial: 2,
      resolved: true,
    });
  });

  thorough("a score of Inspect's own graders is a judge's", async () => {
    const scores = { model_graded_qa: { value: "P" }, match: { value: "C" } };
    const { scores: rows } = await read([
      { ...inspect.full, content: { ...inspect.log, samples: [{ ...inspect.sample, scores }] } },
    ]);
    assert.deepEqual(
      rows.map((row) => pick(row, "name", "value", "rater")),
      [
        { name: "model_graded_qa", value: 0.5, rater: "judge" },
        { name: "match", value: 1, rater: "rule" },
      ],
    );
  });

  thorough("a log without events still tells each model's usage", async () => {
    const { calls } = await read([inspect.least]);
    assert.deepEqual(pick(calls[0], "task_id", "model", "input_tokens"), {
      task_id: "r:a:1",
      model: "mockllm/model",
      input_tokens: 3,
    });
  });

  thorough(
    "a .eval archive gives the same as the .json log, and one that was cut off has its header in the journal",
    async () => {
      const { samples: _, ...header } = inspect.log;
      const folder = mkdtempSync(join(tmpdir(), "fieldnotes-test-"));
      try {
        for (const name of ["header.json", "_journal/start.json"]) {
          const path = join(folder, "log.eval");
          writeFileSync(
            path,
            zip({
              [name]: JSON.stringify(header, null, 2),
              "samples/1_epoch_2.json": JSON.stringify(inspect.sample, null, 2),
            }),
          );
          const { calls, scores, files } = await readFiles([path]);
          assert.deepEqual([files[0].format, calls.length, scores.length], ["inspect", 3, 3]);
        }
        // As newer versions write it: method 93 is zstd, here from the engine's own compressor.
        const packed = new Map<string, Buffer>();
        const members = {
          "header.json": JSON.stringify(header),
          "samples/1_epoch_2.json": JSON.stringify({
            ...inspect.sample,
            metadata: { long: "words ".repeat(50_000) },
          }),
        };
        const store = await open(":memory:");
        for (const text of Object.values(members)) {
          const file = join(folder, "member.zst");
          writeFileSync(join(folder, "member"), text);
          await run(
            store.connection,
            `copy (select content from read_text('${join(folder, "member")}')) to '${file}'
           (format csv, header false, quote '', escape '', delimiter '\x01', compression zstd)`,
          );
          packed.set(text, readFileSync(file));
        }
        store.close();
        const path = join(folder, "zstd.eval");
        writeFileSync(
          path,
          zip(members, { method: 93, pack: (bytes) => packed.get(bytes.toString()) as Buffer }),
        );
        const read = await readFiles([path]);
        assert.deepEqual(
          [read.files[0].format, read.calls.length, read.scores.length],
          ["inspect", 3, 3],
          read.files[0].reason,
        );
        writeFileSync(join(folder, "other.zip"), zip({ "a.txt": "hello" }));
        const { files } = await readFiles([join(folder, "other.zip")]);
        assert.match(files[0].reason ?? "", /unpack it/);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  );
});

describe("promptfoo", () => {
  test("milliseconds; an assertion that failed is a wrong answer, an error a failed call, a cached answer no latency", async () => {
    const { calls, tasks } = await read([promptfoo.full]);
    assert.deepEqual(
      calls.map((row) => pick(row, "status", "duration", "cost", "cache_hit")),
      [
        { status: "ok", duration: 1.25, cost: 0.0004, cache_hit: false },
        { status: "ok", duration: 1.25, cost: 0.0004, cache_hit: false },
        { status: "rate_limited", duration: 1.25, cost: 0, cache_hit: null },
        { status: "ok", duration: null, cost: 0, cache_hit: true },
      ],
    );
    assert.deepEqual(
      tasks.map((row) => row.resolved),
      [true, false, null, true],
    );
    assert.equal(new Set(tasks.map((row) => row.prompt_id)).size, 1);
  });
});

describe("lm-eval-samples", () => {
  test("one document has one call, and a score for each filter; the folder tells the model", async () => {
    const { calls, scores } = await read([lmEval.full]);
    assert.deepEqual(
      calls.map((row) => pick(row, "model", "workload", "prompt_id")),
      [{ model: "org/model-7b", workload: "gsm8k", prompt_id: "p" }],
    );
    assert.deepEqual(
      scores.map((row) => [row.name, row.value]),
      [
        ["exact_match,strict-match", 1],
        ["exact_match,flexible-extract", 0],
      ],
    );
  });
});

test("AlpacaEval annotations: a win is what is beyond the reference's, 0 a draw, and what the judge did not say is left out", async () => {
  const { calls, scores } = await read([alpaca.full]);
  assert.equal(new Set(calls.map((row) => row.prompt_id)).size, 4);
  for (const call of calls) assert.deepEqual([call.model, call.environment], ["model-7b", "evaluation"]);
  const win = new Map(scores.map((row) => [row.subject_id, row]));
  assert.deepEqual(calls.map(({ call_id }) => win.get(call_id)?.value).sort(), [0.25, 0.5, 1, undefined]);
  for (const row of scores)
    assert.deepEqual([row.name, row.rater, row.rater_id], ["win", "judge", "judge-a"]);
});
