import type { ConnectOptions } from "../../engines";
import { attributeNames } from "../formats/otlpNames";
import { inference } from "../formats/otlpSpan";
import { statusOf, under, wholeOf } from "./clickhouseSql";

const span = (name: keyof typeof attributeNames) => under("SpanAttributes", attributeNames[name]);
const count = (name: keyof typeof attributeNames) => wholeOf(span(name));
const number = (name: keyof typeof attributeNames) => `toFloat64OrNull(${span(name)})`;
const resource = (...names: string[]) => under("ResourceAttributes", names);
const own = (...names: string[]) => under("SpanAttributes", names);

const operation = `lower(${span("operation")})`;
const kind = `upper(${own("openinference.span.kind")})`;
const exception = "Events.Attributes[indexOf(Events.Name, 'exception')]['exception.type']";
const errorType = `coalesce(${span("errorType")}, nullIf(${exception}, ''))`;
// What the exporter writes, and what older versions did.
const isError = `(StatusCode IN ('Error', 'STATUS_CODE_ERROR') OR ${errorType} IS NOT NULL)`;
const cached = `(coalesce(${count("cacheRead")}, 0) + coalesce(${count("cacheWrite")}, 0))`;

/** What OpenTelemetry's collector writes into ClickHouse: spans of model calls, in the GenAI conventions. */
export const otel: ConnectOptions = {
  calls: `SELECT
    concat(lower(TraceId), ':', lower(SpanId)) AS call_id,
    coalesce(${own("fieldnotes.task_id")}, lower(TraceId)) AS task_id,
    ${wholeOf(own("http.request.resend_count"))} + 1 AS attempt,
    ${span("conversation")} AS conversation_id,
    ${span("user")} AS user_id,
    coalesce(${span("workload")}, ${resource("fieldnotes.workload")}, nullIf(ServiceName, '')) AS workload,
    ${resource("deployment.environment.name", "deployment.environment")} AS environment,
    ${resource("service.version")} AS release,
    multiIf(coalesce(${kind} = 'EMBEDDING', false), 'embeddings', coalesce(${operation} = 'completion', false), 'text_completion',
      coalesce(nullIf(${operation}, 'unknown'), 'chat')) AS operation,
    'answer' AS role,
    ${span("promptTemplate")} AS prompt_template,
    ${span("promptVersion")} AS prompt_version,
    coalesce(${span("responseModel")}, ${span("requestModel")}) AS model,
    ${span("requestModel")} AS request_model,
    ${span("responseModel")} AS response_model,
    ${span("provider")} AS provider,
    coalesce(${own("cloud.region", "aws.region")}, ${resource("cloud.region")}) AS region,
    Timestamp AS started_at,
    Duration / 1e9 AS duration,
    coalesce(${number("firstToken")}, ${number("firstTokenMs")} / 1000) AS time_to_first_token,
    if(${cached} > ${count("input")}, ${count("input")} + ${cached}, ${count("input")}) AS input_tokens,
    ${count("cacheRead")} AS cache_read_input_tokens,
    ${count("cacheWrite")} AS cache_creation_input_tokens,
    ${count("output")} AS output_tokens,
    ${count("reasoning")} AS reasoning_output_tokens,
    ${number("cost")} AS cost,
    ${statusOf(isError, `concat(coalesce(${errorType}, ''), ' ', StatusMessage)`, count("httpStatus"))} AS status,
    ${count("httpStatus")} AS http_status,
    ${errorType} AS error_type
  FROM otel_traces
  WHERE multiIf(${operation} IS NOT NULL, ${operation} IN ${inference},
    ${kind} IS NOT NULL, ${kind} IN ('LLM', 'EMBEDDING'),
    coalesce(${own("traceloop.span.kind")}, '') IN ('workflow', 'task', 'agent', 'tool'), false,
    coalesce(${span("requestModel")}, ${span("responseModel")}) IS NOT NULL)`,
};
