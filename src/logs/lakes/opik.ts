import type { ConnectOptions } from "../../engines";
import { embedderName } from "../models/embedderName";
import { secondsBetween, statusOf, text, under } from "./clickhouseSql";

const usage = (...keys: string[]) => under("s.usage", keys, "number");
const own = (...keys: string[]) => usage(...keys.map((key) => `original_usage.${key}`));
const or0 = (value: string) => `coalesce(${value}, 0)`;

// Anthropic's input in Opik excludes what was written to the cache, which its output includes; Bedrock's excludes all
// cached tokens.
const written = own("cache_creation_input_tokens", "cacheWriteInputTokens");
const bedrockRead = own("cacheReadInputTokens");
const read = own(
  "prompt_tokens_details.cached_tokens",
  "input_tokens_details.cached_tokens",
  "cache_read_input_tokens",
  "cached_content_token_count",
  "cacheReadInputTokens",
);
const reasoning = own(
  "completion_tokens_details.reasoning_tokens",
  "output_tokens_details.reasoning_tokens",
  "thoughts_token_count",
);
const errorOf = (field: string) => `nullIf(JSONExtractString(s.error_info, '${field}'), '')`;
const isError = "(s.error_info <> '')";
// Opik has no type of its own for embeddings.
const embeds = `match(lower(s.model), ${text(embedderName)})`;
const isOpen = `(s.end_time IS NULL AND NOT ${isError})`;

const scoresIn = (table: string) => `SELECT
    if(entity_type = 'span', 'call', 'task') AS subject, toString(entity_id) AS subject_id, name AS name,
    toFloat64(value) AS value, nullIf(category_name, '') AS label,
    multiIf(source = 'ui', 'human', source = 'online_scoring', 'judge', NULL) AS rater, created_at AS at
  FROM ${table} FINAL WHERE entity_type IN ('span', 'trace')`;

/**
 * Opik's own tables in ClickHouse: its rows replace earlier ones, so only their current versions are read. All projects
 * are included; `attributes.project` tells them apart.
 */
export const opik: ConnectOptions = {
  calls: `SELECT
    toString(s.id) AS call_id,
    toString(s.trace_id) AS task_id,
    nullIf(t.thread_id, '') AS conversation_id,
    nullIf(t.name, '') AS workload,
    if(${embeds}, 'embeddings', 'chat') AS operation,
    if(${embeds}, 'other', 'answer') AS role,
    nullIf(s.model, '') AS model,
    nullIf(s.model, '') AS request_model,
    nullIf(s.provider, '') AS provider,
    s.start_time AS started_at,
    ${secondsBetween("s.start_time", "s.end_time")} AS duration,
    ${usage("prompt_tokens")} + ${or0(written)} + ${or0(bedrockRead)} AS input_tokens,
    ${read} AS cache_read_input_tokens,
    ${written} AS cache_creation_input_tokens,
    ${usage("original_usage.output_tokens", "completion_tokens")} AS output_tokens,
    ${reasoning} AS reasoning_output_tokens,
    -- 0 is what the table puts where Opik knows no price.
    nullIf(toFloat64(s.total_estimated_cost), 0) AS cost,
    if(${isOpen}, NULL, ${statusOf(isError, "s.error_info")}) AS status,
    if(${isError}, coalesce(${errorOf("exception_type")}, 'error'), NULL) AS error_type,
    toString(s.project_id) AS \`attributes.project\`
  FROM (SELECT * FROM spans FINAL WHERE type = 'llm') AS s
  LEFT JOIN (SELECT id, workspace_id, project_id, name, thread_id FROM traces FINAL) AS t
    ON t.workspace_id = s.workspace_id AND t.project_id = s.project_id AND t.id = s.trace_id`,
  tasks: `SELECT toString(id) AS task_id, nullIf(name, '') AS workload, nullIf(thread_id, '') AS conversation_id FROM traces FINAL`,
  scores: `${scoresIn("feedback_scores")} UNION ALL ${scoresIn("authored_feedback_scores")}`,
};
