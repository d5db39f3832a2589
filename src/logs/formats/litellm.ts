import type { Shape } from "../files/shape";
import { finishOf } from "../records/answer";
import { askedIn, askedTools } from "../records/askedTools";
import type { Format, Target } from "../records/format";
import * as sql from "../records/sql";
import { has, hasAny, recordwise } from "../records/textRecord";

const names =
  "id request_id trace_id session_id call_type status startTime endTime completionStartTime prompt_tokens " +
  "completion_tokens total_tokens response_cost spend model model_group model_id custom_llm_provider cache_hit stream " +
  "metadata end_user user hidden_params error_str error_information request_tags response messages api_base";

const start = sql.instant("startTime");
const end = sql.instant("endTime");
const { name: named, derived } = sql.namedTexts();
const usage = (path: string) =>
  named(
    path,
    `coalesce(${sql.inside("metadata", `usage_object.${path}`, `additional_usage_values.${path}`)}, ${sql.inside("response", `usage.${path}`)})`,
  );
const cacheRead = `coalesce(${sql.whole(usage("prompt_tokens_details.cached_tokens"))}, ${sql.whole(usage("cache_read_input_tokens"))})`;
const cacheWrite = `coalesce(${sql.whole(usage("cache_creation_input_tokens"))}, ${sql.whole(usage("prompt_tokens_details.cache_creation_tokens"))})`;
// "None" and "Cache OFF" are texts of the database's dump.
const hit = "(lower(coalesce(cache_hit, '')) = 'true')";
const failed = `(lower(coalesce(status, ${sql.inside("metadata", "status")}, '')) in ('failure', 'failed', 'error') or ${sql.given("error_str")} is not null)`;
const http = `try_cast(${named("code", `coalesce(${sql.inside("error_information", "error_code")}, ${sql.inside("metadata", "error_information.error_code")})`)} as bigint)`;
const words = named(
  "words",
  `concat_ws(' ', ${sql.inside("error_information", "error_class", "error_message")}, error_str, ${sql.inside("metadata", "error_information.error_class")})`,
);
const streamed = `coalesce(try_cast(stream as boolean), ${sql.secondsBetween(sql.instant("completionStartTime"), end)} > 0)`;
// The provider's headers, as LiteLLM passes them on.
const headers = (name: string) => [`llm_provider-${name}`, name].map((one) => `additional_headers."${one}"`);
const callId = sql.given("id", "request_id");
const isEmbedding = "(coalesce(call_type, '') like '%embedding%')";

const calls: Target = {
  table: "calls",
  columns: {
    call_id: callId,
    // One trace contains the retries and fallbacks of one request.
    task_id: `coalesce(${sql.given("trace_id")}, ${sql.inside("metadata", "trace_id", "spend_logs_metadata.trace_id")}, ${callId})`,
    attempt: `cast(${sql.inside("metadata", "attempted_retries")} as bigint) + 1`,
    conversation_id: `coalesce(${sql.given("session_id")}, ${sql.inside("metadata", ...sql.conversationKeys)})`,
    user_id: `coalesce(${sql.given("end_user")}, ${sql.inside("metadata", "user_api_key_end_user_id", "user_api_key_user_id")}, ${sql.given('"user"')})`,
    workload: `coalesce(${sql.inside("metadata", "user_api_key_alias", "user_api_key_team_alias")}, 
      list_filter(json_extract_string(${sql.json("request_tags")}, '$[*]'), lambda tag: not starts_with(tag, 'User-Agent:'))[1])`,
    environment: sql.inside("metadata", "environment"),
    operation: `case when ${isEmbedding} then 'embeddings' when coalesce(call_type, '') like '%rerank%' then 'rerank'
      when coalesce(call_type, '') like '%moderation%' then 'moderation'
      when coalesce(call_type, '') like '%text_completion%' then 'text_completion' else 'chat' end`,
    role: "'answer'",
    request_model: sql.given("model_group", "model"),
    response_model: sql.given("model"),
    provider: "custom_llm_provider",
    service_tier: sql.inside("response", "service_tier", "usage.service_tier"),
    started_at: start,
    // Not response_time: for a streamed call that is the time to first token.
    duration: sql.secondsBetween(start, end),
    // Equal to the end if the answer was not streamed, or nobody saw its first token.
    time_to_first_token: `case when ${streamed} and ${sql.secondsBetween(sql.instant("completionStartTime"), end)} > 0
      then ${sql.secondsBetween(start, sql.instant("completionStartTime"))} end`,
    ...sql.inputTokens(sql.whole("prompt_tokens"), cacheRead, cacheWrite),
    output_tokens: sql.whole("completion_tokens"),
    reasoning_output_tokens: sql.whole(usage("completion_tokens_details.reasoning_tokens")),
    cost: sql.number(sql.given("response_cost", "spend")),
    status: sql.statusOf(failed, words, http),
    http_status: sql.httpStatus(http),
    retry_after: sql.retryAfter({
      failed,
      header: sql.inside("hidden_params", ...headers("retry-after")),
      milliseconds: sql.inside("hidden_params", ...headers("retry-after-ms")),
      words,
      end,
    }),
    error_type: `case when ${failed} then coalesce(${sql.inside("error_information", "error_class")},
      ${sql.inside("metadata", "error_information.error_class")}, left(${sql.given("error_str")}, 200), 'failure') end`,
    finish_reason: finishOf("response"),
    cache_hit: `case when lower(cache_hit) in ('true', 'false') then ${hit} end`,
    stream: streamed,
    // An empty record stands for what the gateway was told not to store.
    prompt: `case when ${sql.given("messages")} not in ('{}', '[]') then messages end`,
    output: `case when ${sql.given("response")} not in ('{}', '[]') then response end`,
  },
};

const tools = askedTools(askedIn("response"), calls.columns, end);

const isPayload = (shape: Shape) =>
  has(shape, "startTime", "endTime", "response_cost") && hasAny(shape, "call_type", "custom_llm_provider");
const isSpend = (shape: Shape) =>
  has(shape, "request_id", "spend", "startTime") && hasAny(shape, "call_type", "api_key", "model_group");

/** LiteLLM's gateway: the payload its loggers write, and the spend logs of its database. */
export const format: Format = {
  name: "litellm",
  about: "LiteLLM StandardLoggingPayload (JSON, JSONL) and SpendLogs (JSON, CSV)",
  signature: ["call_type", "startTime", "endTime", "response_cost or spend", "custom_llm_provider"],
  lacks:
    "failures in spend logs, which may live in LiteLLM_ErrorLogs; a cost of 0 of unknown models counts as unknown",
  recognises: (_, shape) => isPayload(shape) || isSpend(shape),
  reading: recordwise(names, [calls, tools], derived),
};
