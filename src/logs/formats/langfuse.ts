import { defined } from "../../stats/defined";
import { quoteName } from "../../store/quote";
import type { Shape } from "../files/shape";
import { finishOf } from "../records/answer";
import type { Format, Target } from "../records/format";
import * as sql from "../records/sql";
import { has, hasAny, opened, textRecord } from "../records/textRecord";
import { argumentsHash, isToolBegun, isToolEvent, toolOfSpan } from "../records/toolSql";
import { scoreLists, scores, unscored } from "./langfuseScores";
import { isWholeTrace, wholeTrace } from "./langfuseTrace";
import { traces } from "./langfuseTraces";

// Each field with its spellings: camelCase in the UI and the API, snake_case in blob storage.
const observation = (
  "id traceId|trace_id type name parentObservationId|parent_observation_id startTime|start_time " +
  "endTime|end_time completionStartTime|completion_start_time timeToFirstTokenMs " +
  "providedModelName|provided_model_name|model modelParameters|model_parameters " +
  "usageDetails|usage_details usage inputUsage|promptTokens outputUsage|completionTokens " +
  "costDetails|cost_details totalCost|total_cost|calculatedTotalCost level statusMessage|status_message " +
  "promptName|prompt_name promptVersion|prompt_version environment traceName|trace_name userId|user_id " +
  "sessionId|session_id release input output metadata"
)
  .split(" ")
  .map((spellings) => spellings.split("|"));
const names = observation.flat();

const texts = sql.namedTexts();

/** A field under any of its spellings. */
const f = (name: string) => {
  const spellings = observation.find(([one]) => one === name) ?? [name];
  return spellings.length === 1
    ? sql.given(quoteName(name))
    : texts.name(name, sql.given(...spellings.map(quoteName)));
};

const details = texts.name("usage", sql.json("coalesce(usageDetails, usage_details)"));
const usage = (...keys: string[]) =>
  sql.whole(
    texts.name(
      `usage ${keys[0]}`,
      `coalesce(${keys.map((key) => `json_extract_string(${details}, '$."${key}"')`).join(", ")})`,
    ),
  );
const hasDetails = `${details} is not null`;

/** The names that usage has for each kind of token. */
export const usageKeys = {
  input: ["input", "prompt_tokens", "input_tokens"],
  output: ["output", "completion_tokens", "output_tokens"],
  cacheRead: [
    "input_cache_read",
    "input_cached_tokens",
    "cache_read_input_tokens",
    "prompt_details.cache_read",
    "prompt_details.cached_tokens",
    "input_cached",
  ],
  cacheWrite: [
    "input_cache_creation",
    "cache_creation_input_tokens",
    "input_cache_write",
    "prompt_details.cache_write",
  ],
  reasoning: ["output_reasoning", "output_reasoning_tokens", "completion_details.reasoning"],
  total: ["total", "total_tokens"],
} as const;
const plainInput = `case when ${hasDetails} then ${usage(...usageKeys.input)}
  else coalesce(${sql.whole(texts.name("input of usage", sql.inside("usage", "input", "promptTokens")))}, ${sql.whole(f("inputUsage"))}) end`;
const plainOutput = `case when ${hasDetails} then ${usage(...usageKeys.output)}
  else coalesce(${sql.whole(texts.name("output of usage", sql.inside("usage", "output", "completionTokens")))}, ${sql.whole(f("outputUsage"))}) end`;
const cacheRead = usage(...usageKeys.cacheRead);
const cacheWrite = usage(...usageKeys.cacheWrite);
const reasoning = usage(...usageKeys.reasoning);
const all = usage(...usageKeys.total);
// Some SDKs count cached and reasoning tokens inside input and output, others separately. The total shows which:
// in the first case it is the sum of input and output. Without a total, Langfuse's own rule applies: keys do not
// overlap.
const within = `(${all} = ${plainInput} + ${plainOutput} and coalesce(${cacheRead}, 0) + coalesce(${cacheWrite}, 0) <= ${plainInput})`;
const input = `case when ${within} then ${plainInput} else ${sql.total(plainInput, cacheRead, cacheWrite, usage("input_audio"))} end`;
const output = `case when ${within} then ${plainOutput} else ${sql.total(plainOutput, reasoning, usage("output_audio"))} end`;

const start = sql.instant(f("startTime"));
const taskId = f("traceId");
const isGeneration = "upper(type) in ('GENERATION', 'EMBEDDING')";
const isError = "coalesce(upper(level) = 'ERROR', false)";
// A call that never ended, and has no answer, has no outcome yet, and no cost.
const isOpen = `(not ${isError} and ${f("endTime")} is null and ${plainOutput} is null and ${sql.given("output")} is null)`;
const cost = `coalesce(${sql.number(f("totalCost"))}, cast(${sql.inside("coalesce(costDetails, cost_details)", "total")} as double))`;
// Frameworks also record each event of a call as a GENERATION: those of its end repeat the model's name and
// nothing else.
const isEvent = `(regexp_matches(name, '[.](finish|success)(-\\d+)?$') and not ${isError} and ${sql.given("input")} is null
  and ${sql.given("output")} is null and ${plainInput} is null and ${plainOutput} is null and coalesce(${cost}, 0) = 0)`;
const isCall = `(${isGeneration} and not coalesce(${isEvent}, false))`;
const environment = "environment";

const calls: Target = {
  table: "calls",
  where: isCall,
  columns: {
    call_id: "id",
    task_id: taskId,
    conversation_id: f("sessionId"),
    user_id: f("userId"),
    workload: f("traceName"),
    environment,
    operation: "case when upper(type) = 'EMBEDDING' then 'embeddings' else 'chat' end",
    role: `case when upper(type) = 'EMBEDDING' then 'other' when starts_with(environment, 'langfuse-') then 'judge' else 'answer' end`,
    prompt_template: f("promptName"),
    prompt_version: f("promptVersion"),
    release: "release",
    request_model: f("providedModelName"),
    started_at: start,
    // Never from "latency": it is in seconds in some exports, in milliseconds in others.
    duration: sql.secondsBetween(start, sql.instant(f("endTime"))),
    time_to_first_token: `coalesce(${sql.secondsBetween(start, sql.instant(f("completionStartTime")))}, ${sql.number("timeToFirstTokenMs")} / 1000)`,
    input_tokens: input,
    cache_read_input_tokens: cacheRead,
    cache_creation_input_tokens: cacheWrite,
    output_tokens: output,
    reasoning_output_tokens: reasoning,
    cost: `case when ${isOpen} then nullif(${cost}, 0) else ${cost} end`,
    status: `case when ${isOpen} then null else ${sql.statusOf(isError, f("statusMessage"))} end`,
    retry_after: sql.retryAfter({ failed: isError, words: f("statusMessage") }),
    error_type: sql.reasonOf(isError, f("statusMessage"), "ERROR"),
    stream: `case when ${f("completionStartTime")} is not null then true end`,
    finish_reason: finishOf("output"),
    prompt: sql.given("input"),
    output: sql.given("output"),
  },
};

// Newer versions have a separate type for tools; in older ones, the framework's extra fields show a tool, or the
// message that LangChain makes of its answer.
const beside = (...keys: string[]) => sql.inside("metadata", ...keys.map((key) => `attributes."${key}"`));
const answered = (key: string) => sql.inside("output", key);
const isToolMessage = `(${answered("type")} = 'tool' and ${answered("tool_call_id")} is not null)`;
const isTool = `(not ${isCall} and coalesce(upper(type) = 'TOOL' or ${beside("gen_ai.tool.name")} is not null
  or (${beside("openinference.span.kind")} = 'TOOL' and not ${isToolEvent("name")}) or ${isToolMessage}, false))`;
const isFailed = `(${isError} or coalesce(${isToolMessage} and ${answered("status")} = 'error', false))`;

const spans: Target = {
  table: "spans",
  columns: {
    span_id: "id",
    parent_id: f("parentObservationId"),
    task_id: taskId,
    call_id: `case when ${isCall} then id end`,
    stage: "coalesce(name, lower(type))",
    started_at: start,
    duration: sql.secondsBetween(start, sql.instant(f("endTime"))),
    // That a tool was started does not say how it ended.
    status: `case when ${isFailed} then 'error' when ${isTool} and ${isToolBegun("name")} then null else 'ok' end`,
    tool: `case when ${isTool} then coalesce(${beside("gen_ai.tool.name", "tool.name")},
      case when ${isToolMessage} then ${answered("name")} end, ${toolOfSpan("name")}) end`,
    arguments_hash: `case when ${isTool} then ${argumentsHash(
      `coalesce(${sql.given("input")}, ${beside("gen_ai.tool.call.arguments", "tool_arguments", "gcp.vertex.agent.tool_call_args", "tool.parameters")})`,
    )} end`,
  },
};

function kindOf(file: Shape): "download" | "observations" | "traces" | "scores" | undefined {
  if (isWholeTrace(file)) return "download";
  const { shape } = opened(file);
  const ofTrace = hasAny(shape, "traceId", "trace_id");
  if (ofTrace && has(shape, "id", "type") && hasAny(shape, "startTime", "start_time")) {
    return hasAny(
      shape,
      ...["parentObservationId", "parent_observation_id", "completionStartTime", "completion_start_time"],
      ...["usageDetails", "usage_details", "providedModelName", "provided_model_name"],
    )
      ? "observations"
      : undefined;
  }
  if (ofTrace && has(shape, "name", "value", "source") && hasAny(shape, "dataType", "data_type"))
    return "scores";
  return has(shape, "id", "timestamp", "bookmarked", "public") ? "traces" : undefined;
}

/** Langfuse: observations, traces and scores from the UI, the API or blob storage, and single traces. */
export const format: Format = {
  name: "langfuse",
  about:
    "Langfuse exports: observations, traces, scores (UI, API, blob storage: JSON, JSONL, CSV, Parquet) and single traces",
  signature: ["traceId", "parentObservationId", "usageDetails", "startTime", "type"],
  lacks:
    "retries; time to first token where the SDK does not set completionStartTime; users, sessions and names are on traces: export those too",
  also: ["tasks", "scores"],
  recognises: (shape) => kindOf(shape) !== undefined,
  reading(shape) {
    const kind = kindOf(shape);
    if (kind === "download") return wholeTrace(shape, names, [calls, spans], texts.derived);
    if (kind === "traces") return traces(shape);
    if (kind === "scores") return scores(shape);
    const scored = scoreLists(shape, [...names, ...unscored], "call");
    return defined({
      ...textRecord([...names, ...(scored?.names ?? [])], shape),
      targets: [calls, spans, ...(scored === undefined ? [] : [{ ...scored.target, where: isCall }])],
      derived: texts.derived,
      note: scored?.note,
      nothing: (records) => `none of its ${records} observations is a GENERATION or an EMBEDDING`,
    });
  },
};
