import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { thorough } from "../../property";
import * as anthropic from "./fixtures/anthropic";
import * as bedrock from "./fixtures/bedrock";
import * as gemini from "./fixtures/gemini";
import * as helicone from "./fixtures/helicone";
import * as inspect from "./fixtures/inspect";
import * as langfuse from "./fixtures/langfuse";
import * as langsmith from "./fixtures/langsmith";
import * as litellm from "./fixtures/litellm";
import * as mlflow from "./fixtures/mlflow";
import * as openai from "./fixtures/openai";
import * as otlp from "./fixtures/otlp";
import * as phoenix from "./fixtures/phoenix";
import * as portkey from "./fixtures/portkey";
import * as tau2 from "./fixtures/tau2Bench";
import * as tau from "./fixtures/tauBench";
import { read } from "./read";

type Use = [tool: unknown, status: unknown, arguments: string | null];

/** The tool calls in records of a format, in log order; calls with the same arguments have the same letter. */
async function usesIn(content: unknown, file = "log.jsonl"): Promise<Use[]> {
  const { spans, calls } = await read([{ file, content }]);
  const seen: unknown[] = [];
  const tasks = new Set(calls.map(({ task_id }) => task_id));
  return spans
    .filter(({ tool }) => tool !== null)
    .map(({ arguments_hash, tool, status, task_id }): Use => {
      assert.ok(tasks.has(task_id), `a use of ${task_id}, of which there are no calls`);
      if (arguments_hash !== null && !seen.includes(arguments_hash)) seen.push(arguments_hash);
      return [tool, status, arguments_hash === null ? null : "abcdef"[seen.indexOf(arguments_hash)]];
    });
}

/** The tool "find" with the same arguments twice, however they are spaced, and "book", which fails. */
const expected: Use[] = [
  ["find", "ok", "a"],
  ["find", "ok", "a"],
  ["book", "error", "b"],
];
const [spaced, dense, other] = ['{"id": 7}', '{"id":7}', '{"id":8}'];

describe("uses of tools", () => {
  thorough(
    "in OpenTelemetry: by the convention, OpenInference, OpenLLMetry and Vercel's SDK; none twice for its events",
    async () => {
      const span = (name: string, attributes: Record<string, string>, code = "STATUS_CODE_OK") => ({
        ...otlp.span,
        spanId: `00000000000000${10 + name.length + Object.keys(attributes).length * 20}`,
        name,
        status: { code },
        attributes: Object.entries(attributes).map(([key, stringValue]) => ({ key, value: { stringValue } })),
      });
      const failed = "STATUS_CODE_ERROR";
      const spans = [
        otlp.span,
        span("execute_tool find", {
          "gen_ai.operation.name": "execute_tool",
          "gen_ai.tool.name": "find",
          "gen_ai.tool.call.arguments": spaced,
        }),
        span("anything", { "openinference.span.kind": "TOOL", "tool.name": "find", "input.value": dense }),
        span(
          "book.tool",
          {
            "traceloop.span.kind": "tool",
            "traceloop.entity.name": "book",
            "traceloop.entity.input": other,
          },
          failed,
        ),
        span("ai.toolCall", { "ai.toolCall.name": "look", "ai.toolCall.args": other }),
        span("execute_tool bare", { "gen_ai.operation.name": "execute_tool" }),
        span("tool.search.start-1", { "openinference.span.kind": "TOOL", "tool.parameters": spaced }),
        span("tool.search.success-1", { "openinference.span.kind": "TOOL" }),
        span("agent", { "openinference.span.kind": "AGENT", "tool.name": "find" }),
      ];
      const found = await usesIn([{ resourceSpans: [{ scopeSpans: [{ spans }] }] }]);
      assert.deepEqual(found, [
        ...expected,
        ["look", "ok", "b"],
        ["bare", "ok", null],
        ["search", null, "a"],
      ]);
    },
  );

  thorough(
    "in Langfuse: observations of type TOOL, what frameworks write beside older ones, and LangChain's messages",
    async () => {
      const own = { ...langfuse.generation, type: "SPAN", output: null, parentObservationId: null };
      const content = [
        langfuse.generation,
        { ...own, id: "1", type: "TOOL", name: "running tool: find", input: { id: 7 } },
        {
          ...{ ...own, id: "2", name: "anything", input: null },
          metadata: { attributes: { "gen_ai.tool.name": "find", "gen_ai.tool.call.arguments": dense } },
        },
        { ...own, id: "3", type: "TOOL", name: "book", input: { id: 8 }, level: "ERROR" },
        {
          ...{ ...own, id: "4", name: "node", input: { id: 8 } },
          output: { type: "tool", tool_call_id: "x", name: "look", status: "error" },
        },
        {
          ...{ ...own, id: "5", name: "tool.search.start-1", input: null },
          metadata: { attributes: { "openinference.span.kind": "TOOL" } },
        },
        {
          ...{ ...own, id: "6", name: "tool.search.finish-1" },
          metadata: { attributes: { "openinference.span.kind": "TOOL" } },
        },
        {
          ...{ ...own, id: "7", name: "agent.update" },
          metadata: { attributes: { "openinference.span.kind": "AGENT", "tool.name": "find" } },
        },
      ];
      const found = await usesIn(content);
      assert.deepEqual(found, [...expected, ["look", "error", "b"], ["search", null, null]]);
    },
  );

  thorough("in Phoenix, MLflow and LangSmith: runs and spans of that kind", async () => {
    const span = (span_id: string, name: string, input: string, status_code = "OK") => ({
      ...{ ...phoenix.span, id: span_id, name, span_kind: "TOOL", status_code },
      context: { trace_id: "AB01", span_id },
      attributes: { "openinference.span.kind": "TOOL", "input.value": input },
    });
    assert.deepEqual(
      await usesIn([
        phoenix.span,
        span("1", "find", spaced),
        span("2", "find", dense),
        span("3", "book", other, "ERROR"),
      ]),
      expected,
    );
    const [agent, chat] = mlflow.trace.data.spans;
    const tool = (span_id: string, name: string, input: string, code = "STATUS_CODE_OK") => ({
      ...{ ...agent, span_id, name, status: { code, message: "" } },
      attributes: { "mlflow.spanType": '"TOOL"', "mlflow.spanInputs": input },
    });
    const spans = [
      ...[agent, chat, tool("3", "find", spaced), tool("4", "find", dense)],
      tool("5", "book", other, "STATUS_CODE_ERROR"),
    ];
    assert.deepEqual(await usesIn([{ ...mlflow.trace, data: { spans } }]), expected);
    const run = (id: string, name: string, inputs: object, error: string | null = null) => ({
      ...{ ...langsmith.run, id, name, run_type: "tool", inputs, error },
      status: error === null ? "success" : "error",
    });
    assert.deepEqual(
      await usesIn([
        langsmith.run,
        run("1", "find", { id: 7 }),
        run("2", "find", { id: 7 }),
        run("3", "book", { id: 8 }, "no seat"),
      ]),
      expected,
    );
  });

  thorough("in tau2-bench: those of the agent, none that the simulated user did", async () => {
    assert.deepEqual(await usesIn(tau2.withTools.content, "tools.json"), [
      ["find", "ok", "a"],
      ["book", "error", "b"],
    ]);
  });

  test("in tau-bench: each with the answer that stands behind it, though ids come again", async () => {
    const asks = (name: string, given: string, id = "x") => ({
      ...{ role: "assistant", content: null },
      tool_calls: [{ id, type: "function", function: { name, arguments: given } }],
    });
    const tells = (content: string, id = "x") => ({ role: "tool", tool_call_id: id, content });
    const traj = [
      ...[asks("find", spaced), tells("{}"), asks("find", dense), tells("{}")],
      ...[asks("book", other), tells("Error: no seat"), asks("book", other, "y")],
    ];
    assert.deepEqual(await usesIn([{ ...tau.run, traj }], "run.json"), [...expected, ["book", null, "b"]]);
  });

  thorough("in Inspect: its events, else its messages", async () => {
    const event = (name: string, given: object, error: object | null = null) => ({
      ...{ event: "tool", type: "function", function: name, arguments: given, error, result: "" },
      timestamp: "2025-05-12T20:27:33.000000-04:00",
      completed: "2025-05-12T20:27:34.500000-04:00",
    });
    const events = [
      ...inspect.sample.events,
      ...[event("find", { id: 7 }), event("find", { id: 7 })],
      event("book", { id: 8 }, { type: "timeout", message: "too slow" }),
    ];
    const log = (sample: object) => ({ ...inspect.log, samples: [{ ...inspect.sample, ...sample }] });
    assert.deepEqual(await usesIn(log({ events }), "log.json"), expected);
    const messages = [
      {
        role: "assistant",
        tool_calls: [
          { id: "1", function: "find", arguments: { id: 7 } },
          { id: "2", function: "find", arguments: { id: 7 } },
          { id: "3", function: "book", arguments: { id: 8 } },
        ],
      },
      { role: "tool", tool_call_id: "1", content: "" },
      { role: "tool", tool_call_id: "2", content: "" },
      { role: "tool", tool_call_id: "3", content: "", error: { type: "timeout", message: "too slow" } },
    ];
    assert.deepEqual(await usesIn(log({ events: undefined, messages }), "log.json"), expected);
  });

  thorough(
    "in answers of OpenAI and Anthropic: what the model asks for, of which they do not tell how it went",
    async () => {
      const unknown = expected.map(([tool, , given]): Use => [tool, null, given]);
      const call = (name: string, given: string) => ({
        type: "function",
        function: { name, arguments: given },
      });
      const tool_calls = [call("find", spaced), call("find", dense), call("book", other)];
      const choices = [{ index: 0, message: { role: "assistant", tool_calls }, finish_reason: "tool_calls" }];
      assert.deepEqual(await usesIn([{ ...openai.completion, choices }]), unknown);
      const { choices: _, ...rest } = openai.completion;
      const output = [
        { type: "reasoning" },
        ...tool_calls.map(({ function: { name, arguments: given } }) => ({
          ...{ type: "function_call", call_id: "c", name, arguments: given },
        })),
      ];
      assert.deepEqual(
        await usesIn([{ ...rest, object: "response", created_at: 1740000000, output }]),
        unknown,
      );
      const block = (name: string, id: number) => ({ type: "tool_use", id: "t", name, input: { id } });
      const content = [{ type: "text", text: "Hm" }, block("find", 7), block("find", 7), block("book", 8)];
      assert.deepEqual(await usesIn([{ ...anthropic.message, content }]), unknown);
    },
  );

  thorough(
    "in the answers that gateways and clouds pass on: what the model asks for, in whichever API's form",
    async () => {
      const unknown = expected.map(([tool, , given]): Use => [tool, null, given]);
      const call = (name: string, given: string) => ({
        type: "function",
        function: { name, arguments: given },
      });
      const tool_calls = [call("find", spaced), call("find", dense), call("book", other)];
      const chat = { choices: [{ message: { role: "assistant", content: null, tool_calls } }] };
      const responses = {
        output: tool_calls.map(({ function: one }) => ({ type: "function_call", ...one })),
      };
      const block = (name: string, id: number) => ({ type: "tool_use", id: "t", name, input: { id } });
      const anthropics = {
        content: [{ type: "text", text: "Hm" }, block("find", 7), block("find", 7), block("book", 8)],
      };
      const bodies = [chat, responses, anthropics];
      for (const body of bodies) {
        assert.deepEqual(await usesIn([{ ...litellm.payload, response: body }]), unknown);
        assert.deepEqual(await usesIn([{ ...helicone.request, response_body: body }]), unknown);
        assert.deepEqual(await usesIn([{ ...portkey.log, response: body }]), unknown);
      }
      const parts = [
        ["find", 7],
        ["find", 7],
        ["book", 8],
      ].map(([name, id]) => ({ name, args: { id } }));
      for (const name of ["functionCall", "function_call"]) {
        const candidates = [{ content: { parts: parts.map((one) => ({ [name]: one })) } }];
        assert.deepEqual(await usesIn([{ ...gemini.response, candidates }]), unknown);
      }
      const toolUse = (name: string, id: number) => ({ toolUse: { toolUseId: "t", name, input: { id } } });
      const message = {
        content: [{ text: "Hm" }, toolUse("find", 7), toolUse("find", 7), toolUse("book", 8)],
      };
      const log = (outputBodyJson: object) => [{ ...bedrock.converse, output: { outputBodyJson } }];
      assert.deepEqual(await usesIn(log({ output: { message } })), unknown);
      // A stream's events have the arguments in pieces.
      const begun = ["find", "book"].map((name) => ({ contentBlockStart: { start: { toolUse: { name } } } }));
      assert.deepEqual(await usesIn(log(begun)), [
        ["find", null, null],
        ["book", null, null],
      ]);
    },
  );

  test("take the same arguments as the same in whichever order their keys stand, lists as they are", async () => {
    const given = [
      { from: "OSL", to: { city: "RIX", on: [{ day: 1, hour: 2 }] }, n: null },
      { n: null, to: { on: [{ hour: 2, day: 1 }], city: "RIX" }, from: "OSL" },
      { from: "OSL", to: { city: "RIX", on: [{ day: 2, hour: 1 }] }, n: null },
      { from: "OSL", to: { city: "RIX", on: [{ day: 1, hour: 2 }] } },
      { list: [1, 2] },
      { list: [2, 1] },
    ];
    const content = given.map((input) => ({ type: "tool_use", id: "t", name: "book", input }));
    const found = await usesIn([{ ...anthropic.message, content }]);
    assert.deepEqual(found.map(([, , letter]) => letter).join(""), "aabcde");
  });
});
