import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { doctor } from "../../../src/measures/doctor";
import { thorough } from "../../property";
import { jsonl, workbench } from "../workbench";
import * as inspect from "./fixtures/inspect";
import * as tau2 from "./fixtures/tau2Bench";
import { pick, read } from "./read";

describe("a task belongs to the model under test", () => {
  const { messages: said, ...simulation } = tau2.simulation;
  const messages = said as { role: string; usage: unknown; content: string; raw_data?: unknown }[];
  const withoutUsage = messages.map(({ raw_data, ...one }) =>
    one.role === "assistant" ? { ...one, usage: null } : { ...one, raw_data },
  );
  const info = {
    environment_info: { domain_name: "airline" },
    agent_info: { implementation: "llm_agent", llm: "whissle" },
    user_info: { llm: "gpt-4o" },
  };
  for (const [where, content] of [
    ["in one document", { info, simulations: [{ ...simulation, messages: withoutUsage }] }],
    ["each with its own", [{ ...simulation, messages: withoutUsage, info }]],
  ] as const)
    test(`tau2-bench, ${where}: an agent whose usage was not recorded owns its tasks, never the simulated user`, async () => {
      const { calls } = await read([{ ...tau2.full, content }]);
      const owner = calls.filter((call) => call.place_in_task === 1);
      assert.deepEqual(
        owner.map((call) => pick(call, "role", "model", "cost")),
        [{ role: "answer", model: "whissle", cost: null }],
      );
      // What it costs to simulate the user is no cost of the agent's task.
      for (const call of calls.filter(({ role }) => role === "other")) assert.equal(call.task_id, null);
    });
  thorough("tau2-bench: an agent that never said a word is there once, with its outcome", async () => {
    const none = { info, simulations: [{ ...simulation, messages: [] }] };
    const { calls, tasks } = await read([{ ...tau2.full, content: none }]);
    assert.deepEqual(
      calls.map((call) => pick(call, "model", "place_in_task")),
      [{ model: "whissle", place_in_task: 1 }],
    );
    assert.equal(tasks[0].resolved, true);
  });

  const [first] = inspect.sample.events as { event: string; model?: string }[];
  const modelEvent = (inspect.sample.events as (typeof first)[]).find(({ event }) => event === "model");
  const main = inspect.log.eval.model;
  const inspected = (sample: object) => ({
    ...inspect.full,
    content: { ...inspect.log, samples: [{ ...inspect.sample, ...sample }] },
  });
  thorough(
    "Inspect: what another model says under a role, or is not the model of the run, is none of its answers",
    async () => {
      const events = [
        { ...modelEvent, role: "red_team", model: "anthropic/claude-3-haiku" },
        { ...modelEvent, role: "grader", model: "openai/gpt-4o" },
        { ...modelEvent, role: null, model: "openai/omni-moderation" },
        { ...modelEvent, role: null, model: main },
      ];
      const { calls } = await read([inspected({ events })]);
      assert.deepEqual(
        calls.map(({ role, place_in_task }) => [role, place_in_task]),
        [
          ["other", 0],
          ["judge", 0],
          ["other", 0],
          ["answer", 1],
        ],
      );
    },
  );
  thorough(
    "Inspect: without an event of the model under test, and without its usage, it still owns the sample",
    async () => {
      const events = [{ ...modelEvent, role: "red_team", model: "anthropic/claude-3-haiku" }];
      const usage = { "anthropic/claude-3-haiku": { input_tokens: 5, output_tokens: 2, total_tokens: 7 } };
      for (const sample of [{ events }, { events: [], model_usage: usage }]) {
        const { calls } = await read([inspected(sample)]);
        const owners = calls.filter(({ place_in_task }) => place_in_task === 1);
        assert.deepEqual(
          owners.map(({ request_model, role }) => [request_model, role]),
          [[main, "answer"]],
        );
        assert.equal(calls.length, 2);
      }
    },
  );
});

test("words for roles and operations become those of the tables, and what serves an answer is none", () =>
  workbench(async ({ read: take, rows, store }) => {
    const mapping = {
      table: "calls" as const,
      columns: { call_id: "id", model: "'m'", task_id: "'t'", role: "role", operation: "op" },
    };
    await take(
      "log.jsonl",
      jsonl(
        { id: "1", role: "Assistant", op: "chat.completions" },
        { id: "2", role: "LLM-Judge", op: "chat" },
        { id: "3", role: "user simulator", op: "chat" },
        { id: "4", role: null, op: "Embedding" },
        { id: "5", role: "answer", op: "rerank" },
        { id: "6", role: "our own word", op: "our_op" },
      ),
      { mapping },
    );
    assert.deepEqual(
      (await rows("select role, operation, place_in_task as place from calls order by call_id")).map(
        ({ role, operation, place }) => [role, operation, place],
      ),
      [
        ["answer", "chat", 1],
        ["judge", "chat", 0],
        ["other", "chat", 0],
        ["other", "embeddings", 0],
        ["other", "rerank", 0],
        ["our_own_word", "our_op", 0],
      ],
    );
    const { warnings } = await doctor(store);
    assert.ok(
      warnings.some(({ text }) => /^1 call has an unknown role .*"our_own_word"/.test(text)),
      JSON.stringify(warnings),
    );
  }));
