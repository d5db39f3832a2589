import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { answerOf, finishOf } from "../../../src/logs/records/answer";
import { open, type Store } from "../../../src/store/open";
import { rowsOf } from "../../../src/store/run";

const message = { role: "assistant", content: "Hello" };
const call = { id: "t1", type: "function", function: { name: "look", arguments: "{}" } };

// An answer as logged, its text, and why the model stopped.
const forms: Record<string, [unknown, string | null, string | null]> = {
  "a text": ["Hello", "Hello", null],
  "a JSON text of the model's own": [
    '{"content": "Hello", "text": "x"}',
    '{"content": "Hello", "text": "x"}',
    null,
  ],
  "a JSON list of the model's own": ['[{"content": 1}]', '[{"content": 1}]', null],
  "a chat completion": [{ choices: [{ message, finish_reason: "stop" }] }, "Hello", "stop"],
  "a completion of parts": [
    { choices: [{ message: { role: "assistant", content: [{ type: "text", text: "Hello" }] } }] },
    "Hello",
    null,
  ],
  "the call of a tool": [
    {
      choices: [
        { message: { role: "assistant", content: null, tool_calls: [call] }, finish_reason: "tool_calls" },
      ],
    },
    null,
    "tool_calls",
  ],
  "a refusal": [
    {
      choices: [
        { message: { role: "assistant", content: null, refusal: "I cannot." }, finish_reason: "stop" },
      ],
    },
    null,
    "refusal",
  ],
  "an Anthropic message behind its thinking": [
    {
      role: "assistant",
      content: [
        { type: "thinking", thinking: "hm" },
        { type: "text", text: "Hello" },
      ],
      stop_reason: "end_turn",
    },
    "Hello",
    "end_turn",
  ],
  "a Gemini response": [
    { candidates: [{ content: { parts: [{ text: "Hello" }] }, finishReason: "MAX_TOKENS" }] },
    "Hello",
    "MAX_TOKENS",
  ],
  "a Converse response": [
    { output: { message: { role: "assistant", content: [{ text: "Hello" }] } }, stopReason: "end_turn" },
    "Hello",
    "end_turn",
  ],
  "a response of the Responses API": [
    {
      output: [
        { type: "reasoning" },
        { type: "message", role: "assistant", content: [{ type: "output_text", text: "Hello" }] },
      ],
    },
    "Hello",
    null,
  ],
  "a LangChain generation": [
    { generations: [[{ text: "Hello", generation_info: { finish_reason: "length" } }]] },
    "Hello",
    "length",
  ],
  "a message": [message, "Hello", null],
  "a list of messages": [[{ role: "user", content: "Hi" }, message], "Hello", null],
  "OpenTelemetry's messages": [
    [{ role: "assistant", parts: [{ type: "text", content: "Hello" }], finish_reason: "stop" }],
    "Hello",
    "stop",
  ],
  "an Ollama response": [{ model: "m", message, done: true }, "Hello", null],
  "white space before": [`\n\t ${JSON.stringify(message)}`, "Hello", null],
  "damaged JSON": ['{"role": "assistant", "content": "Hel', '{"role": "assistant", "content": "Hel', null],
  nothing: [null, null, null],
};

describe("answers", () => {
  let store: Store;
  before(async () => {
    store = await open(":memory:");
  });
  after(() => store.close());

  for (const [name, [given, text, finish]] of Object.entries(forms)) {
    test(`${name}: its text is found, and why it ended`, async () => {
      const value = given === null || typeof given === "string" ? given : JSON.stringify(given);
      const [row] = await rowsOf<{ text: string | null; finish: string | null }>(
        store.connection,
        `select ${answerOf("t")} as text, ${finishOf("t")} as finish from (select $value::varchar as t)`,
        { value },
      );
      assert.deepEqual(row, { text, finish });
    });
  }
});
