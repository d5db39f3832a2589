import type { Shape } from "../files/shape";
import { askedTools } from "../records/askedTools";
import type { Format, Target } from "../records/format";
import * as sql from "../records/sql";
import { has, hasAny, recordwise } from "../records/textRecord";

const names =
  "id custom_id response error object model created created_at completed_at usage choices output status " +
  "incomplete_details metadata service_tier provider conversation x_groq system_fingerprint user safety_identifier";

// A batch line wraps the answer; elsewhere the record is the answer.
const inBatch = "custom_id is not null";
const body = (field: string) =>
  `case when ${inBatch} then ${sql.part("response", `body.${field}`)} else "${field}" end`;
const text = (field: string) =>
  `case when ${inBatch} then ${sql.inside("response", `body.${field}`)} else nullif("${field}", '') end`;
const { name: named, derived } = sql.namedTexts();
const usage = named("usage", body("usage"));
const choices = named("choices", body("choices"));
const model = named("model", text("model"));
const count = (...paths: string[]) => sql.whole(named(paths[0], sql.inside(usage, ...paths)));

const cacheRead = count("prompt_tokens_details.cached_tokens", "input_tokens_details.cached_tokens");
const cacheWrite = count(
  "prompt_tokens_details.cache_write_tokens",
  "input_tokens_details.cache_write_tokens",
);
const input = count("prompt_tokens", "input_tokens");
const output = count("completion_tokens", "output_tokens");
const http = `try_cast(${sql.inside("response", "status_code")} as bigint)`;
const answered = named("status", text("status"));
const errorText = named(
  "error",
  `coalesce(${sql.inside("error", "code", "type", "message")}, ${sql.inside("response", "body.error.code", "body.error.type", "body.error.message")})`,
);
const failed = `(${errorText} is not null or coalesce(${http} >= 400, false)
  or coalesce(lower(${answered}) in ('failed', 'cancelled', 'expired'), false))`;
const words = named(
  "words",
  `concat_ws(' ', ${sql.inside("error", "message")}, ${sql.inside("response", "body.error.message")}, ${text("status")})`,
);
const seconds = (path: string) => sql.number(named(path, sql.inside(usage, path)));
const answer = named(
  "answer",
  `coalesce(${sql.inside(`(${body("choices")})`, "$[0].message.content", "$[0].text")},
  ${sql.inside(`(${body("output")})`, "$[#-1].content[0].text")})`,
);
const refused = `coalesce(${sql.inside(choices, "$[0].message.refusal")}, ${sql.inside(`(${body("output")})`, "$[#-1].content[0].refusal")})`;
const begun = sql.instant(sql.given("created", "created_at"));
const callId = `coalesce(case when ${inBatch} then ${sql.inside("response", "request_id")} end, id)`;
const isEmbedding = `(coalesce(${text("object")}, '') = 'list' or ${model} like '%embedding%')`;

const calls: Target = {
  table: "calls",
  columns: {
    call_id: callId,
    task_id: `coalesce(custom_id, ${sql.inside("metadata", "task_id", "trace_id")}, id)`,
    conversation_id: `coalesce(${sql.inside("conversation", "id")}, ${sql.inside("metadata", ...sql.conversationKeys)})`,
    user_id: `coalesce(${sql.given("safety_identifier", '"user"')}, ${sql.inside("metadata", "user_id", "user")})`,
    workload: sql.inside("metadata", "workload", "feature", "app"),
    environment: `coalesce(${sql.inside("metadata", "environment")}, case when ${sql.batchItem} is not null then 'evaluation' end)`,
    prompt_id: sql.batchItem,
    operation: `case when ${isEmbedding} then 'embeddings' when ${text("object")} = 'text_completion' then 'text_completion' else 'chat' end`,
    role: `case when ${isEmbedding} then 'other' else 'answer' end`,
    response_model: model,
    provider: `coalesce(nullif(provider, ''), case when x_groq is not null then 'groq' end)`,
    service_tier: `case when ${inBatch} then 'batch' else ${text("service_tier")} end`,
    started_at: `case when not ${inBatch} then ${begun} end`,
    // The Responses API gives whole seconds; Groq gives the time in its queue and the processing time, in seconds.
    duration: `coalesce(${seconds("total_time")} + coalesce(${seconds("queue_time")}, 0),
      case when not ${inBatch} then ${sql.secondsBetween(begun, sql.instant("completed_at"))} end)`,
    time_to_first_token: `${seconds("prompt_time")} + coalesce(${seconds("queue_time")}, 0)`,
    ...sql.inputTokens(input, cacheRead, cacheWrite),
    output_tokens: output,
    reasoning_output_tokens: count(
      "completion_tokens_details.reasoning_tokens",
      "output_tokens_details.reasoning_tokens",
    ),
    // OpenRouter writes the cost into the usage; with the caller's own key, the provider's charge comes on top.
    cost: sql.total(
      sql.number(named("cost", sql.inside(usage, "cost"))),
      `case when lower(${sql.inside(usage, "is_byok")}) = 'true'
          then ${sql.number(named("upstream", sql.inside(usage, "cost_details.upstream_inference_cost")))} end`,
    ),
    status: sql.statusOf(failed, words, http),
    http_status: sql.httpStatus(http),
    retry_after: sql.retryAfter({ failed, words }),
    error_type: `case when ${failed} then coalesce(left(${errorText}, 200), ${answered}, 'HTTP ' || ${http}) end`,
    finish_reason: `coalesce(case when ${refused} is not null then 'refusal' end, ${sql.inside(choices, "$[0].finish_reason")},
      ${sql.inside(`(${body("incomplete_details")})`, "reason")},
      case when ${answered} = 'completed' then 'stop' end)`,
    output: answer,
  },
};

const toolCalls = `list_concat(coalesce(json_extract(${sql.json(choices)}, '$[*].message.tool_calls[*]'), []),
  coalesce(list_filter(json_extract(${sql.json(`(${body("output")})`)}, '$[*]'), lambda one:
    json_extract_string(one, '$.type') in ('function_call', 'custom_tool_call', 'mcp_call')), []))`;
const tools = askedTools(toolCalls, calls.columns, calls.columns.started_at);

function isAnswer(shape: Shape): boolean {
  return (
    has(shape, "id", "model") &&
    ((has(shape, "choices") && hasAny(shape, "usage", "object")) ||
      (has(shape, "output", "object") && hasAny(shape, "usage", "created_at")))
  );
}

// A refusal for lack of quota names no model, but is a failed call if it says which or when; otherwise it is known
// only to be an error.
const isCall = `${inBatch} or ${sql.given("model")} is not null
  or (${errorText} is not null and ${sql.given("id", "created", "created_at")} is not null)`;

const ofCalls = [calls, tools].map((one) => ({ ...one, where: isCall }));

const isBatch = (shape: Shape) => has(shape, "custom_id", "response") && !has(shape, "result");

/** Responses of the OpenAI API, and of every service that answers in the same shape. */
export const format: Format = {
  name: "openai",
  about:
    "OpenAI batch output, stored chat completions and responses; the same shape from Groq, vLLM, TGI, OpenRouter",
  signature: ["id", "object", "model", "choices or output", "usage"],
  lacks:
    "latency (no per-request time in batches, whole seconds in responses; Groq's is complete), cost (except OpenRouter's; ingest prices, batches are priced as such), users",
  recognises: (_, shape) => isBatch(shape) || isAnswer(shape),
  reading: (file) => ({
    ...recordwise(names, ofCalls, derived)(file),
    kind: `coalesce(${sql.given("object")}, case when ${sql.given("error")} is not null then 'error' end)`,
  }),
};
