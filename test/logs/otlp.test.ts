import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe } from "node:test";
import { some, thorough } from "../property";
import { jsonl, type Workbench, workbench } from "./workbench";

type Attributes = Record<string, unknown>;

function attribute([key, value]: [string, unknown]) {
  if (typeof value === "object") return { key, value };
  if (typeof value === "number") {
    return { key, value: Number.isInteger(value) ? { intValue: `${value}` } : { doubleValue: value } };
  }
  return { key, value: typeof value === "boolean" ? { boolValue: value } : { stringValue: value } };
}

const list = (attributes: Attributes) => Object.entries(attributes).map(attribute);

function span(attributes: Attributes, more: object = {}) {
  return {
    traceId: "5B8EFFF798038103D269B633813FC60C",
    spanId: "EEE19B7EC3C1B174",
    startTimeUnixNano: "1544712660000000000",
    endTimeUnixNano: "1544712661000000001",
    attributes: list(attributes),
    ...more,
  };
}

function traces(spans: object[], resource: Attributes = {}) {
  return { resourceSpans: [{ resource: { attributes: list(resource) }, scopeSpans: [{ spans }] }] };
}

async function oneCall({ read, rows }: Workbench, attributes: Attributes, more: object = {}, resource = {}) {
  await rows("delete from calls");
  await rows("delete from ingests");
  const file = await read("t.jsonl", jsonl(traces([span(attributes, more)], resource)), { text: "keep" });
  assert.equal(file.status, "ingested", file.reason);
  const [call] = await rows("from calls");
  return call;
}

thorough("the names of the convention, now and before", () =>
  workbench(async (bench) => {
    const cases: [Attributes, Attributes][] = [
      [{ "gen_ai.response.model": "r" }, { model: "r", request_model: "q", response_model: "r" }],
      [{ "gen_ai.provider.name": "openai" }, { provider: "openai" }],
      [{ "gen_ai.system": "Anthropic" }, { provider: "anthropic" }],
      [{ "gen_ai.system": "openai.responses" }, { provider: "openai" }],
      [{ "gen_ai.system": "az.ai.openai" }, { provider: "az.ai.openai" }],
      [{ "gen_ai.usage.input_tokens": 7 }, { input_tokens: 7 }],
      [{ "gen_ai.usage.prompt_tokens": 7 }, { input_tokens: 7 }],
      [{ "gen_ai.usage.output_tokens": 7 }, { output_tokens: 7 }],
      [{ "gen_ai.usage.completion_tokens": 7 }, { output_tokens: 7 }],
      [{ "gen_ai.usage.input_tokens": { intValue: 7 } }, { input_tokens: 7 }],
      [{ "gen_ai.usage.input_tokens": { doubleValue: 7 } }, { input_tokens: 7 }],
      [{ "gen_ai.usage.cache_read.input_tokens": 7 }, { cache_read_input_tokens: 7 }],
      [{ "gen_ai.usage.cache_creation.input_tokens": 7 }, { cache_creation_input_tokens: 7 }],
      [
        {
          "gen_ai.usage.input_tokens": 7,
          "gen_ai.usage.cache_read.input_tokens": 100,
          "gen_ai.usage.cache_creation.input_tokens": 50,
        },
        { input_tokens: 157, cache_read_input_tokens: 100, cache_creation_input_tokens: 50 },
      ],
      [
        {
          "ai.stream.msToFirstChunk": 812.5,
          "ai.usage.cachedInputTokens": 4,
          "ai.usage.reasoningTokens": 3,
          "ai.telemetry.metadata.userId": "u",
          "ai.telemetry.metadata.sessionId": "s",
        },
        {
          time_to_first_token: 0.8125,
          cache_read_input_tokens: 4,
          reasoning_output_tokens: 3,
          user_id: "u",
          conversation_id: "s",
        },
      ],
      [{ "gen_ai.usage.reasoning.output_tokens": 7 }, { reasoning_output_tokens: 7 }],
      [{ "gen_ai.response.time_to_first_chunk": 0.25 }, { time_to_first_token: 0.25 }],
      [
        { "gen_ai.conversation.id": "c", "user.id": "u" },
        { conversation_id: "c", user_id: "u" },
      ],
      [{ "gen_ai.agent.name": "helper" }, { workload: "helper" }],
      [{ "gen_ai.operation.name": "embeddings" }, { operation: "embeddings", role: "other" }],
      [{ "gen_ai.operation.name": "text_completion" }, { operation: "text_completion", role: "answer" }],
      [
        { "gen_ai.response.finish_reasons": { arrayValue: { values: [{ stringValue: "stop" }] } } },
        { finish_reason: "stop" },
      ],
      [{ "gen_ai.response.finish_reasons": '["length"]' }, { finish_reason: "length" }],
      [{ "gen_ai.response.finish_reasons": { arrayValue: { values: [] } } }, { model: "q" }],
      [{ "gen_ai.input.messages": { kvlistValue: { values: [] } } }, { model: "q" }],
      [{ "http.request.resend_count": 2 }, { attempt: 3 }],
    ];
    for (const [attributes, expected] of some(cases)) {
      const call = await oneCall(bench, {
        "gen_ai.operation.name": "chat",
        "gen_ai.request.model": "q",
        ...attributes,
      });
      for (const [column, value] of Object.entries(expected)) {
        assert.deepEqual(call[column], value, `${JSON.stringify(attributes)}: ${column}`);
      }
    }
    const call = await oneCall(
      bench,
      { "gen_ai.request.model": "q" },
      {},
      {
        "service.name": "shop",
        "service.version": "1.2",
        "deployment.environment.name": "production",
      },
    );
    assert.deepEqual([call.workload, call.release, call.environment], ["shop", "1.2", "production"]);
  }),
);

thorough("the names of OpenInference", () =>
  workbench(async (bench) => {
    const call = await oneCall(bench, {
      "openinference.span.kind": "LLM",
      "llm.model_name": "m",
      "llm.provider": "p",
      "llm.token_count.prompt": 10,
      "llm.token_count.completion": 5,
      "llm.token_count.prompt_details.cache_read": 4,
      "llm.token_count.prompt_details.cache_write": 3,
      "llm.token_count.completion_details.reasoning": 2,
      "llm.cost.prompt": 0.25,
      "llm.cost.completion": 0.5,
      "session.id": "s",
      "user.id": "u",
      "output.value": '{"a": 1}',
      "evaluations.0.evaluation.name": "correct",
      "evaluations.0.evaluation.score": 1,
      "evaluations.1.evaluation.name": "tone",
      "evaluations.1.evaluation.label": "kind",
      "evaluations.1.evaluation.annotator_kind": "HUMAN",
      "trace.annotations.0.annotation.name": "solved",
      "trace.annotations.0.annotation.score": 0.5,
      "trace.annotations.0.annotation.annotator_kind": "CODE",
    });
    const { model, provider, input_tokens, output_tokens, cost, cost_source, json_valid } = call;
    assert.deepEqual([model, provider, input_tokens, output_tokens, cost], ["m", "p", 10, 5, 0.75]);
    assert.deepEqual([cost_source, json_valid], ["log", true]);
    assert.deepEqual(
      [call.cache_read_input_tokens, call.cache_creation_input_tokens, call.reasoning_output_tokens],
      [4, 3, 2],
    );
    assert.deepEqual([call.conversation_id, call.user_id], ["s", "u"]);
    const trace = "5b8efff798038103d269b633813fc60c";
    assert.deepEqual(
      await bench.rows("select subject, subject_id, name, value, label, rater from scores order by name"),
      [
        { subject: "call", subject_id: call.call_id, name: "correct", value: 1, label: null, rater: "judge" },
        { subject: "task", subject_id: trace, name: "solved", value: 0.5, label: null, rater: "rule" },
        {
          subject: "call",
          subject_id: call.call_id,
          name: "tone",
          value: null,
          label: "kind",
          rater: "human",
        },
      ],
    );
    const paid = await oneCall(bench, {
      "openinference.span.kind": "LLM",
      "llm.model_name": "m",
      "llm.cost.total": 2,
    });
    assert.equal(paid.cost, 2);
    const unknown = await oneCall(bench, { "openinference.span.kind": "LLM", "llm.cost.total": 0 });
    assert.deepEqual([unknown.cost, unknown.cost_source], [null, null]);
    const embedding = await oneCall(bench, { "openinference.span.kind": "EMBEDDING" });
    assert.deepEqual([embedding.operation, embedding.role], ["embeddings", "other"]);
  }),
);

thorough("the names of OpenLLMetry, of both eras", () =>
  workbench(async (bench) => {
    const now = await oneCall(bench, {
      "gen_ai.operation.name": "chat",
      "gen_ai.request.model": "m",
      "gen_ai.usage.cache_read_input_tokens": 4,
      "gen_ai.usage.cache_creation_input_tokens": 3,
      "gen_ai.usage.reasoning_tokens": 2,
      "gen_ai.is_streaming": true,
      "gen_ai.user": "u",
      "traceloop.workflow.name": "w",
      "traceloop.association.properties.session_id": "s",
    });
    assert.deepEqual(
      [now.cache_read_input_tokens, now.cache_creation_input_tokens, now.reasoning_output_tokens, now.stream],
      [4, 3, 2, true],
    );
    assert.deepEqual([now.user_id, now.workload, now.conversation_id], ["u", "w", "s"]);
    const before = await oneCall(bench, {
      "llm.request.type": "completion",
      "llm.request.model": "q",
      "llm.response.model": "r",
      "llm.usage.prompt_tokens": 9,
      "llm.usage.completion_tokens": 8,
      "llm.usage.reasoning_tokens": 7,
      "llm.is_streaming": "true",
      "llm.user": "u",
      "gen_ai.prompt.0.content": "ask",
      "gen_ai.completion.0.content": "told",
      "gen_ai.completion.0.finish_reason": "stop",
    });
    assert.deepEqual(
      [
        before.operation,
        before.model,
        before.input_tokens,
        before.output_tokens,
        before.reasoning_output_tokens,
      ],
      ["text_completion", "r", 9, 8, 7],
    );
    assert.deepEqual(
      [before.stream, before.user_id, before.finish_reason, before.output_length],
      [true, "u", "stop", 4],
    );
    assert.deepEqual(await bench.rows("select distinct prompt, output from texts where prompt is not null"), [
      { prompt: "ask", output: "told" },
    ]);
  }),
);

thorough("how a call ended: by its status as number or word, its error, its HTTP status, its exception", () =>
  workbench(async (bench) => {
    const model = { "gen_ai.request.model": "m" };
    const event = (type: string) => ({
      events: [{ name: "exception", attributes: list({ "exception.type": type }) }],
    });
    const cases: [Attributes, object, string, string | null][] = [
      [{}, {}, "ok", null],
      [{}, { status: {} }, "ok", null],
      [{}, { status: { code: 1 } }, "ok", null],
      [{}, { status: { code: 2, message: "boom" } }, "error", "boom"],
      [{}, { status: { code: "STATUS_CODE_ERROR" } }, "error", null],
      [{ "error.type": "500" }, { status: { code: 2 } }, "error", "500"],
      [{ "error.type": "timeout" }, { status: { code: 2 } }, "timeout", "timeout"],
      [{ "http.response.status_code": 429 }, { status: { code: 2 } }, "rate_limited", null],
      [{ "error.type": "RateLimitError" }, {}, "rate_limited", "RateLimitError"],
      [{}, { status: { code: 2 }, ...event("ReadTimeout") }, "timeout", "ReadTimeout"],
      [{}, { status: { code: 2 }, ...event("CancelledError") }, "cancelled", "CancelledError"],
    ];
    for (const [attributes, more, status, error_type] of cases) {
      const call = await oneCall(bench, { ...model, ...attributes }, more);
      assert.deepEqual(
        [call.status, call.error_type],
        [status, error_type],
        JSON.stringify([attributes, more]),
      );
    }
  }),
);

thorough("times keep their nanoseconds, and a span without an end has no duration", () =>
  workbench(async (bench) => {
    const call = await oneCall(bench, { "gen_ai.request.model": "m" });
    assert.equal(call.duration, 1.000000001);
    assert.deepEqual(call.started_at, new Date("2018-12-13T14:51:00Z"));
    const numbers = await oneCall(
      bench,
      { "gen_ai.request.model": "m" },
      { startTimeUnixNano: 1e18, endTimeUnixNano: 1e18 + 1024 },
    );
    assert.equal(numbers.duration, 1e-6);
    for (const end of [undefined, null, "", "0", 0]) {
      const open = await oneCall(bench, { "gen_ai.request.model": "m" }, { endTimeUnixNano: end });
      assert.equal(open.duration, null);
    }
  }),
);

thorough("roll-ups of agents, chains, tools and workflows are spans and no calls", () =>
  workbench(async ({ read, rows }) => {
    const usage = { "gen_ai.usage.input_tokens": 100, "gen_ai.request.model": "m", "llm.model_name": "m" };
    const kinds: Attributes[] = [
      { "gen_ai.operation.name": "invoke_agent" },
      { "gen_ai.operation.name": "execute_tool" },
      { "openinference.span.kind": "CHAIN" },
      { "openinference.span.kind": "AGENT" },
      { "traceloop.span.kind": "workflow" },
      { "traceloop.span.kind": "task" },
    ];
    const rollUps = kinds.map((kind, at) => span({ ...usage, ...kind }, { spanId: `A${at}` }));
    const leaf = span({ ...usage, "gen_ai.operation.name": "chat" }, { spanId: "B", parentSpanId: "A0" });
    const file = await read("t.jsonl", jsonl(traces([...rollUps, leaf])));
    assert.deepEqual([file.calls, file.others], [1, 7]);
    assert.deepEqual(await rows("select parent_id, call_id from spans where span_id = 'b'"), [
      { parent_id: "a0", call_id: "5b8efff798038103d269b633813fc60c:b" },
    ]);
    assert.deepEqual(await rows("select count(*) as n from spans where call_id is null"), [{ n: 6 }]);
  }),
);

thorough("a server's own span names no model, and tells its first token in seconds", () =>
  workbench(async (bench) => {
    const call = await oneCall(bench, {
      "gen_ai.latency.e2e": 0.5,
      "gen_ai.latency.time_to_first_token": 0.125,
      "gen_ai.usage.prompt_tokens": 14,
      "gen_ai.usage.completion_tokens": 8,
    });
    assert.deepEqual(
      [call.model, call.time_to_first_token, call.input_tokens, call.output_tokens],
      [null, 0.125, 14, 8],
    );
  }),
);

thorough("an embedding's model has a name of its own", () =>
  workbench(async (bench) => {
    const call = await oneCall(bench, {
      "openinference.span.kind": "EMBEDDING",
      "embedding.model_name": "text-embedding-3-small",
    });
    assert.deepEqual([call.model, call.operation], ["text-embedding-3-small", "embeddings"]);
  }),
);

thorough("whose a trace is may stand on its first span alone", () =>
  workbench(async ({ read, rows }) => {
    const root = span({ "user.id": "u", "session.id": "s" }, { spanId: "01" });
    const chat = span({ "gen_ai.request.model": "q" }, { spanId: "02", parentSpanId: "01" });
    await read("t.jsonl", jsonl(traces([chat, root])));
    assert.deepEqual(await rows("select user_id, conversation_id from calls"), [
      { user_id: "u", conversation_id: "s" },
    ]);
  }),
);

describe("many spans on a line, many lines", () => {
  const model = { "gen_ai.request.model": "m" };
  const lines = [
    traces([span(model, { spanId: "1" }), span(model, { spanId: "2" })]),
    { resourceSpans: [] },
    {
      resourceSpans: [
        { scopeSpans: [] },
        {
          resource: { attributes: list({ "service.name": "old" }) },
          instrumentationLibrarySpans: [{ spans: [span(model, { spanId: "3" })] }],
        },
        {
          scopeSpans: [
            { spans: [] },
            { spans: [span(model, { spanId: "4", attributes: [...list(model), { key: "x" }, {}] })] },
          ],
        },
        {},
      ],
    },
    { resourceSpans: null },
    traces([span({}, { spanId: "5", attributes: undefined })]),
    traces([span(model, { spanId: "6" })]),
  ];
  const expected = [
    { span: "1", line: 1, workload: null },
    { span: "2", line: 1, workload: null },
    { span: "3", line: 4, workload: "old" },
    { span: "4", line: 4, workload: null },
    { span: "6", line: 7, workload: null },
  ];
  const text = jsonl(...lines).replace("\n", "\n\n");
  const all = "select split_part(call_id, ':', 2) as span, line, workload from calls order by call_id";
  thorough("each has its line", () =>
    workbench(async ({ read, rows }) => {
      await read("t.jsonl", text);
      assert.deepEqual(await rows(all), expected);
    }),
  );
  thorough("each has its line where others are damaged", () =>
    workbench(async ({ read, rows, rejects }) => {
      const bad = traces([
        span({ ...model, "gen_ai.usage.input_tokens": "many" }, { spanId: "8" }),
        span(model, { spanId: "9" }),
      ]);
      const file = await read("t.jsonl", `${text}nonsense\n${jsonl(bad)}`);
      const nine = ["8", "9"].map((span) => ({ span, line: 9, workload: null }));
      assert.deepEqual(await rows(all), [...expected, ...nine]);
      assert.equal(file.rejected, 1);
      const reported = await rejects();
      assert.match(reported[0], /^8: is not JSON/);
      assert.match(file.emptied?.[0].first ?? "", /^line 9: calls\.input_tokens must be a whole number/);
    }),
  );
  thorough("one document over many lines is read as well", () =>
    workbench(async ({ read, rows }) => {
      await read("t.json", JSON.stringify(lines[0], null, 2));
      assert.equal((await rows(all)).length, 2);
    }),
  );
});

thorough("spans without ids are calls of their own", () =>
  workbench(async ({ read, rows }) => {
    const nameless = span({ "gen_ai.request.model": "m" }, { traceId: undefined, spanId: undefined });
    await read("t.jsonl", jsonl(traces([nameless, nameless]), traces([nameless])));
    assert.deepEqual(await rows("select count(distinct call_id) as ids, count(*) as n from calls"), [
      { ids: 3, n: 3 },
    ]);
  }),
);

thorough("evaluation events are scores of their call, or of the trace of a span that is none", () =>
  workbench(async ({ read, rows }) => {
    const event = (attributes: Attributes) => ({
      name: "gen_ai.evaluation.result",
      timeUnixNano: "1544712662000000000",
      attributes: list(attributes),
    });
    const events = [
      event({
        "gen_ai.evaluation.name": "relevance",
        "gen_ai.evaluation.score.value": 0.75,
        "gen_ai.evaluation.score.label": "good",
      }),
      event({ "gen_ai.evaluation.name": "harmless", "gen_ai.evaluation.score.value": "yes" }),
      { name: "exception", attributes: [] },
    ];
    const agent = span({ "gen_ai.operation.name": "invoke_agent" }, { spanId: "a", events: [events[0]] });
    const file = await read(
      "t.jsonl",
      jsonl(traces([span({ "gen_ai.request.model": "m" }, { events }), agent])),
    );
    assert.equal(file.scores, 3);
    const trace = "5b8efff798038103d269b633813fc60c";
    const at = new Date("2018-12-13T14:51:02Z");
    const common = { rater: "judge", at };
    assert.deepEqual(
      await rows(
        `select subject, subject_id, name, value, label, rater, "at" from scores order by subject, name`,
      ),
      [
        {
          subject: "call",
          subject_id: `${trace}:eee19b7ec3c1b174`,
          name: "harmless",
          value: null,
          label: "yes",
          ...common,
        },
        {
          subject: "call",
          subject_id: `${trace}:eee19b7ec3c1b174`,
          name: "relevance",
          value: 0.75,
          label: "good",
          ...common,
        },
        { subject: "task", subject_id: trace, name: "relevance", value: 0.75, label: "good", ...common },
      ],
    );
  }),
);

thorough(
  "the published example holds no GenAI span, and with GenAI attributes is one call of one second",
  async (t) => {
    const example = join(__dirname, "..", "..", "..", "shared", "cases", "otlp", "trace.json");
    if (!existsSync(example)) {
      assert.ok(
        !(process.env.FIELDNOTES_REQUIRE ?? "").split(",").includes("cases"),
        `${example} is required`,
      );
      return t.skip("the published files are not here");
    }
    await workbench(async ({ read, rows, take }) => {
      const [file] = await take(example);
      assert.deepEqual([file.format, file.status], ["otlp", "failed"]);
      assert.match(file.reason ?? "", /its only span is no GenAI span/);
      const traces = JSON.parse(readFileSync(example, "utf8"));
      const [span] = traces.resourceSpans[0].scopeSpans[0].spans;
      span.attributes.push(...list({ "gen_ai.operation.name": "chat", "gen_ai.request.model": "m" }));
      assert.equal((await read("call.json", JSON.stringify(traces))).calls, 1);
      assert.deepEqual(await rows("select duration from calls"), [{ duration: 1 }]);
    });
  },
);
