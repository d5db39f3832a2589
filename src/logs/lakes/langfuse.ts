import type { ConnectOptions } from "../../engines";
import { usageKeys } from "../formats/langfuse";
import { secondsBetween, statusOf, under } from "./clickhouseSql";

const usage = (kind: keyof typeof usageKeys) => under("o.usage_details", usageKeys[kind], "number");
const [input, output, all] = [usage("input"), usage("output"), usage("total")];
const [read, written, reasoning] = [usage("cacheRead"), usage("cacheWrite"), usage("reasoning")];
const audio = (kind: "input" | "output") => under("o.usage_details", [`${kind}_audio`], "number");
const sum = (...parts: string[]) =>
  `if(${parts[0]} IS NULL, NULL, ${parts.map((one) => `coalesce(${one}, 0)`).join(" + ")})`;
// Some SDKs count cached and reasoning tokens inside input and output: then the total is the sum of these two.
const isWithin = `coalesce(${all} = ${input} + ${output} AND coalesce(${read}, 0) + coalesce(${written}, 0) <= ${input}, false)`;
const isError = "(o.level = 'ERROR')";
const isOpen = `(NOT ${isError} AND o.end_time IS NULL AND ${output} IS NULL AND coalesce(o.output, '') = '')`;

/**
 * Langfuse's own tables in ClickHouse (version 3): its rows replace earlier ones, so only their current versions
 * are read. All projects are included; `attributes.project` tells them apart.
 */
export const langfuse: ConnectOptions = {
  calls: `SELECT
    o.id AS call_id,
    o.trace_id AS task_id,
    nullIf(t.session_id, '') AS conversation_id,
    nullIf(t.user_id, '') AS user_id,
    nullIf(t.name, '') AS workload,
    o.environment AS environment,
    if(o.type = 'EMBEDDING', 'embeddings', 'chat') AS operation,
    multiIf(o.type = 'EMBEDDING', 'other', startsWith(o.environment, 'langfuse-'), 'judge', 'answer') AS role,
    o.prompt_name AS prompt_template,
    toString(o.prompt_version) AS prompt_version,
    t.release AS release,
    o.provided_model_name AS model,
    o.provided_model_name AS request_model,
    o.start_time AS started_at,
    ${secondsBetween("o.start_time", "o.end_time")} AS duration,
    ${secondsBetween("o.start_time", "o.completion_start_time")} AS time_to_first_token,
    if(${isWithin}, ${input}, ${sum(input, read, written, audio("input"))}) AS input_tokens,
    ${read} AS cache_read_input_tokens,
    ${written} AS cache_creation_input_tokens,
    if(${isWithin}, ${output}, ${sum(output, reasoning, audio("output"))}) AS output_tokens,
    ${reasoning} AS reasoning_output_tokens,
    if(${isOpen}, nullIf(toFloat64(o.total_cost), 0), toFloat64(o.total_cost)) AS cost,
    if(${isOpen}, NULL, ${statusOf(isError, "o.status_message")}) AS status,
    if(${isError}, coalesce(left(o.status_message, 200), 'ERROR'), NULL) AS error_type,
    if(o.completion_start_time IS NULL, NULL, true) AS stream,
    o.project_id AS \`attributes.project\`
  FROM (SELECT * FROM observations FINAL WHERE is_deleted = 0 AND type IN ('GENERATION', 'EMBEDDING')) AS o
  LEFT JOIN (SELECT * FROM traces FINAL WHERE is_deleted = 0) AS t ON t.project_id = o.project_id AND t.id = o.trace_id`,
  tasks: `SELECT id AS task_id, nullIf(name, '') AS workload, nullIf(user_id, '') AS user_id, nullIf(session_id, '') AS conversation_id
  FROM traces FINAL WHERE is_deleted = 0`,
  scores: `SELECT
    if(coalesce(observation_id, '') <> '', 'call', 'task') AS subject,
    if(coalesce(observation_id, '') <> '', observation_id, trace_id) AS subject_id,
    name AS name,
    if(data_type IN ('CATEGORICAL', 'TEXT'), NULL, value) AS value,
    string_value AS label,
    multiIf(source = 'EVAL', 'judge', source = 'ANNOTATION', 'human', NULL) AS rater,
    coalesce(author_user_id, config_id) AS rater_id,
    timestamp AS at
  FROM scores FINAL WHERE is_deleted = 0`,
};
