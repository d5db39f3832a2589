import type { Format, Target } from "../records/format";
import * as sql from "../records/sql";
import { has, hasAny, recordwise } from "../records/textRecord";

const names =
  "id created_at model model_permaslug provider_name app_id app latency generation_time tokens_prompt tokens_completion " +
  "native_tokens_prompt native_tokens_completion native_tokens_reasoning native_tokens_cached total_cost usage is_byok " +
  "upstream_inference_cost finish_reason native_finish_reason streamed cancelled external_user provider_responses " +
  "session_id cache_discount";

// The provider's own token counts are what is charged; the others are normalised.
const input = sql.whole(sql.given("native_tokens_prompt", "tokens_prompt"));
const output = sql.whole(sql.given("native_tokens_completion", "tokens_completion"));
const latency = sql.milliseconds("latency");
const generation = sql.milliseconds("generation_time");
const cancelled = "coalesce(try_cast(cancelled as boolean), false)";
const responses = sql.part("provider_responses", "$");
const last = sql.inside("provider_responses", "$[#-1].status");
const http = `try_cast(${last} as bigint)`;

const calls: Target = {
  table: "calls",
  columns: {
    call_id: "id",
    task_id: `coalesce(${sql.given("session_id")}, id)`,
    // Providers that were tried before the one that answered.
    attempt: `case when json_array_length(${responses}) > 0 then json_array_length(${responses}) end`,
    conversation_id: sql.given("session_id"),
    user_id: sql.given("external_user"),
    workload: `coalesce(${sql.given("app")}, ${sql.given("app_id")})`,
    operation: "'chat'",
    request_model: "model",
    response_model: sql.given("model_permaslug", "model"),
    provider: "provider_name",
    started_at: sql.instant("created_at"),
    // The whole call is the longer of the two: a streamed answer's latency ends with its first token.
    duration: `greatest(${latency}, ${generation})`,
    time_to_first_token: `case when try_cast(streamed as boolean) and ${latency} < ${generation} then ${latency} end`,
    input_tokens: input,
    cache_read_input_tokens: sql.whole("native_tokens_cached"),
    output_tokens: output,
    reasoning_output_tokens: sql.whole("native_tokens_reasoning"),
    // With the caller's own key OpenRouter takes only its fee; the provider's charge comes on top.
    cost: sql.total(
      sql.number(sql.given("total_cost", '"usage"')),
      `case when coalesce(try_cast(is_byok as boolean), false) then ${sql.number("upstream_inference_cost")} end`,
    ),
    status: `case when ${cancelled} then 'cancelled' else ${sql.statusOf("coalesce(lower(finish_reason) = 'error', false)", "finish_reason", http)} end`,
    http_status: sql.httpStatus(http),
    error_type: `case when lower(finish_reason) = 'error' or ${http} >= 400 then coalesce('HTTP ' || ${http}, 'error') end`,
    finish_reason: sql.given("finish_reason", "native_finish_reason"),
    stream: "try_cast(streamed as boolean)",
  },
};

/** OpenRouter generations, as its API returns them one by one. */
export const format: Format = {
  name: "openrouter",
  about: "OpenRouter generations (JSON, JSONL of /generation)",
  signature: ["id", "provider_name", "native_tokens_prompt", "generation_time", "total_cost"],
  lacks: "time to first token of answers that were not streamed; users unless the caller sends one",
  recognises: (_, shape) =>
    has(shape, "id", "model", "native_tokens_prompt") && hasAny(shape, "generation_time", "provider_name"),
  reading: recordwise(names, [calls]),
};
