import type { Shape } from "../files/shape";
import { finishOf } from "../records/answer";
import type { Format, Reading, Target } from "../records/format";
import * as sql from "../records/sql";
import { eachElement, has, hasAny, textRecord, wholeRecords } from "../records/textRecord";
import { toolIf } from "../records/toolSql";

const names = (
  "info data spans trace_id request_id state status request_time timestamp_ms execution_duration execution_duration_ms " +
  "execution_time_ms trace_metadata request_metadata tags assessments request response"
).split(" ");

// Values of a span's attributes are JSON inside a text: "\"CHAT_MODEL\"" is CHAT_MODEL.
const { name: named, derived } = sql.namedTexts();
const attribute = (key: string) =>
  named(
    key,
    `(case when starts_with(${sql.inside("attributes", `"${key}"`)}, '"')
  then json_extract_string(${sql.json(sql.inside("attributes", `"${key}"`))}, '$') else ${sql.inside("attributes", `"${key}"`)} end)`,
  );
const usage = attribute("mlflow.chat.tokenUsage");
const metadata = (key: string) => named(`trace ${key}`, sql.inside("metadata", `"${key}"`));
// A trace without its spans is one call if it has tokens.
const traceUsage = metadata("mlflow.trace.tokenUsage");
const isCall = `(upper(${attribute("mlflow.spanType")}) in ('LLM', 'CHAT_MODEL', 'EMBEDDING') or (span is null and ${traceUsage} is not null))`;
const isTool = `coalesce(upper(${attribute("mlflow.spanType")}) = 'TOOL', false)`;
const isEmbedding = `(coalesce(upper(${attribute("mlflow.spanType")}) = 'EMBEDDING', false))`;
// Spans of older versions have no summary; the API's response is in their outputs.
const answered = attribute("mlflow.spanOutputs");
const count = (key: string, ...ofAnswer: string[]) =>
  sql.whole(`case when span is null then ${sql.inside(traceUsage, key)}
    else coalesce(${sql.inside(usage, key)}, ${sql.inside(answered, ...ofAnswer.map((path) => `usage.${path}`))}) end`);
const input = count("input_tokens", "prompt_tokens", "input_tokens");
const output = count("output_tokens", "completion_tokens", "output_tokens");
const cacheRead = count(
  "cache_read_input_tokens",
  ...["prompt_tokens_details.cached_tokens", "input_tokens_details.cached_tokens", "cache_read_input_tokens"],
);
const cacheWrite = count("cache_creation_input_tokens", "cache_creation_input_tokens");
const cost = `cast(case when span is null then ${sql.inside(metadata("mlflow.trace.cost"), "total_cost")}
  else ${sql.inside(attribute("mlflow.llm.cost"), "total_cost")} end as double)`;
const nanoseconds = (text: string) => `make_timestamp_ns(cast(${text} as bigint))::timestamp`;
const start = `case when span is null then ${sql.instant("trace_start")} else ${nanoseconds("span_start")} end`;
const traceDuration =
  "cast(rtrim(trace_duration, 's') as double) / case when suffix(trace_duration, 's') then 1 else 1000 end";
const spanDuration = "(cast(span_end as hugeint) - cast(span_start as hugeint)) / 1e9";
const duration = `case when span is null then ${traceDuration} else ${spanDuration} end`;
const failed = `(coalesce(upper(span_status) like '%ERROR%' or span_status = '2', false))`;
const callId = "coalesce(trace || ':' || span, trace)";

const one = sql.textsIn("element.one");

const targets: Target[] = [
  {
    table: "calls",
    where: isCall,
    columns: {
      call_id: callId,
      task_id: "trace",
      conversation_id: metadata("mlflow.trace.session"),
      user_id: metadata("mlflow.trace.user"),
      workload: `coalesce(${sql.inside("tags", '"workload"', '"mlflow.traceName"')}, ${metadata("mlflow.traceName")})`,
      environment: sql.inside("tags", '"environment"'),
      release: metadata("mlflow.source.git.commit"),
      ...sql.chatOrEmbedding(isEmbedding),
      request_model: `coalesce(${attribute("mlflow.llm.model")}, ${sql.inside(attribute("mlflow.spanInputs"), "model")})`,
      response_model: sql.inside(attribute("mlflow.spanOutputs"), "model"),
      provider: `coalesce(${attribute("mlflow.llm.provider")}, ${attribute("mlflow.message.format")})`,
      started_at: start,
      duration,
      ...sql.inputTokens(input, cacheRead, cacheWrite),
      output_tokens: output,
      reasoning_output_tokens: `case when span is not null then ${sql.whole(
        sql.inside(
          answered,
          "usage.completion_tokens_details.reasoning_tokens",
          "usage.output_tokens_details.reasoning_tokens",
        ),
      )} end`,
      cost,
      status: sql.statusOf(failed, "span_message"),
      error_type: sql.reasonOf(failed, sql.given("span_message"), "ERROR"),
      finish_reason: finishOf(attribute("mlflow.spanOutputs")),
      prompt: `coalesce(${sql.part(attribute("mlflow.spanInputs"), "messages")}, ${attribute("mlflow.spanInputs")})`,
      output: attribute("mlflow.spanOutputs"),
    },
  },
  {
    table: "spans",
    where: "span is not null",
    columns: {
      span_id: "span",
      parent_id: "nullif(span_parent, '')",
      task_id: "trace",
      call_id: `case when ${isCall} then ${callId} end`,
      stage: "span_name",
      started_at: nanoseconds("span_start"),
      duration: spanDuration,
      status: sql.spanStatus(failed),
      ...toolIf(isTool, "span_name", attribute("mlflow.spanInputs")),
    },
  },
  {
    table: "tasks",
    where: `${sql.first} and trace is not null`,
    columns: {
      task_id: "trace",
      user_id: metadata("mlflow.trace.user"),
      conversation_id: metadata("mlflow.trace.session"),
    },
  },
  {
    table: "scores",
    where: `${sql.first} and json_type(${sql.part("assessments", "$")}) = 'ARRAY'`,
    each: `list_transform(from_json(${sql.part("assessments", "$")}, '["JSON"]'), lambda one: {'one': one, 'trace': trace})`,
    columns: {
      subject: "'task'",
      subject_id: "element.trace",
      name: one("assessment_name"),
      value: `case lower(${one("feedback.value")}) when 'true' then 1.0 when 'yes' then 1.0
        when 'false' then 0.0 when 'no' then 0.0 else try_cast(${one("feedback.value")} as double) end`,
      label: one("feedback.value"),
      rater: `case upper(${one("source.source_type")}) when 'HUMAN' then 'human' when 'LLM_JUDGE' then 'judge' when 'CODE' then 'rule' end`,
      rater_id: one("source.source_id"),
      at: `timezone('UTC', cast(${one("create_time")} as timestamptz))`,
    },
  },
];

/** One row per span, from traces as {info, data} or as the columns of a table of traces. */
function reading(file: Shape): Omit<Reading, "format"> {
  const record = textRecord(names, file);
  const info = (...paths: string[]) => sql.inside("info", ...paths);
  // "3.5s" in the newer form, milliseconds in all others.
  const duration = `coalesce(${info("execution_time_ms", "execution_duration_ms", "execution_duration")},
    ${sql.given("execution_time_ms", "execution_duration_ms", "execution_duration")})`;
  const of = sql.textsIn("one");
  const columns = [
    ...["trace", "tags", "metadata", "assessments", "trace_start", "trace_duration"],
    `${of("span_id", "context.span_id")} as span`,
    `${of("parent_span_id", "parent_id")} as span_parent`,
    `${of("name")} as span_name`,
    `${of("start_time_unix_nano", "start_time")} as span_start`,
    `${of("end_time_unix_nano", "end_time")} as span_end`,
    `${of("status.code", "status_code")} as span_status`,
    `${of("status.message", "status_message")} as span_message`,
    `${of("attributes")} as attributes`,
  ];
  const own: Record<string, string> = {
    trace: `coalesce(${info("trace_id", "request_id")}, ${sql.given("trace_id", "request_id")})`,
    tags: `coalesce(${info("tags")}, tags)`,
    metadata: `coalesce(${info("trace_metadata", "request_metadata")}, ${sql.given("trace_metadata", "request_metadata")})`,
    assessments: `coalesce(${info("assessments")}, assessments)`,
    trace_start: `coalesce(${info("request_time", "timestamp_ms")}, ${sql.given("request_time", "timestamp_ms")})`,
    trace_duration: duration,
    spans: `from_json(coalesce(${sql.part("data", "spans")}, ${sql.json("spans")}), '["JSON"]')`,
  };
  const trace = {
    names: Object.keys(own),
    sql: `select ${sql.carried}, ${sql.first}, ${Object.entries(own)
      .map(([name, sql]) => `${sql} as ${name}`)
      .join(", ")}
      from (${record.unnest ?? wholeRecords})`,
  };
  return {
    fields: record.fields,
    derived,
    unnest: eachElement("spans", "one", columns, trace.names, trace.sql),
    targets,
    nothing: (records) => `none of its ${records} spans is of type LLM, CHAT_MODEL or EMBEDDING`,
  };
}

/** MLflow traces. */
export const format: Format = {
  name: "mlflow",
  about: "MLflow traces as JSON ({info, data}) or as the table of search_traces (JSON, CSV, Parquet)",
  signature: ["info.trace_id or info.request_id", "data.spans", "trace_metadata or request_metadata"],
  lacks: "time to first token; cost of older versions; long metadata is cut at 250 characters",
  recognises: (_, shape) =>
    (has(shape, "info") &&
      hasAny(shape, "info.trace_id", "info.request_id") &&
      hasAny(shape, "data", "spans")) ||
    (hasAny(shape, "trace_metadata", "request_metadata") &&
      hasAny(shape, "execution_duration", "execution_time_ms")),
  reading,
};
