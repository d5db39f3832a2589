import type { Format, Target } from "../records/format";
import * as sql from "../records/sql";
import { argumentsHash, isToolBegun, isToolEvent, toolOfSpan } from "../records/toolSql";
import { attributeNames } from "./otlpNames";
import { scores } from "./otlpScores";
import {
  attribute,
  attributesOf,
  callId,
  fields,
  keys,
  nanoseconds,
  resource,
  taskId,
  unnest,
  values,
} from "./otlpSpan";

const duration = `(${nanoseconds("span.endTimeUnixNano")} - ${nanoseconds("span.startTimeUnixNano")}) / 1e9`;
const startedAt = `make_timestamp_ns(${nanoseconds("span.startTimeUnixNano")})::timestamp`;
const isError = "coalesce(span.status.code in ('2', 'STATUS_CODE_ERROR'), false)";
const exceptions = "list_filter(span.events, lambda e: e.name = 'exception')[1].attributes";
const errorType = `coalesce(${attribute(...attributeNames.errorType)}, case when len(span.events) > 0
  then ${values(exceptions)}[list_position(${keys(exceptions)}, 'exception.type')] end)`;
const httpStatus = sql.whole(attribute(...attributeNames.httpStatus));
const failure = `lower(concat_ws(' ', ${errorType}, span.status.message))`;
const output = attribute(
  "gen_ai.output.messages",
  "gen_ai.completion.0.content",
  "llm.output_messages.0.message.content",
  "output.value",
);
// Older conventions number the messages; if there is more than one, the first is only the system's.
const numbered = (stem: string, rest: string) =>
  `case when ${attribute(`${stem}.1.${rest}`)} is null then ${attribute(`${stem}.0.${rest}`)}
    else array_to_string(list_transform(list_filter(range(1, len(k) + 1), lambda i:
      starts_with(k[i], '${stem}.') and suffix(k[i], '.${rest}')), lambda i: v[i]), chr(10)) end`;
const prompt = `coalesce(nullif(concat_ws(' ', ${attribute("gen_ai.system_instructions")}, ${attribute("gen_ai.input.messages")}), ''),
  ${numbered("gen_ai.prompt", "content")}, ${numbered("llm.input_messages", "message.content")}, ${attribute("input.value")})`;
const finish = attribute(
  "gen_ai.response.finish_reasons",
  "gen_ai.response.finish_reason",
  "gen_ai.completion.0.finish_reason",
  "llm.finish_reason",
);

const { name: named, derived } = sql.namedTexts();
const count = (...names: string[]) => sql.whole(named(names[0], attribute(...names)));
const input = count(...attributeNames.input);
const cacheRead = count(...attributeNames.cacheRead);
const cacheWrite = count(...attributeNames.cacheWrite);
const text = (...names: string[]) => named(names[0], attribute(...names));
const conversation = text(...attributeNames.conversation);
const user = text(...attributeNames.user);

const calls: Target = {
  table: "calls",
  where: "is_call",
  columns: {
    call_id: callId,
    task_id: taskId,
    attempt: `${sql.whole(attribute("http.request.resend_count"))} + 1`,
    conversation_id: conversation,
    user_id: user,
    workload: `coalesce(${attribute(...attributeNames.workload)},
      ${resource("fieldnotes.workload")}, ${resource("service.name")})`,
    environment: `coalesce(${resource("deployment.environment.name")}, ${resource("deployment.environment")})`,
    release: resource("service.version"),
    operation: `case when kind = 'EMBEDDING' then 'embeddings' when kind = 'RERANKER' then 'rerank'
      when kind = 'GUARDRAIL' then 'moderation' when operation_name = 'completion' then 'text_completion'
      else coalesce(nullif(operation_name, 'unknown'), 'chat') end`,
    role: "case when kind = 'EVALUATOR' then 'judge' else 'answer' end",
    prompt_template: attribute(...attributeNames.promptTemplate),
    prompt_version: attribute(...attributeNames.promptVersion),
    model: `coalesce(response_model, request_model)`,
    request_model: "request_model",
    response_model: "response_model",
    provider: attribute(...attributeNames.provider),
    region: `coalesce(${attribute("cloud.region", "aws.region")}, ${resource("cloud.region")})`,
    service_tier: attribute(
      "openai.response.service_tier",
      "gen_ai.openai.response.service_tier",
      "openai.request.service_tier",
      "gen_ai.openai.request.service_tier",
    ),
    started_at: startedAt,
    duration,
    // Seconds in the convention; Vercel's SDK gives milliseconds, under a name that says so.
    time_to_first_token: `coalesce(cast(${attribute(...attributeNames.firstToken)} as double), cast(${attribute(...attributeNames.firstTokenMs)} as double) / 1000)`,
    // The convention counts cached tokens as input; some writers pass on Anthropic's count, which excludes them.
    ...sql.inputTokens(input, cacheRead, cacheWrite),
    output_tokens: attribute(...attributeNames.output),
    reasoning_output_tokens: attribute(...attributeNames.reasoning),
    // The convention has no cost; OpenInference does.
    cost: `coalesce(cast(${attribute(...attributeNames.cost)} as double),
      cast(${attribute("llm.cost.prompt")} as double) + cast(${attribute("llm.cost.completion")} as double))`,
    status: `case when not ${isError} and ${errorType} is null then 'ok'
      when ${httpStatus} = 429 or ${failure} similar to '.*(429|rate.?limit|too many requests|throttl).*' then 'rate_limited'
      when ${httpStatus} in (408, 504) or ${failure} similar to '.*(timeout|timed.out|deadline).*' then 'timeout'
      when ${failure} similar to '.*(cancel|abort).*' then 'cancelled' else 'error' end`,
    http_status: httpStatus,
    retry_after: sql.retryAfter({
      failed: `(${isError} or ${errorType} is not null)`,
      header: attribute("http.response.header.retry-after", "http.response.header.retry_after"),
      milliseconds: attribute("http.response.header.retry-after-ms", "http.response.header.retry_after_ms"),
      words: "span.status.message",
      end: `make_timestamp_ns(${nanoseconds("span.endTimeUnixNano")})::timestamp`,
    }),
    error_type: `case when ${isError} or ${errorType} is not null then coalesce(${errorType}, left(span.status.message, 200)) end`,
    finish_reason: `coalesce(json_extract_string(case when json_valid(${finish}) then ${finish} end, '$.values[0].stringValue'),
      json_extract_string(case when json_valid(${finish}) then ${finish} end, '$[0]'), ${finish})`,
    cache_hit: `try_cast(${attribute("fieldnotes.cache_hit")} as boolean)`,
    fallback_from: attribute("fieldnotes.fallback_from"),
    stream: attribute("gen_ai.is_streaming", "llm.is_streaming", "gen_ai.request.stream"),
    prompt,
    output,
  },
};

// The names of a tool use in the convention, its dialects and frameworks.
const isTool = `(not is_call and coalesce(operation_name = 'execute_tool' or (kind = 'TOOL' and not ${isToolEvent("span.name")}) or traceloop_kind = 'tool'
  or ${attribute("gen_ai.tool.name", "ai.toolCall.name")} is not null, false))`;
const tool = `coalesce(${attribute("gen_ai.tool.name", "tool.name", "ai.toolCall.name", "traceloop.entity.name")}, ${toolOfSpan("span.name")})`;
const given = attribute(
  "gen_ai.tool.call.arguments",
  "ai.toolCall.args",
  "tool_arguments",
  "gcp.vertex.agent.tool_call_args",
  "input.value",
  "traceloop.entity.input",
  "tool.parameters",
);

const spans: Target = {
  table: "spans",
  where: "span.spanId is not null",
  columns: {
    span_id: "lower(span.spanId)",
    parent_id: "nullif(lower(span.parentSpanId), '')",
    task_id: taskId,
    call_id: `case when is_call then ${callId} end`,
    stage: `coalesce(${attribute("gen_ai.operation.name", "traceloop.entity.name")}, lower(kind), span.name)`,
    started_at: startedAt,
    duration,
    status: `case when ${isError} then 'error' when kind = 'TOOL' and ${isToolBegun("span.name")} then null else 'ok' end`,
    tool: `case when ${isTool} then ${tool} end`,
    arguments_hash: `case when ${isTool} then ${argumentsHash(given)} end`,
  },
};

// If the application opens the trace itself, only its first span has the user and session.
const tasks: Target = {
  table: "tasks",
  where: `not is_call and nullif(span.parentSpanId, '') is null and coalesce(${user}, ${conversation}) is not null`,
  columns: { task_id: taskId, user_id: user, conversation_id: conversation },
};

export { derived };

/** What a span gives, whichever convention its file uses. */
export const targets: Target[] = [calls, spans, tasks, scores];

const used = JSON.stringify([targets, derived, unnest]);

/** The attributes of calls that no column is made of. */
export const attributes = (records: readonly unknown[], keep: boolean) => attributesOf(used, records, keep);

/** What it means if no span was a call. */
export const nothing = (spans: number) =>
  `${spans === 1 ? "its only span is no" : `none of its ${spans} spans is a`} GenAI span: no gen_ai.*, llm.* or ` +
  "openinference.span.kind attribute names a model or an operation, so there is no call in it";

/** OpenTelemetry traces as JSON lines with GenAI attributes, in the convention and its two dialects. */
export const format: Format = {
  name: "otlp",
  about: "OpenTelemetry traces (OTLP JSON) with GenAI, OpenInference or OpenLLMetry attributes",
  signature: ["resourceSpans"],
  lacks: "cost in the convention itself (ingest prices), time to first token where the tool does not set it",
  recognises: (shape) => shape.fields?.has("resourceSpans") === true,
  reading: () => ({ fields, unnest, derived, targets, attributes, nothing }),
};
