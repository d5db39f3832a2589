import { askedIn, askedTools } from "../records/askedTools";
import type { Format, Target } from "../records/format";
import * as sql from "../records/sql";
import { has, hasAny, recordwise } from "../records/textRecord";

const names =
  "schemaType requestId accountId region inferenceRegion operation identity timestamp modelId input output " +
  "errorCode status requestMetadata";

const { name: named, derived } = sql.namedTexts();
const answered = named("answered", sql.part("output", "outputBodyJson"));
// A streamed answer's body is the list of its events; the figures are in one of the last.
const anywhere = (path: string) =>
  named(
    path,
    `coalesce(${sql.inside("output", `outputBodyJson.${path}`)},
    list_filter(json_extract_string(${answered}, '$[*].${path}'), lambda one: one is not null)[1],
    list_filter(json_extract_string(${answered}, '$[*].metadata.${path}'), lambda one: one is not null)[1])`,
  );
const metrics = (name: string) => anywhere(`"amazon-bedrock-invocationMetrics".${name}`);
const count = (side: "input" | "output", name: string, path: string, ...others: string[]) =>
  sql.whole(
    sql.firstOf([
      sql.inside(side, name),
      anywhere(path),
      metrics(name),
      ...others.map((one) => anywhere(one)),
    ]),
  );
const input = count("input", "inputTokenCount", "usage.inputTokens");
const cacheRead = count(
  "input",
  "cacheReadInputTokenCount",
  "usage.cacheReadInputTokens",
  "usage.cache_read_input_tokens",
  "message.usage.cache_read_input_tokens",
);
const cacheWrite = count(
  "input",
  "cacheWriteInputTokenCount",
  "usage.cacheWriteInputTokens",
  "usage.cache_creation_input_tokens",
  "message.usage.cache_creation_input_tokens",
);
const failure = sql.given("errorCode");
const failed = `(${failure} is not null)`;
const metadata = (...keys: string[]) => sql.inside("requestMetadata", ...keys);
const answer = `coalesce(${sql.inside("output", "outputBodyJson.output.message.content[0].text", "outputBodyJson.content[0].text")}, ${answered})`;

// The question, without the settings beside it.
const prompt = `nullif(concat_ws(' ', ${sql.part("input", "inputBodyJson.system")}, ${sql.part("input", "inputBodyJson.messages")}), '')`;

const calls: Target = {
  table: "calls",
  columns: {
    call_id: "requestId",
    task_id: `coalesce(${metadata("traceId", "trace_id", "taskId", "task_id")}, requestId)`,
    conversation_id: metadata(...sql.conversationKeys),
    user_id: `coalesce(${metadata("userId", "user_id", "TenantID", "tenantId")}, ${sql.inside("identity", "arn")})`,
    workload: metadata("workload", "application", "app", "feature"),
    environment: metadata("environment", "env"),
    ...sql.chatOrEmbedding("lower(modelId) like '%embed%'"),
    request_model: "modelId",
    provider: "'aws.bedrock'",
    region: sql.given("inferenceRegion", "region"),
    started_at: sql.instant('"timestamp"'),
    duration: `cast(coalesce(${anywhere("metrics.latencyMs")}, ${metrics("invocationLatency")}) as double) / 1000`,
    time_to_first_token: `cast(${metrics("firstByteLatency")} as double) / 1000`,
    // Cached tokens are counted separately from the input.
    input_tokens: sql.total(input, cacheRead, cacheWrite),
    cache_read_input_tokens: cacheRead,
    cache_creation_input_tokens: cacheWrite,
    output_tokens: count("output", "outputTokenCount", "usage.outputTokens"),
    status: sql.statusOf(failed, failure),
    error_type: failure,
    finish_reason: `coalesce(${["stopReason", "stop_reason", "delta.stop_reason", "messageStop.stopReason"].map(anywhere).join(", ")})`,
    stream: `operation like '%Stream%'`,
    prompt: `coalesce(${prompt}, ${sql.part("input", "inputBodyJson")})`,
    output: answer,
  },
};

const isCall = "schemaType = 'ModelInvocationLog' or modelId is not null";
const tools = askedTools(askedIn(answered), calls.columns, calls.columns.started_at);

const ofCalls = [calls, tools].map((one) => ({ ...one, where: isCall }));

/** AWS Bedrock's model-invocation logs. */
export const format: Format = {
  name: "bedrock",
  about: "AWS Bedrock model-invocation logs (folders of .json.gz; their data/ folders hold bodies, no calls)",
  signature: ["schemaType", "requestId", "modelId", "operation", "input", "output"],
  lacks:
    "latency except of Converse (no start and end), cost (ingest prices), users unless the caller sets requestMetadata",
  recognises: (_, shape) => has(shape, "modelId", "requestId") && hasAny(shape, "schemaType", "operation"),
  reading: (file) => ({
    ...recordwise(names, ofCalls, derived)(file),
    kind: "schemaType",
  }),
};
