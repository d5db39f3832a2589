import type { ConnectOptions } from "../../engines";
import { statusOf, under } from "./clickhouseSql";

const property = (...keys: string[]) => under("r.properties", keys);
// Negative statuses are Helicone's own: -3 for a cancelled request, -2 for a pending one.
const failed = "(r.status >= 400 OR r.status < 0)";
const read = "nullIf(r.prompt_cache_read_tokens, 0)";
const written = "nullIf(r.prompt_cache_write_tokens, 0)";
const cached = "(r.prompt_cache_read_tokens + r.prompt_cache_write_tokens)";
// A request answered from the cache refers to the one that was answered first.
const isHit = "(r.cache_reference_id <> toUUID('00000000-0000-0000-0000-000000000000'))";

/**
 * Helicone's own table in ClickHouse: its rows replace earlier ones, so only their current versions are read. All
 * organisations are included; `attributes.organization` tells them apart.
 */
export const helicone: ConnectOptions = {
  calls: `SELECT
    toString(r.request_id) AS call_id,
    coalesce(${property("Helicone-Session-Id")}, toString(r.request_id)) AS task_id,
    ${property("Helicone-Session-Id")} AS conversation_id,
    nullIf(toString(r.user_id), '') AS user_id,
    ${property("Helicone-Session-Name", "app", "App")} AS workload,
    ${property("environment", "Environment")} AS environment,
    if(coalesce(r.target_url, '') LIKE '%embeddings%', 'embeddings', 'chat') AS operation,
    if(coalesce(r.target_url, '') LIKE '%embeddings%', 'other', 'answer') AS role,
    coalesce(nullIf(r.prompt_id, ''), ${property("Helicone-Prompt-Id")}) AS prompt_template,
    nullIf(r.prompt_version, '') AS prompt_version,
    nullIf(toString(r.model), '') AS model,
    nullIf(toString(r.model), '') AS request_model,
    nullIf(toString(r.provider), '') AS provider,
    r.request_created_at AS started_at,
    r.latency / 1000 AS duration,
    r.time_to_first_token / 1000 AS time_to_first_token,
    if(${cached} > r.prompt_tokens, r.prompt_tokens + ${cached}, r.prompt_tokens) AS input_tokens,
    ${read} AS cache_read_input_tokens,
    ${written} AS cache_creation_input_tokens,
    r.completion_tokens AS output_tokens,
    -- In billionths of a dollar; 0 is what the table puts where Helicone knows no price.
    if(${isHit}, toFloat64(r.cost), nullIf(toFloat64(r.cost), 0)) / 1e9 AS cost,
    multiIf(r.status = -2, NULL, r.status = -3, 'cancelled', ${statusOf(failed, "''", "toNullable(r.status)")}) AS status,
    if(r.status BETWEEN 100 AND 599, r.status, NULL) AS http_status,
    if(r.status >= 400, concat('HTTP ', toString(r.status)), NULL) AS error_type,
    ${isHit} AS cache_hit,
    toString(r.organization_id) AS \`attributes.organization\`
  FROM (SELECT * FROM request_response_rmt FINAL) AS r`,
  scores: `SELECT 'call' AS subject, toString(request_id) AS subject_id, toString(score.1) AS name, toFloat64(score.2) AS value,
    CAST(NULL AS Nullable(String)) AS rater
  FROM request_response_rmt FINAL ARRAY JOIN CAST(scores AS Array(Tuple(String, Int64))) AS score`,
};
