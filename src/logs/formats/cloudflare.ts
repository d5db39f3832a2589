import type { Shape } from "../files/shape";
import type { Format, Target } from "../records/format";
import * as sql from "../records/sql";
import { has, opened, recordwise } from "../records/textRecord";

const names = (
  "id created_at provider model model_type request_type path success cached status_code step duration tokens_in " +
  "tokens_out cost custom_cost metadata"
).split(" ");
const http = "try_cast(status_code as bigint)";
const failed = "(coalesce(try_cast(success as boolean) = false, false))";
const hit = "coalesce(try_cast(cached as boolean), false)";
// What the caller sends along, under its usual names.
const sent = (field: string) => {
  const metadata = (...keys: string[]) => sql.inside(field, ...keys);
  return {
    task_id: metadata("trace_id", "traceId", "task_id"),
    conversation_id: metadata(...sql.conversationKeys),
    user_id: metadata("user_id", "userId", "user"),
    workload: metadata("workload", "feature", "app"),
    environment: metadata("environment", "env"),
  };
};
const metadata = sent("metadata");
const isEmbedding = "(coalesce(path, '') like '%embeddings%' or coalesce(model_type, '') ilike '%embed%')";

const calls: Target = {
  table: "calls",
  columns: {
    call_id: "id",
    ...metadata,
    task_id: `coalesce(${metadata.task_id}, id)`,
    ...sql.chatOrEmbedding(isEmbedding),
    request_model: "model",
    provider: "provider",
    started_at: sql.instant("created_at"),
    duration: sql.milliseconds("duration"),
    input_tokens: sql.whole("tokens_in"),
    output_tokens: sql.whole("tokens_out"),
    cost: sql.number("cost"),
    status: sql.statusOf(failed, "''", http),
    http_status: sql.httpStatus(http),
    error_type: `case when ${failed} or ${http} >= 400 then coalesce('HTTP ' || ${sql.given("status_code")}, 'failed') end`,
    cache_hit: hit,
    // The provider's index in the list that the gateway tried: 0 is the first.
    attempt: "case when try_cast(step as bigint) > 0 then try_cast(step as bigint) + 1 end",
  },
};

const pushed =
  "Timestamp Cached Endpoint Gateway Metadata Metrics Model Provider RateLimited RequestedModel StatusCode".split(
    " ",
  );
const pushedHttp = "try_cast(StatusCode as bigint)";
const pushedHit = "coalesce(try_cast(Cached as boolean), false)";
const ofPushed = sent("Metadata");

// Logpush uses names of its own.
const pushedCalls: Target = {
  table: "calls",
  columns: {
    ...ofPushed,
    workload: `coalesce(${ofPushed.workload}, ${sql.given("Gateway")})`,
    ...sql.chatOrEmbedding("coalesce(Endpoint, '') like '%embeddings%'"),
    request_model: sql.given("RequestedModel", "Model"),
    response_model: sql.given("Model"),
    provider: "Provider",
    started_at: sql.instant('"Timestamp"'),
    duration: sql.milliseconds(sql.inside("Metrics", "durationMs")),
    cost: sql.number(sql.inside("Metrics", "cost")),
    status: `case when coalesce(try_cast(RateLimited as boolean), false) then 'rate_limited'
      else ${sql.statusOf(`coalesce(${pushedHttp} >= 400, false)`, "''", pushedHttp)} end`,
    http_status: sql.httpStatus(pushedHttp),
    error_type: `case when ${pushedHttp} >= 400 then 'HTTP ' || ${sql.given("StatusCode")} end`,
    cache_hit: pushedHit,
  },
};

const ofLogpush = recordwise(pushed, [pushedCalls]);
const isPushed = (shape: Shape) => has(shape, "Gateway", "Endpoint", "Model", "Provider", "StatusCode");

/** Logs of Cloudflare's AI Gateway. */
export const format: Format = {
  name: "cloudflare",
  about: "Cloudflare AI Gateway logs: of its API (JSON, JSONL, CSV) and of Logpush",
  signature: ["id", "created_at", "provider", "model", "tokens_in", "tokens_out", "cached", "duration"],
  lacks:
    "time to first token, cached and reasoning tokens, of Logpush all tokens; users unless the caller sends metadata",
  recognises: (_, shape) =>
    has(shape, "created_at", "provider", "model", "tokens_in", "tokens_out", "cached") || isPushed(shape),
  reading: (file) => (isPushed(opened(file).shape) ? ofLogpush(file) : recordwise(names, [calls])(file)),
};
