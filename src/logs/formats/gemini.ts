import { askedTools } from "../records/askedTools";
import type { Format, Target } from "../records/format";
import * as sql from "../records/sql";
import { hasAny, recordwise } from "../records/textRecord";

const names =
  "key request response status usageMetadata usage_metadata modelVersion model_version responseId response_id " +
  "createTime create_time processed_time candidates promptFeedback error";
const inBatch = "response is not null";
const answerPart = (path: string, ...fields: string[]) =>
  `(case when ${inBatch} then ${sql.part("response", path)} else ${sql.given(...fields)} end)`;
const answerText = (path: string, ...fields: string[]) =>
  `(case when ${inBatch} then ${sql.inside("response", path)} else ${sql.given(...fields)} end)`;
const { name: named, derived } = sql.namedTexts();
const usage = named("usage", answerPart("usageMetadata", "usageMetadata", "usage_metadata"));
const count = (...paths: string[]) => sql.whole(named(paths[0], sql.inside(usage, ...paths)));
const read = sql.total(
  count("promptTokenCount", "prompt_token_count"),
  count("toolUsePromptTokenCount", "tool_use_prompt_token_count"),
);
const written = count("candidatesTokenCount", "candidates_token_count");
const thoughts = count("thoughtsTokenCount", "thoughts_token_count");
const all = count("totalTokenCount", "total_token_count");
const candidates = named("candidates", answerPart("candidates", "candidates"));
const answer = named("answer", sql.inside(candidates, "$[0].content.parts[0].text"));
const failure = named(
  "failure",
  `coalesce(${sql.inside("error", "status", "message")}, ${sql.inside("response", "error.message")}, nullif("status", ''))`,
);
const failed = `(${failure} is not null)`;
// A Vertex AI batch has the request beside its response.
const prompt = `nullif(concat_ws(' ', ${sql.part("request", "systemInstruction")}, ${sql.part("request", "contents")}), '')`;
const callId = `coalesce(${answerText("responseId", "responseId", "response_id")}, "key")`;

const calls: Target = {
  table: "calls",
  columns: {
    call_id: callId,
    task_id: `coalesce("key", ${answerText("responseId", "responseId", "response_id")})`,
    operation: "'chat'",
    provider: "'google'",
    response_model: answerText("modelVersion", "modelVersion", "model_version"),
    // A batch line has the caller's key and, on Vertex AI, the time at which it was processed.
    service_tier: `case when coalesce("key", processed_time) is not null then 'batch' end`,
    started_at: sql.instant(answerText("createTime", "createTime", "create_time")),
    // promptTokenCount includes the cached tokens; tool results are counted separately.
    input_tokens: read,
    cache_read_input_tokens: count("cachedContentTokenCount", "cached_content_token_count"),
    // candidatesTokenCount excludes the thinking, which is charged as output; a count of 0 is omitted from the
    // answer, and then the total is that of the prompt.
    output_tokens: `case when ${written} is not null or ${thoughts} is not null or ${all} = ${read}
      then coalesce(${written}, 0) + coalesce(${thoughts}, 0) end`,
    reasoning_output_tokens: thoughts,
    status: sql.statusOf(failed, failure),
    error_type: `case when ${failed} then left(${failure}, 200) end`,
    finish_reason: `coalesce(${sql.inside(candidates, "$[0].finishReason", "$[0].finish_reason")},
      case when ${answerText("promptFeedback.blockReason", sql.inside("promptFeedback", "blockReason"))} is not null then 'content_filter' end)`,
    prompt,
    output: answer,
  },
};

const part = (name: string) => `json_extract(${sql.json(candidates)}, '$[*].content.parts[*].${name}')`;
const toolCalls = `list_concat(${part("functionCall")}, ${part("function_call")})`;
const tools = askedTools(toolCalls, calls.columns, calls.columns.started_at);

/** Gemini responses, one per record, and the lines of a batch's output. */
export const format: Format = {
  name: "gemini",
  about: "Gemini and Vertex AI responses with usageMetadata, and batch output",
  signature: ["candidates", "usageMetadata", "modelVersion"],
  lacks: "latency, users, cost (ingest prices)",
  recognises: (_, shape) =>
    hasAny(
      shape,
      "usageMetadata.promptTokenCount",
      "response.usageMetadata",
      "usage_metadata.prompt_token_count",
    ),
  reading: recordwise(names, [calls, tools], derived),
};
