import { askedTools } from "../records/askedTools";
import type { Format, Target } from "../records/format";
import * as sql from "../records/sql";
import { has, recordwise } from "../records/textRecord";

const names = ["custom_id", "result", "id", "type", "role", "model", "stop_reason", "usage", "content"];
const inBatch = "custom_id is not null";
const message = (path: string, field = path) =>
  `case when ${inBatch} then ${sql.inside("result", `message.${path}`)} else ${sql.given(`"${field}"`)} end`;
const { name: named, derived } = sql.namedTexts();
const usage = named(
  "usage",
  `(case when ${inBatch} then ${sql.part("result", "message.usage")} else usage end)`,
);
const count = (path: string) => sql.whole(named(path, sql.inside(usage, path)));
const outcome = sql.inside("result", "type");
const failed = `(coalesce(${outcome} <> 'succeeded', false))`;
const failure = sql.inside("result", "error.error.type", "error.type");
const content = named(
  "content",
  `(case when ${inBatch} then ${sql.part("result", "message.content")} else content end)`,
);
const answer = named("answer", sql.inside(content, "$[#-1].text"));
const callId = `coalesce(${message("id")}, custom_id)`;

const calls: Target = {
  table: "calls",
  columns: {
    call_id: callId,
    task_id: `coalesce(custom_id, id)`,
    environment: `case when ${sql.batchItem} is not null then 'evaluation' end`,
    prompt_id: sql.batchItem,
    operation: "'chat'",
    provider: "'anthropic'",
    response_model: message("model"),
    service_tier: `case when ${inBatch} then 'batch' else ${sql.inside(usage, "service_tier")} end`,
    // input_tokens excludes tokens read from the cache or written to it.
    input_tokens: sql.total(
      count("input_tokens"),
      count("cache_read_input_tokens"),
      count("cache_creation_input_tokens"),
    ),
    cache_read_input_tokens: count("cache_read_input_tokens"),
    cache_creation_input_tokens: count("cache_creation_input_tokens"),
    cache_creation_1h_input_tokens: count("cache_creation.ephemeral_1h_input_tokens"),
    output_tokens: count("output_tokens"),
    reasoning_output_tokens: count("output_tokens_details.thinking_tokens"),
    status: `case when ${outcome} in ('canceled', 'cancelled') then 'cancelled' when ${outcome} = 'expired' then 'timeout'
      else ${sql.statusOf(failed, failure)} end`,
    error_type: `case when ${failed} then coalesce(${failure}, ${outcome}) end`,
    finish_reason: message("stop_reason"),
    output: answer,
  },
};

const tools = askedTools(
  `list_filter(json_extract(${sql.json(content)}, '$[*]'), lambda one:
    json_extract_string(one, '$.type') in ('tool_use', 'server_tool_use'))`,
  calls.columns,
);

/** Anthropic messages, and the results of message batches. */
export const format: Format = {
  name: "anthropic",
  about: "Anthropic messages and message-batch results (JSON, JSONL)",
  signature: ["custom_id", "result.type", "result.message.usage"],
  lacks: "any time: no latency, no time of day; cost (ingest prices; batches are priced as such)",
  recognises: (_, shape) =>
    has(shape, "custom_id", "result.type") ||
    (has(shape, "id", "type", "role", "model", "usage.input_tokens", "content") && !has(shape, "choices")),
  reading: recordwise(names, [calls, tools], derived),
};
