import { finishOf } from "../records/answer";
import { askedIn, askedTools } from "../records/askedTools";
import type { Format, Target } from "../records/format";
import * as sql from "../records/sql";
import { has, hasAny, recordwise } from "../records/textRecord";

const names =
  "id trace_id created_at request response is_success ai_org ai_model req_units res_units total_units request_url " +
  "cost cost_currency response_time response_status_code mode prompt_slug prompt_version_id metadata cache_status request.body response.body " +
  "stream_mode retry_success_count metadata.key metadata.value";
const http = "try_cast(response_status_code as bigint)";
const failed = "(coalesce(try_cast(is_success as boolean) = false, false))";
const { name: named, derived } = sql.namedTexts();
const items = (field: string) => `from_json(${sql.json(`"${field}"`)}, '["VARCHAR"]')`;
// A record, or separate columns with the lists of its keys and of their values.
const allMetadata = named(
  "metadata",
  `coalesce(${sql.given("metadata")}, '{' || array_to_string(list_transform(range(1, len(${items("metadata.key")}) + 1),
    lambda i: to_json(${items("metadata.key")}[i]) || ':' || to_json(${items("metadata.value")}[i])), ',') || '}')`,
);
const metadata = (...keys: string[]) => sql.inside(allMetadata, ...keys.map((key) => `"${key}"`));
// The whole body, or a record with it as "body", or a column of that name.
const request = `coalesce(${sql.part("request", "body")}, ${sql.given("request", '"request.body"')})`;
const response = `coalesce(${sql.part("response", "body")}, ${sql.given("response", '"response.body"')})`;
const cacheRead = sql.whole(
  sql.inside(response, "usage.prompt_tokens_details.cached_tokens", "usage.cache_read_input_tokens"),
);
const cacheWrite = sql.whole(sql.inside(response, "usage.cache_creation_input_tokens"));
const hit = "coalesce(upper(cache_status) in ('HIT', 'SEMANTIC HIT'), false)";
const end = `(${sql.instant("created_at")} + to_microseconds(cast(1000 * ${sql.number("response_time")} as bigint)))`;
const isEmbedding = "(coalesce(request_url, '') like '%embeddings%')";

const calls: Target = {
  table: "calls",
  columns: {
    call_id: "id",
    task_id: sql.given("trace_id", "id"),
    attempt:
      "case when try_cast(retry_success_count as bigint) > 0 then try_cast(retry_success_count as bigint) + 1 end",
    conversation_id: metadata(...sql.conversationKeys),
    user_id: metadata("_user", "user_id", "user"),
    workload: `coalesce(${metadata("workload", "feature", "app")}, ${sql.given("prompt_slug")})`,
    environment: metadata("_environment", "environment"),
    ...sql.chatOrEmbedding(isEmbedding),
    prompt_template: sql.given("prompt_slug"),
    prompt_version: sql.given("prompt_version_id"),
    request_model: `coalesce(${sql.inside(request, "model")}, ai_model)`,
    response_model: "ai_model",
    provider: "ai_org",
    service_tier: sql.inside(response, "service_tier", "usage.service_tier"),
    started_at: sql.instant("created_at"),
    duration: sql.milliseconds("response_time"),
    // US cents.
    cost: `case when coalesce(${sql.given("cost_currency")}, 'USD') = 'USD' then ${sql.number("cost")} / 100 end`,
    ...sql.inputTokens(sql.whole("req_units"), cacheRead, cacheWrite),
    output_tokens: sql.whole("res_units"),
    reasoning_output_tokens: sql.whole(
      sql.inside(response, "usage.completion_tokens_details.reasoning_tokens"),
    ),
    status: sql.statusOf(failed, sql.inside(response, "error.message"), http),
    http_status: sql.httpStatus(http),
    retry_after: sql.retryAfter({
      failed: `(${failed} or coalesce(${http} >= 400, false))`,
      header: sql.inside("response", 'headers."retry-after"'),
      milliseconds: sql.inside("response", 'headers."retry-after-ms"'),
      words: sql.inside(response, "error.message"),
      end,
    }),
    error_type: `case when ${failed} or ${http} >= 400
      then coalesce(${sql.inside(response, "error.type", "error.code")}, 'HTTP ' || ${sql.given("response_status_code")}, 'failed') end`,
    finish_reason: finishOf(response),
    cache_hit: `case when ${hit} then true when upper(cache_status) = 'MISS' then false end`,
    stream: `coalesce(try_cast(stream_mode as boolean), try_cast(${sql.inside(request, "stream")} as boolean))`,
    prompt: `coalesce(nullif(concat_ws(' ', ${sql.part(request, "system")}, ${sql.part(request, "messages")}), ''), ${request})`,
    output: response,
  },
};

const tools = askedTools(askedIn(response), calls.columns, end);

/** Portkey's log export. */
export const format: Format = {
  name: "portkey",
  about: "Portkey log exports (JSONL, JSON, CSV)",
  signature: [
    "id",
    "trace_id",
    "created_at",
    "ai_org",
    "ai_model",
    "req_units",
    "res_units",
    "response_time",
  ],
  lacks: "time to first token; a cost that is in another currency than US cents",
  recognises: (_, shape) =>
    has(shape, "ai_org", "ai_model") && hasAny(shape, "req_units", "response_time", "is_success"),
  reading: recordwise(names, [calls, tools], derived),
};
