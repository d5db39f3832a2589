import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { modelName, nearestModels } from "../../src/logs/models/modelName";
import { calledModel, modelNames, nameCalls } from "../../src/logs/models/modelNames";
import { open } from "../../src/store/open";
import { rowsOf, run } from "../../src/store/query";
import { fc } from "../property";

const spellings: [string, string, string | null][] = [
  // spelling, name, snapshot
  ["anthropic.claude-3-5-sonnet-20241022-v2:0", "claude-3.5-sonnet", "2024-10-22"],
  ["us.anthropic.claude-3-5-sonnet-20241022-v2:0", "claude-3.5-sonnet", "2024-10-22"],
  ["anthropic/claude-3.5-sonnet", "claude-3.5-sonnet", null],
  ["claude-3-5-sonnet@20241022", "claude-3.5-sonnet", "2024-10-22"],
  ["claude-3-5-haiku-latest", "claude-3.5-haiku", null],
  ["anthropic.claude-v2:1", "claude-2.1", null],
  ["claude-sonnet-4-5-20250929", "claude-sonnet-4.5", "2025-09-29"],
  ["vertex_ai/claude-opus-4@20250514", "claude-opus-4", "2025-05-14"],
  ["azure/gpt-4o-2024-08-06", "gpt-4o", "2024-08-06"],
  ["GPT-4o (2024-05-13)", "gpt-4o", "2024-05-13"],
  ["GPT-4o-20240513", "gpt-4o", "2024-05-13"],
  ["gpt-35-turbo", "gpt-3.5-turbo", null],
  ["gpt-4-0613", "gpt-4", "0613"],
  ["gpt-4-1106-preview", "gpt-4-turbo", "2023-11-06"],
  ["gpt-4-turbo-2024-04-09", "gpt-4-turbo", "2024-04-09"],
  ["chatgpt-4o-latest", "chatgpt-4o", null],
  ["gpt-4o-audio-preview-2024-12-17", "gpt-4o-audio-preview", "2024-12-17"],
  ["models/gemini-1.5-pro-002", "gemini-1.5-pro", "002"],
  ["publishers/google/models/gemini-2.0-flash-001", "gemini-2.0-flash", "001"],
  ["gemini-2.5-flash-preview-05-20", "gemini-2.5-flash", "05-20"],
  ["openai/gpt-4o-mini:free", "gpt-4o-mini", null],
  ["anthropic/claude-3.7-sonnet:thinking", "claude-3.7-sonnet:thinking", null],
  ["ft:gpt-4o-mini-2024-07-18:acme:support:abc", "gpt-4o-mini:ft:acme:support:abc", "2024-07-18"],
  ["meta-llama/Meta-Llama-3.1-70B-Instruct", "llama-3.1-70b", null],
  ["accounts/fireworks/models/llama-v3p1-8b-instruct", "llama-3.1-8b", null],
  ["meta.llama3-1-8b-instruct-v1:0", "llama-3.1-8b", null],
  ["meta-llama/Meta-Llama-3.1-8B-Instruct-FP8", "llama-3.1-8b:fp8", null],
  ["llama3.1:70b-instruct-q4_K_M", "llama-3.1-70b:q4-k-m", null],
  ["llama-3.3-70b-versatile", "llama-3.3-70b", null],
  ["mistral.mixtral-8x7b-instruct-v0:1", "mixtral-8x7b", null],
  ["mistral-large-2402", "mistral-large", "2402"],
  ["open-mixtral-8x22b", "mixtral-8x22b", null],
  ["Command-R+", "command-r-plus", null],
  ["command-r-plus-08-2024", "command-r-plus", "2024-08"],
  ["Claude_3_Opus_(02/29)", "claude-3-opus", "02-29"],
  ["openai/gpt-4-1106-preview", "gpt-4-turbo", "2023-11-06"],
  ["bedrock/anthropic.claude-v2:1", "claude-2.1", null],
  ["claude-3-5-sonnet-v2", "claude-3.5-sonnet", "2024-10-22"],
  ["grok-4-fast-non-reasoning", "grok-4-fast-non-reasoning", null],
  ["grok-4-fast-reasoning", "grok-4-fast:thinking", null],
  ["gemini-2.0-flash-thinking-exp-01-21", "gemini-2.0-flash:thinking", "01-21"],
  ["deepseek/deepseek-chat-v3-0324:free", "deepseek-v3", "0324"],
  ["nvidia/llama-3.1-nemotron-70b-instruct", "llama-3.1-nemotron-70b", null],
  ["Qwen/Qwen3-235B-A22B-Instruct-2507", "qwen3-235b-a22b", "2507"],
  ["deepseek/deepseek-r1", "deepseek-r1", null],
  [
    "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-3-haiku-20240307-v1:0",
    "claude-3-haiku",
    "2024-03-07",
  ],
  [
    "arn:aws:bedrock:us-east-1:123:inference-profile/us.anthropic.claude-sonnet-4-20250514-v1:0",
    "claude-sonnet-4",
    "2025-05-14",
  ],
];

describe("modelName", () => {
  test("the spellings of providers, gateways and leaderboards lead to one name each", () => {
    for (const [spelling, name, snapshot] of spellings) {
      const read = modelName(spelling);
      assert.deepEqual([read.name, read.snapshot], [name, snapshot], spelling);
      assert.notEqual(read.by, null, spelling);
    }
  });

  test("a name of its own making is read as itself", () => {
    for (const [spelling] of spellings) {
      const { model } = modelName(spelling);
      assert.equal(modelName(model).model, model, spelling);
    }
  });

  test("family and tier are told, and a distillate is no release of its teacher", () => {
    const { family, tier } = modelName("claude-3-5-sonnet-20241022");
    assert.deepEqual([family, tier], ["claude-3.5", "sonnet"]);
    assert.equal(modelName("DeepSeek-R1-Distill-Llama-70B").name, "deepseek-r1-distill-llama-70b");
  });

  test("a name that nothing knows stays as it is, and is not taken for a known one", () => {
    for (const spelling of ["foo-bar-9000", "gpt-4o-quantum", "claude-9-sonata", "our-router"]) {
      const read = modelName(spelling);
      assert.deepEqual([read.model, read.by, read.family], [spelling, null, null]);
    }
    assert.deepEqual(
      nearestModels("ollama/llama3.1", ["glm-5.1", "llama-3.1-8b", "llama-3-8b"]).slice(0, 1),
      ["llama-3.1-8b"],
    );
    assert.equal(nearestModels("claud-3-sonet", ["claude-3-sonnet", "gpt-4o"])[0], "claude-3-sonnet");
  });

  test("a user's table comes before the rules", () => {
    const models = [{ name: "house-model", family: "house", spellings: ["our-router", "gpt-4o"] }];
    assert.equal(modelName("our-router", { models }).name, "house-model");
    assert.equal(modelName("azure/gpt-4o", { models }).name, "house-model");
  });

  test("no text makes it fail", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => {
        assert.equal(typeof modelName(text).model, "string");
      }),
    );
  });
});

describe("modelNames", () => {
  test("lists what was matched to what with its uses, and the nearest names of what was not", async () => {
    const store = await open(":memory:");
    try {
      await run(
        store.connection,
        `insert into calls (call_id, request_model, response_model) values ('a', 'gpt-4o', 'gpt-4o-2024-08-06'),
         ('b', 'gpt-4o', 'gpt-4o-2024-08-06'), ('c', 'gpt-4oo', null)`,
      );
      await run(
        store.connection,
        "insert into benchmarks (model, benchmark, score) values ('GPT-4o (2024-08-06)', 'x', 1)",
      );
      const rows = await modelNames(store.connection);
      assert.deepEqual(
        rows.map(({ spelling, model, by, calls, benchmarks }) => [spelling, model, by, calls, benchmarks]),
        [
          ["gpt-4o-2024-08-06", "gpt-4o-2024-08-06", "rule", 2, 0],
          ["gpt-4oo", "gpt-4oo", null, 1, 0],
          ["GPT-4o (2024-08-06)", "gpt-4o-2024-08-06", "rule", 0, 1],
        ],
      );
      assert.equal(rows[1].nearest[0], "gpt-4o");
    } finally {
      store.close();
    }
  });

  test("a call is of the model it asked for, as exactly as it asked", () => {
    const cases: [string | null, string | null, string | null][] = [
      // request, response, model
      ["gpt-4o", "gpt-4o-2024-08-06", "gpt-4o"],
      ["gpt-4o", null, "gpt-4o"],
      ["gpt-4o-2024-08-06", "gpt-4o-2024-08-06", "gpt-4o-2024-08-06"],
      ["fast", "azure/gpt-4o-2024-08-06", "gpt-4o-2024-08-06"],
      ["gpt-4o", "claude-3-5-sonnet-20241022", "claude-3.5-sonnet-2024-10-22"],
      [null, "claude-3-5-sonnet-20241022", "claude-3.5-sonnet-2024-10-22"],
      // Names that nothing knows: a date behind the name asked for is a snapshot of it.
      ["orrery-swift", "orrery-swift-2026-02-03", "orrery-swift"],
      ["orrery", "orrery-swift-2026-02-03", "orrery-swift-2026-02-03"],
      [null, null, null],
    ];
    for (const [request, response, model] of cases) assert.equal(calledModel(request, response), model);
  });

  test("calls are named once, and a model that a mapping names stays", async () => {
    const store = await open(":memory:");
    try {
      await run(
        store.connection,
        `insert into calls (call_id, request_model, response_model, model) values
         ('a', 'gpt-4o', 'gpt-4o-2024-08-06', 'gpt-4o-2024-08-06'), ('b', 'gpt-4o', null, 'gpt-4o'),
         ('c', 'fast', 'azure/gpt-4o', 'azure/gpt-4o'), ('d', 'gpt-4o', 'azure/gpt-4o', 'our own name'),
         ('e', null, null, 'azure/gpt-4o')`,
      );
      assert.equal(await nameCalls(store.connection), 2);
      assert.equal(await nameCalls(store.connection), 0);
      const rows = await rowsOf<{ model: string }>(
        store.connection,
        "select model from calls order by call_id",
      );
      assert.deepEqual(
        rows.map(({ model }) => model),
        ["gpt-4o", "gpt-4o", "gpt-4o", "our own name", "azure/gpt-4o"],
      );
    } finally {
      store.close();
    }
  });

  test("a table of one's own names calls anew that were named without it, and no model that a mapping gave", async () => {
    const store = await open(":memory:");
    try {
      await run(
        store.connection,
        `insert into calls (call_id, request_model, model) values ('a', 'our-router', 'our-router'),
         ('b', 'azure/gpt-4o', 'azure/gpt-4o'), ('c', 'azure/gpt-4o', 'mapped')`,
      );
      await nameCalls(store.connection);
      const models = [{ name: "house", spellings: ["our-router", "gpt-4o"] }];
      assert.equal(await nameCalls(store.connection, { models }), 2);
      assert.equal(await nameCalls(store.connection, { models }), 0);
      assert.deepEqual(await rowsOf(store.connection, "select model from calls order by call_id"), [
        { model: "house" },
        { model: "house" },
        { model: "mapped" },
      ]);
    } finally {
      store.close();
    }
  });
});
