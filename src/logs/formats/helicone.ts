import { finishOf } from "../records/answer";
import { askedIn, askedTools } from "../records/askedTools";
import type { Format, Target } from "../records/format";
import * as sql from "../records/sql";
import { has, hasAny, opened, textRecord } from "../records/textRecord";

const names =
  "request_id response_id request_created_at response_created_at delay_ms time_to_first_token prompt_tokens " +
  "completion_tokens total_tokens prompt_cache_read_tokens prompt_cache_write_tokens reasoning_tokens costUSD cost_usd " +
  "cost request_model response_model model_override model response_status request_user_id helicone_user " +
  "request_properties feedback_rating scores request_body response_body provider country_code cache_enabled cache_reference_id " +
  "helicone_prompt_id request_path latency";

const property = (...keys: string[]) => sql.inside("request_properties", ...keys.map((key) => `"${key}"`));
const http = `try_cast(response_status as bigint)`;
// Negative and small numbers are Helicone's own codes: -3 for a cancelled request, -2 for a pending one.
const failed = `coalesce(${http} >= 400 or ${http} < 0, false)`;
const cacheRead = sql.whole("prompt_cache_read_tokens");
const cacheWrite = sql.whole("prompt_cache_write_tokens");
// The database stores cost in billionths of a dollar, as whole numbers; costUSD is in dollars.
const cost = `coalesce(${sql.number(sql.given("costUSD", "cost_usd"))},
  case when ${sql.number("cost")} = floor(${sql.number("cost")}) then ${sql.number("cost")} / 1e9 else ${sql.number("cost")} end)`;
// A request answered from the cache refers to the one that was answered first.
const hit = `coalesce(replace(replace(${sql.given("cache_reference_id")}, '-', ''), '0', '') <> '', false)`;
const callId = sql.given("request_id", "response_id");

const calls: Target = {
  table: "calls",
  columns: {
    call_id: callId,
    task_id: `coalesce(${property("Helicone-Session-Id")}, ${callId})`,
    conversation_id: property("Helicone-Session-Id"),
    user_id: sql.given("request_user_id", "helicone_user"),
    workload: property("Helicone-Session-Name", "app", "App"),
    environment: property("environment", "Environment"),
    ...sql.chatOrEmbedding("coalesce(request_path, '') like '%embeddings%'"),
    prompt_template: `coalesce(${sql.given("helicone_prompt_id")}, ${property("Helicone-Prompt-Id")})`,
    request_model: sql.given("model_override", "request_model", "model"),
    response_model: sql.given("response_model", "model"),
    provider: "provider",
    service_tier: sql.inside("response_body", "service_tier", "usage.service_tier"),
    started_at: sql.instant("request_created_at"),
    duration: `coalesce(${sql.milliseconds("delay_ms")}, ${sql.milliseconds("latency")})`,
    time_to_first_token: sql.milliseconds("time_to_first_token"),
    ...sql.inputTokens(sql.whole("prompt_tokens"), cacheRead, cacheWrite),
    output_tokens: sql.whole("completion_tokens"),
    reasoning_output_tokens: sql.whole("reasoning_tokens"),
    cost,
    status: `case when ${http} = -3 then 'cancelled' when ${http} = -2 then null
      else ${sql.statusOf(failed, sql.inside("response_body", "error.message"), http)} end`,
    http_status: sql.httpStatus(http),
    retry_after: sql.retryAfter({ failed, words: sql.inside("response_body", "error.message") }),
    error_type: `case when ${failed} then coalesce(${sql.inside("response_body", "error.type", "error.code")}, case when ${http} > 0 then 'HTTP ' || response_status end) end`,
    finish_reason: finishOf("response_body"),
    cache_hit: `case when ${sql.given("cache_reference_id")} is not null then ${hit} end`,
    stream: `try_cast(${sql.inside("request_body", "stream")} as boolean)`,
    prompt: `coalesce(nullif(concat_ws(' ', ${sql.part("request_body", "system")}, ${sql.part("request_body", "messages")}), ''), ${sql.given("request_body")})`,
    output: sql.given("response_body"),
  },
};

const tools = askedTools(
  askedIn("response_body"),
  calls.columns,
  `(${calls.columns.started_at} + to_microseconds(cast(1e6 * coalesce(${calls.columns.duration}, 0) as bigint)))`,
);

const scores: Target[] = [
  {
    table: "scores",
    where: "lower(feedback_rating) in ('true', 'false')",
    columns: {
      subject: "'call'",
      subject_id: callId,
      name: "'feedback'",
      value: "case lower(feedback_rating) when 'true' then 1.0 else 0.0 end",
      rater: "'user'",
    },
  },
  {
    table: "scores",
    where: `json_type(${sql.part("scores", "$")}) = 'OBJECT'`,
    each: `list_transform(${sql.keysIn(sql.part("scores", "$"))}, lambda key: {'name': key, 'id': ${callId},
      'value': coalesce(json_extract_string(${sql.part("scores", "$")}, '$."' || key || '".value'),
        json_extract_string(${sql.part("scores", "$")}, '$."' || key || '"'))})`,
    columns: sql.scoresOf("call"),
  },
];

/** Helicone requests. */
export const format: Format = {
  name: "helicone",
  about: "Helicone requests as JSON or JSONL (CSV too, which comes without latency)",
  signature: ["request_id", "request_created_at", "response_status", "delay_ms", "request_properties"],
  lacks:
    "latency in CSV exports, whose column is written empty (export JSONL); bodies unless exported with --include-body",
  recognises: (_, shape) =>
    has(shape, "request_created_at") && hasAny(shape, "delay_ms", "response_status", "response_id"),
  reading: (file) => ({
    ...textRecord(names, file),
    targets: [calls, tools, ...scores],
    missing: has(opened(file).shape, "delay_ms")
      ? []
      : ["delay_ms (the CSV's latency column is empty: export JSONL to have latencies)"],
  }),
};
