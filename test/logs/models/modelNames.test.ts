import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { modelName, nearestModels } from "../../../src/logs/models/modelName";
import { calledModel, keepFamilies, modelNames, nameCalls } from "../../../src/logs/models/modelNames";
import { open } from "../../../src/store/open";
import { rowsOf, run } from "../../../src/store/run";
import { fc, thorough } from "../../property";

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
  ["meta-llama/Meta-Llama-3.1-70B-Instruct", "llama-3.1-70b-instruct", null],
  ["accounts/fireworks/models/llama-v3p1-8b-instruct", "llama-3.1-8b-instruct", null],
  ["meta.llama3-1-8b-instruct-v1:0", "llama-3.1-8b-instruct", null],
  ["meta-llama/Meta-Llama-3.1-8B-Instruct-FP8", "llama-3.1-8b-instruct:fp8", null],
  ["llama3.1:70b-instruct-q4_K_M", "llama-3.1-70b-instruct:q4-k-m", null],
  ["llama-3.3-70b-versatile", "llama-3.3-70b", null],
  ["mistral.mixtral-8x7b-instruct-v0:1", "mixtral-8x7b-instruct", null],
  ["mistral-large-2402", "mistral-large", "2402"],
  ["open-mixtral-8x22b", "mixtral-8x22b-instruct", null],
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
  ["openai:chat:gpt-4o-mini", "gpt-4o-mini", null],
  ["anthropic:messages:claude-3-5-sonnet-20241022", "claude-3.5-sonnet", "2024-10-22"],
  ["bedrock:us.anthropic.claude-3-5-sonnet-20241022-v2:0", "claude-3.5-sonnet", "2024-10-22"],
  ["google-gla:gemini-1.5-flash", "gemini-1.5-flash", null],
  ["ollama:chat:llama3.1:8b", "llama-3.1-8b-instruct", null],
  ["mistral:7b", "mistral-7b-instruct", null],
  ["deepseek:deepseek-chat", "deepseek-chat", null],
  ["llama3.1:8b", "llama-3.1-8b-instruct", null],
  ["llama3.1:8b-text-q4_0", "llama-3.1-8b:q4-0", null],
  ["gemma2:9b", "gemma-2-9b-it", null],
  ["accounts/fireworks/models/qwen2p5-coder-1p5b-instruct", "qwen2.5-coder-1.5b-instruct", null],
  ["Llama 3.1 Instruct Turbo (405B)", "llama-3.1-405b-instruct", null],
  ["Llama 4 Scout (17Bx16E) Instruct", "llama-4-scout", null],
  ["meta.llama3-2-11b-instruct-v1:0", "llama-3.2-11b-vision-instruct", null],
  ["meta.llama2-13b-chat-v1", "llama-2-13b-chat", null],
  ["mistral.mistral-7b-instruct-v0:2", "mistral-7b-instruct-v0.2", null],
  ["mistralai/Mistral-Small-3.1-24B-Instruct-2503", "mistral-small", "2503"],
  ["Mistral Small 3.2", "mistral-small", "2506"],
  ["us.deepseek.r1-v1:0", "deepseek-r1", null],
  ["openai.gpt-oss-120b-1:0", "gpt-oss-120b", null],
  ["amazon/nova-lite-v1", "nova-lite", null],
  ["amazon-nova-pro-v1.0", "nova-pro", null],
  ["databricks-claude-3-7-sonnet", "claude-3.7-sonnet", null],
  ["OpenAI o3-mini ¹†", "o3-mini", null],
  ["o3-mini-high", "o3-mini:high", null],
  ["gpt-5.1-2025-11-13-low", "gpt-5.1:low", "2025-11-13"],
  ["claude-opus-4-1-20250805-thinking-16k", "claude-opus-4.1:thinking-16k", "2025-08-05"],
  ["grok-4-1-fast-reasoning", "grok-4.1-fast:thinking", null],
  ["gpt4_1106_preview", "gpt-4-turbo", "2023-11-06"],
  ["GPT-4 Turbo (1106 preview)", "gpt-4-turbo", "2023-11-06"],
  ["GPT-4_(06/13)", "gpt-4", "0613"],
  ["google/gemini-flash-1.5-8b", "gemini-1.5-flash-8b", null],
  ["gemini-2.0-flash-exp", "gemini-2.0-flash", "exp"],
  ["Gemini 2.0 Flash (Experimental)", "gemini-2.0-flash", "exp"],
  ["gemini-1.5-pro-api-0409-preview", "gemini-1.5-pro", "0409"],
  ["Claude 3.5 Sonnet (New)", "claude-3.5-sonnet", "2024-10-22"],
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

  test("models that differ in their tuning, size, context or version keep names apart", () => {
    const apart = [
      ["meta-llama/Llama-3-8B", "meta-llama/Llama-3-8B-Instruct"],
      ["meta-llama/Llama-2-13b-hf", "meta-llama/Llama-2-13b-chat-hf"],
      ["meta-llama/Llama-4-Scout-17B-16E", "meta-llama/Llama-4-Scout-17B-16E-Instruct"],
      [
        "Qwen/Qwen2.5-7B",
        "Qwen/Qwen2.5-7B-Instruct",
        "Qwen/Qwen2.5-Coder-7B",
        "Qwen/Qwen2.5-Coder-7B-Instruct",
      ],
      ["Qwen/Qwen3-8B", "Qwen/Qwen3-8B-Base"],
      ["Qwen/Qwen3-4B-Instruct-2507", "Qwen/Qwen3-4B-Thinking-2507", "Qwen/Qwen3-4B"],
      ["Qwen-14B-Chat", "Qwen1-4B-Chat", "Qwen1.5-4B-Chat"],
      ["google/gemma-7b", "google/gemma-7b-it", "google/gemma-1.1-7b-it"],
      [
        "mistralai/Mistral-7B-v0.1",
        "mistralai/Mistral-7B-Instruct-v0.1",
        "mistralai/Mistral-7B-Instruct-v0.2",
      ],
      ["mistralai/Mixtral-8x7B-v0.1", "mistralai/Mixtral-8x7B-Instruct-v0.1"],
      ["deepseek-ai/DeepSeek-V3", "deepseek-ai/DeepSeek-V3-Base", "deepseek-ai/DeepSeek-V3-0324"],
      ["01-ai/Yi-34B", "01-ai/Yi-34B-Chat"],
      ["codellama/CodeLlama-34b-hf", "codellama/CodeLlama-34b-Instruct-hf"],
      ["Phi-4", "Phi-4-reasoning", "Phi-4-mini-instruct", "Phi-4-mini-reasoning"],
      ["Phi-3-mini-4k-instruct", "Phi-3-mini-128k-instruct"],
      ["moonshotai/Kimi-K2-Instruct", "moonshotai/Kimi-K2-Base", "moonshotai/Kimi-K2-Thinking"],
      ["gpt-5", "gpt-5-high", "gpt-5-mini-high"],
      ["gemini-pro", "gemini-pro-latest", "gemini-2.5-pro"],
      ["gemini-2.0-flash", "gemini-2.0-flash-exp", "gemini-2.0-flash-001"],
      ["Llama-3-Instruct-8B-SimPO", "Llama-3-Instruct-8B"],
    ];
    for (const names of apart)
      assert.equal(new Set(names.map((name) => modelName(name).model)).size, names.length, names.join(", "));
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

  test("the nearest names are of the family, then by words, then by version", () => {
    const known = ["gpt-5-mini", "gpt-5.1", "gpt-4.1-mini", "gpt-4o-mini", "o4-mini", "gemini-2-flash"];
    assert.deepEqual(nearestModels("gpt-5.2-mini", known), ["gpt-5-mini", "gpt-4.1-mini", "gpt-5.1"]);
    const claudes = ["claude-haiku-4.5", "claude-opus-3", "claude-opus-4.1", "claude-sonnet-4.5"];
    assert.deepEqual(nearestModels("claude-opus-4.9", claudes, 2), ["claude-opus-4.1", "claude-opus-3"]);
  });

  test("a user's table comes before the rules", () => {
    const models = [{ name: "house-model", family: "house", spellings: ["our-router", "gpt-4o"] }];
    assert.equal(modelName("our-router", { models }).name, "house-model");
    assert.equal(modelName("azure/gpt-4o", { models }).name, "house-model");
  });

  thorough("no text makes it fail", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => {
        assert.equal(typeof modelName(text).model, "string");
      }),
    );
  });
});

describe("modelNames", () => {
  test("what no table knows is nearest to the same name as a board or a price list spells it", async () => {
    const store = await open(":memory:");
    await run(
      store.connection,
      "insert into calls by name select unnest(['zeta-pro', 'acme/alder_v2']) as model",
    );
    await run(store.connection, "insert into benchmarks by name select 'Zeta Pro' as model");
    await run(store.connection, "insert into prices by name select 'Alder V2' as model");
    const nearest = Object.fromEntries(
      (await modelNames(store)).map((one) => [one.spelling, one.nearest[0]]),
    );
    store.close();
    assert.equal(nearest["zeta-pro"], "Zeta Pro");
    assert.equal(nearest["acme/alder_v2"], "Alder V2");
    assert.equal(nearest["Zeta Pro"], "zeta-pro");
  });

  test("a release that answered a request for its model is listed under the name that measures count it by", async () => {
    const store = await open(":memory:");
    await run(
      store.connection,
      `insert into calls (call_id, request_model, response_model) values ('a', 'our-gpt', 'our-gpt-2026-02-03'),
       ('b', 'our-gpt-2026-02-03', 'our-gpt-2026-02-03'), ('c', 'gpt-4o', 'gpt-4o-2024-08-06'), ('d', null, 'our-gpt')`,
    );
    await nameCalls(store.connection);
    const counted = (await modelNames(store)).map((one) => [one.spelling, one.counted]);
    store.close();
    assert.deepEqual(counted, [
      ["our-gpt-2026-02-03", ["our-gpt", "our-gpt-2026-02-03"]],
      ["gpt-4o-2024-08-06", ["gpt-4o"]],
      ["our-gpt", ["our-gpt"]],
    ]);
  });

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
      const rows = await modelNames(store);
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
      // Unknown names: a date after the requested name is a snapshot of it.
      ["orrery-swift", "orrery-swift-2026-02-03", "orrery-swift"],
      ["orrery", "orrery-swift-2026-02-03", "orrery-swift-2026-02-03"],
      [null, null, null],
    ];
    for (const [request, response, model] of cases) assert.equal(calledModel(request, response), model);
  });

  test("a name that was read once reads as itself, and no suffix is doubled, with a table of one's own or without", () => {
    const models = [
      { name: "claude-3.7-sonnet:thinking", spellings: ["our-thinker", "claude-3.7-sonnet"] },
      { name: "house", spellings: ["x:thinking"] },
    ];
    for (const [spelling, model] of [
      ["claude-3.7-sonnet:thinking", "claude-3.7-sonnet:thinking"],
      ["claude-3-7-sonnet-thinking:thinking", "claude-3.7-sonnet:thinking"],
      ["our-thinker", "claude-3.7-sonnet:thinking"],
      ["openrouter/x:thinking", "house"],
      ["x:thinking", "house"],
    ]) {
      assert.equal(modelName(spelling, { models }).model, model, spelling);
      assert.equal(modelName(model, { models }).model, model, model);
    }
    for (const [spelling, model] of [
      ["claude-3-haiku@reasoning=default", "claude-3-haiku"],
      ["claude-3-7-sonnet@reasoning=thinking", "claude-3.7-sonnet:thinking"],
      ["o3-mini@reasoning_effort=high", "o3-mini:high"],
      ["gpt-4o@temperature=0", "gpt-4o:temperature=0"],
      ["ft:gpt-4o-mini-2024-07-18:acme", "gpt-4o-mini-2024-07-18:ft:acme"],
    ]) {
      assert.equal(modelName(spelling, { models: [] }).model, model);
      assert.equal(modelName(model, { models: [] }).model, model);
    }
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
      assert.equal(await nameCalls(store.connection), 3);
      assert.equal(await nameCalls(store.connection), 0);
      await keepFamilies(store.connection);
      assert.deepEqual(await rowsOf(store.connection, "select distinct family from families"), [
        { family: "gpt-4o" },
      ]);
      const rows = await rowsOf<{ model: string }>(
        store.connection,
        "select model from calls order by call_id",
      );
      assert.deepEqual(
        rows.map(({ model }) => model),
        ["gpt-4o", "gpt-4o", "gpt-4o", "our own name", "gpt-4o"],
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
