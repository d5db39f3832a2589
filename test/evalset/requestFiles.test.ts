import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { messagesOf } from "../../src/evalset/ask";
import { importLabels } from "../../src/evalset/importLabels";
import type { Item } from "../../src/evalset/item";
import { storedOutputs } from "../../src/evalset/outputs";
import { requestFiles } from "../../src/evalset/requestFiles";
import { type RequestOptions, requestTargets } from "../../src/evalset/requestTargets";
import { retryAfter } from "../../src/evalset/send";
import { open } from "../../src/store/open";
import { rowsOf } from "../../src/store/run";
import { thorough } from "../property";

const here = mkdtempSync(join(tmpdir(), "fieldnotes-requests-"));
after(() => rmSync(here, { recursive: true, force: true }));

const item = (n: number): Item => ({
  item_id: `item-${n}`,
  prompt:
    n === 2 ? '[{"role":"system","content":"Be kind."},{"role":"user","content":"Hi {{name}}"}]' : `Q${n}`,
  expected: "",
  format: "",
  sources: [],
  stratum: "",
  weight: 1,
  checks: [],
  call_id: null,
  canary: "fieldnotes-canary-x",
});
const items = Array.from({ length: 8 }, (_, at) => item(at));
const models = ["a/one", "two"];
const files = (options: Partial<RequestOptions> & Pick<RequestOptions, "for">) =>
  requestFiles(items, { models, repeats: 3, name: "set", ...options });
// biome-ignore lint/suspicious/noExplicitAny: lines of several formats
const lines = (text: string): any[] =>
  text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));

/** Takes a file of results into an empty store, and returns what it holds. */
async function imported(name: string, text: string) {
  const file = join(here, name);
  writeFileSync(file, text);
  const store = await open(":memory:");
  try {
    const came = await importLabels(store, file);
    const outputs = await storedOutputs(store, items);
    const [calls] = await rowsOf(
      store.connection,
      "select count(*)::double as n, bool_and(environment = 'evaluation') as evaluated, count(distinct task_id)::double as tasks from calls",
    );
    return { came, outputs, calls };
  } finally {
    store.close();
  }
}

describe("requestFiles", () => {
  test("asks every item of every model in every round, whatever the files are for, and carries the canary", () => {
    for (const target of requestTargets) {
      const { files: written, requests } = files({ for: target });
      assert.equal(requests, 8 * 2 * 3, target);
      const all = written.map(({ text }) => text).join("");
      assert.ok(all.includes("fieldnotes-canary-x"), target);
      for (const { prompt } of items.filter(({ prompt }) => prompt.startsWith("Q")))
        assert.ok(all.includes(`"${prompt}"`) || all.includes(`\\"${prompt}\\"`), `${target} ${prompt}`);
    }
  });

  test("gives the same order for the same seed, and another for another", () => {
    const order = (seed: number) => files({ for: "jsonl", seed }).files[0].text;
    assert.equal(order(1), order(1));
    assert.notEqual(order(1), order(2));
    const rows = lines(order(1));
    assert.deepEqual(
      rows.slice(0, 16).map(({ repeat }) => repeat),
      Array(16).fill(1),
      "a round comes before the next",
    );
  });

  thorough(
    "writes a batch for each model where a batch takes one, with ids that its results bring back to the items",
    async () => {
      const { files: written } = files({ for: "openai-batch", maxTokens: 50 });
      assert.deepEqual(
        written.map(({ name, requests }) => [name, requests]),
        [
          ["set.openai-batch.a-one.jsonl", 24],
          ["set.openai-batch.two.jsonl", 24],
        ],
      );
      const requests = written.flatMap(({ text }) => lines(text));
      assert.equal(new Set(requests.map(({ custom_id }) => custom_id)).size, 48);
      assert.ok(requests.every(({ custom_id }) => /^[\w-]{1,64}$/.test(custom_id)));
      assert.equal(requests[0].body.max_tokens, 50);
      const results = requests.map(({ custom_id, body }, at) => ({
        id: `batch_req_${at}`,
        custom_id,
        response: {
          status_code: 200,
          request_id: `req_${at}`,
          body: {
            id: `c${at}`,
            object: "chat.completion",
            created: 1_780_000_000,
            model: body.model,
            choices: [{ message: { role: "assistant", content: `A${at}` }, finish_reason: "stop" }],
            usage: { prompt_tokens: 5, completion_tokens: 2 },
          },
        },
        error: null,
      }));
      const { came, outputs, calls } = await imported(
        "openai.jsonl",
        results.map((one) => `${JSON.stringify(one)}\n`).join(""),
      );
      assert.equal(came.outputs, 48);
      assert.deepEqual(calls, { n: 48, evaluated: true, tasks: 48 });
      assert.equal(outputs.filter(({ item_id }) => item_id === "item-0").length, 6);
    },
  );

  test("writes one Anthropic batch, instructions apart from messages, and reads its results back", async () => {
    const [{ text }] = files({ for: "anthropic-batch" }).files;
    const { requests } = JSON.parse(text);
    const two = requests.find(({ custom_id }: { custom_id: string }) =>
      custom_id.startsWith("fieldnotes-item-2-"),
    );
    assert.equal(two.params.system, "Be kind.");
    assert.deepEqual(two.params.messages, [{ role: "user", content: "Hi {{name}}" }]);
    const results = requests.map(
      ({ custom_id, params }: { custom_id: string; params: { model: string } }, at: number) => ({
        custom_id,
        result: {
          type: "succeeded",
          message: {
            id: `msg_${at}`,
            type: "message",
            role: "assistant",
            model: params.model,
            content: [{ type: "text", text: `A${at}` }],
            stop_reason: "end_turn",
            usage: { input_tokens: 5, output_tokens: 2 },
          },
        },
      }),
    );
    const { outputs, calls } = await imported(
      "anthropic.jsonl",
      results.map((one: object) => `${JSON.stringify(one)}\n`).join(""),
    );
    assert.deepEqual(calls, { n: 48, evaluated: true, tasks: 48 });
    assert.equal(outputs.length, 48);
  });

  thorough(
    "reads an Inspect log of its samples, and promptfoo's results, by the items' own ids",
    async () => {
      const [data] = files({ for: "inspect" }).files;
      const samples = lines(data.text).map(({ id, input, target, metadata }) => ({
        id,
        epoch: 1,
        input,
        target,
        metadata,
        output: { model: "one", choices: [{ message: { content: "A" } }] },
        model_usage: { "a/one": { input_tokens: 5, output_tokens: 2, total_tokens: 7 } },
        events: [
          {
            event: "model",
            model: "a/one",
            timestamp: "2026-06-01T10:00:00+00:00",
            input: [],
            output: { model: "one", choices: [{ message: { content: "A" }, stop_reason: "stop" }], time: 1 },
          },
        ],
        scores: {},
      }));
      const log = {
        version: 2,
        status: "success",
        eval: { task: "evalset", model: "a/one", eval_id: "e" },
        plan: {},
        results: {},
        samples,
      };
      const inspected = await imported("inspect.json", JSON.stringify(log));
      assert.deepEqual(new Set(inspected.outputs.map(({ item_id }) => item_id)).size, 8);

      const config = JSON.parse(files({ for: "promptfoo" }).files[0].text);
      assert.equal(config.tests.length, 24);
      const results = config.tests.map((testCase: object, at: number) => ({
        id: `r${at}`,
        promptIdx: 0,
        testIdx: at,
        provider: { id: "two" },
        prompt: { raw: "x", label: "x" },
        vars: {},
        testCase,
        response: { output: "A", tokenUsage: { prompt: 1, completion: 1 } },
        latencyMs: 10,
        success: true,
      }));
      const foo = await imported(
        "promptfoo.json",
        JSON.stringify({ evalId: "e", results: { results }, config: {} }),
      );
      assert.equal(foo.outputs.length, 24);
      assert.equal(new Set(foo.outputs.map(({ item_id }) => item_id)).size, 8);
    },
  );

  test("leaves a prompt's own braces alone where a program fills in templates", () => {
    const { tests } = JSON.parse(files({ for: "promptfoo" }).files[0].text);
    const two = tests.find(
      ({ metadata }: { metadata: { fieldnotes_item: string } }) => metadata.fieldnotes_item === "item-2",
    );
    assert.match(two.vars.messages, /^\{% raw %\}.*\{\{name\}\}.*\{% endraw %\}$/);
  });

  test("refuses what cannot be asked, and says what to do", () => {
    assert.throws(() => files({ for: "jsonl", models: [] }), /requires at least one model/);
    assert.throws(() => files({ for: "jsonl", models: ["a", "a"] }), /requires every model once/);
    assert.throws(() => files({ for: "jsonl", repeats: 0 }), /whole repeats from 1 to 1000/);
    for (const maxTokens of [0, -1, 1.5])
      assert.throws(
        () => files({ for: "jsonl", maxTokens }),
        new RegExp(`requires a whole maxTokens >= 1, got ${maxTokens}$`),
      );
    for (const temperature of [-1, 2.1, Number.NaN])
      assert.throws(
        () => files({ for: "jsonl", temperature }),
        new RegExp(`requires a temperature from 0 to 2, got ${temperature}$`),
      );
    assert.throws(
      () => requestFiles([{ ...item(1), item_id: "an id" }], { for: "openai-batch", models }),
      /at most 40 letters, digits, - and _, got "an id"; rename it/,
    );
  });
});

describe("a request's messages", () => {
  test("are the logged chat's own, with instructions in place of its own where they are given", () => {
    assert.deepEqual(messagesOf(items[2].prompt), [
      { role: "system", content: "Be kind." },
      { role: "user", content: "Hi {{name}}" },
    ]);
    assert.deepEqual(messagesOf(items[2].prompt, "Be brief."), [
      { role: "system", content: "Be brief." },
      { role: "user", content: "Hi {{name}}" },
    ]);
    assert.deepEqual(messagesOf('{"a": 1}'), [{ role: "user", content: '{"a": 1}' }]);
  });

  test("are text where a tool has spoken, which cannot be replayed without it", () => {
    const [only, ...others] = messagesOf('[{"role":"user","content":"Hi"},{"role":"tool","content":"42"}]');
    assert.deepEqual([only.role, others.length], ["user", 0]);
    assert.match(only.content, /tool: 42/);
  });
});

describe("Retry-After", () => {
  test("is read in seconds, in milliseconds and as a date", () => {
    const now = Date.parse("2026-06-01T10:00:00Z");
    assert.equal(retryAfter({ "retry-after": "2" }, now), 2);
    assert.equal(retryAfter({ "retry-after-ms": "250", "retry-after": "1" }, now), 0.25);
    assert.equal(retryAfter({ "retry-after": "Mon, 01 Jun 2026 10:00:30 GMT" }, now), 30);
    assert.equal(retryAfter({}, now), null);
    assert.equal(retryAfter({ "retry-after": "soon" }, now), null);
  });
});
