import type { Field, Fields } from "../field";
import type { Format, Target } from "../format";
import { flags } from "../source";

const { unreadable, lost, first } = flags;

// Values as text whatever their kind: a 64-bit number may be a string or a number.
const attributes: Field = [
  {
    key: "VARCHAR",
    value: {
      stringValue: "VARCHAR",
      intValue: "VARCHAR",
      doubleValue: "VARCHAR",
      boolValue: "VARCHAR",
      arrayValue: "VARCHAR",
      kvlistValue: "VARCHAR",
    },
  },
];

const span: Fields = {
  traceId: "VARCHAR",
  spanId: "VARCHAR",
  parentSpanId: "VARCHAR",
  name: "VARCHAR",
  startTimeUnixNano: "VARCHAR",
  endTimeUnixNano: "VARCHAR",
  attributes,
  status: { code: "VARCHAR", message: "VARCHAR" },
  events: [{ name: "VARCHAR", timeUnixNano: "VARCHAR", attributes }],
};

const fields: Fields = {
  resourceSpans: [
    {
      resource: { attributes },
      scopeSpans: [{ spans: [span] }],
      instrumentationLibrarySpans: [{ spans: [span] }],
    },
  ],
};

const keys = (list: string) => `list_transform(${list}, lambda a: a.key)`;
const values = (list: string) =>
  `list_transform(${list}, lambda a: coalesce(a.value.stringValue, a.value.intValue, a.value.doubleValue,
     a.value.boolValue, a.value.arrayValue, a.value.kvlistValue))`;
const elements = (list: string) => `case when len(${list}) > 0 then ${list} else [null] end`;

// One row a span. A record without spans keeps one row, so that records can still be counted.
const unnest = `
select ${unreadable}, ${lost}, ${first}, span, rk, rv, ${keys("span.attributes")} as k, ${values("span.attributes")} as v
from (
  select ${unreadable}, ${lost}, rk, rv, ${first} and generate_subscripts(spans, 1) = 1 as ${first}, unnest(spans) as span
  from (
    select ${unreadable}, ${lost}, rk, rv, ${first} and generate_subscripts(scopes, 1) = 1 as ${first},
      ${elements("scope.spans")} as spans
    from (
      select ${unreadable}, ${lost}, rk, rv, ${first}, scopes, unnest(scopes) as scope
      from (
        select ${unreadable}, ${lost}, ${first}, ${keys("rs.resource.attributes")} as rk, ${values("rs.resource.attributes")} as rv,
          ${elements("coalesce(rs.scopeSpans, rs.instrumentationLibrarySpans)")} as scopes
        from (
          select ${unreadable}, ${lost}, generate_subscripts(list, 1) = 1 as ${first}, unnest(list) as rs
          from (select ${unreadable}, ${lost}, ${elements("resourceSpans")} as list from source)))))) 
`;

/** The first of several attributes that has a value, as text. */
const attribute = (...names: string[]) => {
  const reads = names.map((name) => `v[list_position(k, '${name}')]`);
  return reads.length === 1 ? reads[0] : `coalesce(${reads.join(", ")})`;
};
const resource = (name: string) => `rv[list_position(rk, '${name}')]`;
const whole = (text: string) => `try_cast(${text} as bigint)`;

const requestModel = attribute("gen_ai.request.model", "llm.request.model", "llm.model_name");
const responseModel = attribute("gen_ai.response.model", "llm.response.model");
const operationName = `lower(${attribute("gen_ai.operation.name", "llm.request.type")})`;
const openInferenceKind = `upper(${attribute("openinference.span.kind")})`;
const inference =
  "('chat', 'generate_content', 'text_completion', 'embeddings', 'completion', 'embedding', 'responses', 'messages')";
const isCall = `case
  when ${operationName} is not null then ${operationName} in ${inference}
  when ${openInferenceKind} is not null then ${openInferenceKind} in ('LLM', 'EMBEDDING')
  when lower(${attribute("traceloop.span.kind")}) in ('workflow', 'task', 'agent', 'tool') then false
  else coalesce(${requestModel}, ${responseModel}) is not null end`;
const duration =
  "(try_cast(span.endTimeUnixNano as hugeint) - try_cast(span.startTimeUnixNano as hugeint)) / 1e9";
const startedAt = "make_timestamp_ns(try_cast(span.startTimeUnixNano as bigint))::timestamp";
const isError = "coalesce(span.status.code in ('2', 'STATUS_CODE_ERROR'), false)";
const errorType = attribute("error.type", "exception.type");
const httpStatus = whole(attribute("http.response.status_code", "http.status_code"));
const failure = `lower(concat_ws(' ', ${errorType}, span.status.message))`;
const output = attribute(
  "gen_ai.output.messages",
  "gen_ai.completion.0.content",
  "llm.output_messages.0.message.content",
  "output.value",
);
const prompt = attribute(
  "gen_ai.input.messages",
  "gen_ai.prompt.0.content",
  "llm.input_messages.0.message.content",
  "input.value",
);
const finish = attribute(
  "gen_ai.response.finish_reasons",
  "gen_ai.response.finish_reason",
  "gen_ai.completion.0.finish_reason",
  "llm.finish_reason",
);

const calls: Target = {
  table: "calls",
  where: isCall,
  columns: {
    call_id: "lower(span.traceId) || ':' || lower(span.spanId)",
    task_id: `coalesce(${attribute("fieldnotes.task_id")}, lower(span.traceId))`,
    attempt: `${whole(attribute("http.request.resend_count"))} + 1`,
    conversation_id: attribute(
      "gen_ai.conversation.id",
      "session.id",
      "traceloop.association.properties.session_id",
    ),
    user_id: attribute(
      "user.id",
      "gen_ai.user",
      "llm.user",
      "enduser.id",
      "traceloop.association.properties.user_id",
    ),
    workload: `coalesce(${attribute("fieldnotes.workload", "gen_ai.agent.name", "traceloop.workflow.name")},
      ${resource("fieldnotes.workload")}, ${resource("service.name")})`,
    environment: `coalesce(${resource("deployment.environment.name")}, ${resource("deployment.environment")})`,
    release: resource("service.version"),
    operation: `case when ${openInferenceKind} = 'EMBEDDING' or ${operationName} = 'embedding' then 'embeddings'
      when ${operationName} = 'completion' then 'text_completion' else coalesce(${operationName}, 'chat') end`,
    role: `case when ${openInferenceKind} = 'EMBEDDING' or ${operationName} in ('embedding', 'embeddings') then 'other' else 'answer' end`,
    prompt_id: `coalesce(${attribute("gen_ai.prompt.name", "traceloop.prompt.key")}, md5(${prompt}))`,
    prompt_version: attribute("gen_ai.prompt.version", "traceloop.prompt.version"),
    model: `coalesce(${responseModel}, ${requestModel})`,
    request_model: requestModel,
    response_model: responseModel,
    provider: attribute("gen_ai.provider.name", "gen_ai.system", "llm.provider", "llm.system"),
    region: `coalesce(${attribute("cloud.region", "aws.region")}, ${resource("cloud.region")})`,
    started_at: startedAt,
    duration,
    time_to_first_token: `try_cast(${attribute(
      "gen_ai.response.time_to_first_chunk",
      "gen_ai.client.operation.time_to_first_chunk",
      "gen_ai.server.time_to_first_token",
    )} as double)`,
    input_tokens: whole(
      attribute(
        "gen_ai.usage.input_tokens",
        "gen_ai.usage.prompt_tokens",
        "llm.usage.prompt_tokens",
        "llm.token_count.prompt",
      ),
    ),
    cache_read_input_tokens: whole(
      attribute(
        "gen_ai.usage.cache_read.input_tokens",
        "gen_ai.usage.cache_read_input_tokens",
        "llm.token_count.prompt_details.cache_read",
      ),
    ),
    cache_creation_input_tokens: whole(
      attribute(
        "gen_ai.usage.cache_creation.input_tokens",
        "gen_ai.usage.cache_creation_input_tokens",
        "llm.token_count.prompt_details.cache_write",
      ),
    ),
    output_tokens: whole(
      attribute(
        "gen_ai.usage.output_tokens",
        "gen_ai.usage.completion_tokens",
        "llm.usage.completion_tokens",
        "llm.token_count.completion",
      ),
    ),
    reasoning_output_tokens: whole(
      attribute(
        "gen_ai.usage.reasoning.output_tokens",
        "gen_ai.usage.reasoning_tokens",
        "llm.usage.reasoning_tokens",
        "llm.token_count.completion_details.reasoning",
      ),
    ),
    // No cost in the convention; OpenInference has one, and 0 with tokens there means that the price was unknown.
    cost: `nullif(try_cast(${attribute("llm.cost.total", "gen_ai.usage.cost")} as double), 0)`,
    status: `case when not ${isError} and ${errorType} is null then 'ok'
      when ${httpStatus} = 429 or ${failure} similar to '.*(429|rate.?limit|too many requests|throttl).*' then 'rate_limited'
      when ${httpStatus} in (408, 504) or ${failure} similar to '.*(timeout|timed.out|deadline).*' then 'timeout'
      when ${failure} similar to '.*(cancel|abort).*' then 'cancelled' else 'error' end`,
    http_status: httpStatus,
    error_type: `case when ${isError} or ${errorType} is not null then coalesce(${errorType}, left(span.status.message, 200)) end`,
    finish_reason: `coalesce(json_extract_string(case when json_valid(${finish}) then ${finish} end, '$.values[0].stringValue'),
      json_extract_string(case when json_valid(${finish}) then ${finish} end, '$[0]'), ${finish})`,
    cache_hit: `try_cast(${attribute("fieldnotes.cache_hit")} as boolean)`,
    fallback_from: attribute("fieldnotes.fallback_from"),
    stream: `try_cast(${attribute("gen_ai.is_streaming", "llm.is_streaming", "gen_ai.request.stream")} as boolean)`,
    output_length: `length(${output})`,
    output_hash: `md5(${output})`,
    json_valid: `json_valid(${output})`,
  },
};

const spans: Target = {
  table: "spans",
  where: "span.spanId is not null",
  columns: {
    span_id: "lower(span.spanId)",
    parent_id: "nullif(lower(span.parentSpanId), '')",
    task_id: "lower(span.traceId)",
    call_id: `case when ${isCall} then lower(span.traceId) || ':' || lower(span.spanId) end`,
    stage: `coalesce(${attribute("gen_ai.operation.name", "traceloop.entity.name")}, lower(${openInferenceKind}), span.name)`,
    started_at: startedAt,
    duration,
    status: `case when ${isError} then 'error' else 'ok' end`,
  },
};

const scores: Target = {
  table: "scores",
  where: `len(list_filter(span.events, lambda e: e.name = 'gen_ai.evaluation.result')) > 0`,
  each: `list_transform(list_filter(span.events, lambda e: e.name = 'gen_ai.evaluation.result'), lambda e: {
    'call_id': lower(span.traceId) || ':' || lower(span.spanId), 'at': e.timeUnixNano,
    'k': ${keys("e.attributes")}, 'v': ${values("e.attributes")}})`,
  columns: {
    subject: "'call'",
    subject_id: "element.call_id",
    name: "element.v[list_position(element.k, 'gen_ai.evaluation.name')]",
    value:
      "coalesce(element.v[list_position(element.k, 'gen_ai.evaluation.score.value')], element.v[list_position(element.k, 'gen_ai.evaluation.score')])",
    label: "element.v[list_position(element.k, 'gen_ai.evaluation.score.label')]",
    rater: "'judge'",
    at: "make_timestamp_ns(try_cast(element.at as bigint))",
  },
};

const texts: Target = {
  table: "texts",
  where: `${isCall} and coalesce(${prompt}, ${output}) is not null`,
  columns: { call_id: "lower(span.traceId) || ':' || lower(span.spanId)", prompt, output },
};

/** OpenTelemetry traces as JSON lines with GenAI attributes, in the words of the convention and its two dialects. */
export const otlp: Format = {
  name: "otlp",
  about: "OpenTelemetry traces (OTLP JSON) with GenAI, OpenInference or OpenLLMetry attributes",
  signature: ["resourceSpans"],
  lacks: "cost in the convention itself (ingest prices), time to first token where the tool does not set it",
  recognises: (shape) => shape.fields?.has("resourceSpans") === true,
  reading: () => ({
    fields,
    unnest,
    targets: [calls, spans, scores, texts],
    nothing: (spans) =>
      `${spans === 1 ? "its only span is no" : `none of its ${spans} spans is a`} GenAI span: no gen_ai.*, llm.* or ` +
      "openinference.span.kind attribute names a model or an operation, so there is no call in it",
  }),
};
