import { httpStatus } from "../records/columns";
import {
  given,
  inside,
  instant,
  knownCost,
  milliseconds,
  number,
  part,
  statusOf,
  total,
  whole,
} from "../records/expressions";
import type { Format, Target } from "../records/format";
import { has, hasAny, recordwise } from "../records/textRecord";

const names = (
  "id created_at model model_permaslug provider_name app_id app latency generation_time tokens_prompt tokens_completion " +
  "native_tokens_prompt native_tokens_completion native_tokens_reasoning native_tokens_cached total_cost usage is_byok " +
  "upstream_inference_cost finish_reason native_finish_reason streamed cancelled external_user provider_responses " +
  "session_id cache_discount"
).split(" ");

// What is charged are the provider's own tokens; the others are normalised.
const input = whole(given("native_tokens_prompt", "tokens_prompt"));
const output = whole(given("native_tokens_completion", "tokens_completion"));
const latency = milliseconds("latency");
const generation = milliseconds("generation_time");
const cancelled = "coalesce(try_cast(cancelled as boolean), false)";
const responses = part("provider_responses", "$");
const last = inside("provider_responses", "$[#-1].status");
const http = `try_cast(${last} as bigint)`;

const calls: Target = {
  table: "calls",
  columns: {
    call_id: "id",
    task_id: `coalesce(${given("session_id")}, id)`,
    // Providers that were tried before the one that answered.
    attempt: `case when json_array_length(${responses}) > 0 then json_array_length(${responses}) end`,
    conversation_id: given("session_id"),
    user_id: given("external_user"),
    workload: `coalesce(${given("app")}, ${given("app_id")})`,
    operation: "'chat'",
    request_model: "model",
    response_model: given("model_permaslug", "model"),
    provider: "provider_name",
    started_at: instant("created_at"),
    // The whole of the call is the longer of the two: a streamed answer's latency ends with its first token.
    duration: `greatest(${latency}, ${generation})`,
    time_to_first_token: `case when try_cast(streamed as boolean) and ${latency} < ${generation} then ${latency} end`,
    input_tokens: input,
    cache_read_input_tokens: whole("native_tokens_cached"),
    output_tokens: output,
    reasoning_output_tokens: whole("native_tokens_reasoning"),
    // With the caller's own key OpenRouter takes its fee alone; the provider's charge comes on top.
    cost: knownCost(
      total(
        number(given("total_cost", '"usage"')),
        `case when coalesce(try_cast(is_byok as boolean), false) then ${number("upstream_inference_cost")} end`,
      ),
      `(coalesce(${input}, 0) + coalesce(${output}, 0))`,
    ),
    status: `case when ${cancelled} then 'cancelled' else ${statusOf("coalesce(lower(finish_reason) = 'error', false)", "finish_reason", http)} end`,
    http_status: httpStatus(http),
    error_type: `case when lower(finish_reason) = 'error' or ${http} >= 400 then coalesce('HTTP ' || ${http}, 'error') end`,
    finish_reason: given("finish_reason", "native_finish_reason"),
    stream: "try_cast(streamed as boolean)",
  },
};

/** OpenRouter generations, as its API tells them one by one. */
export const format: Format = {
  name: "openrouter",
  about: "OpenRouter generations (JSON, JSONL of /generation)",
  signature: ["id", "provider_name", "native_tokens_prompt", "generation_time", "total_cost"],
  lacks: "time to first token of answers that were not streamed; users unless the caller sends one",
  recognises: (_, shape) =>
    has(shape, "id", "model", "native_tokens_prompt") && hasAny(shape, "generation_time", "provider_name"),
  reading: recordwise(names, [calls]),
};
