import type { Shape } from "../files/shape";
import { finishOf } from "../records/answer";
import type { Format, Target } from "../records/format";
import * as sql from "../records/sql";
import { has, hasAny, opened, recordwise } from "../records/textRecord";
import { toolIf } from "../records/toolSql";

const names =
  "id trace_id parent_run_id dotted_order run_type name start_time end_time first_token_time prompt_tokens " +
  "completion_tokens prompt_token_details completion_token_details total_cost extra error status feedback_stats " +
  "inputs outputs session_name reference_example_id prompt_tokens_details completion_tokens_details";

const { name: named, derived } = sql.namedTexts();
const message = "generations[0][0].message.kwargs";
const metadata = (...keys: string[]) =>
  named(`metadata ${keys[0]}`, sql.inside("extra", ...keys.map((key) => `metadata."${key}"`)));
const isCall = "lower(run_type) in ('llm', 'embedding')";
const start = sql.instant("start_time");
const failed = "(nullif(error, '') is not null or coalesce(lower(status) in ('error', 'failed'), false))";
const requestModel = `coalesce(${metadata("ls_model_name")}, ${sql.inside("extra", "invocation_params.model", "invocation_params.model_name")})`;
// The answer's own values: as stored by the SDK's wrappers, and inside a LangChain message.
const usage = named(
  "usage",
  `coalesce(${sql.part("outputs", "usage_metadata")}, ${sql.part("outputs", `${message}.usage_metadata`)}, ${sql.part("extra", "metadata.usage_metadata")})`,
);
const cacheRead = `coalesce(${sql.whole(sql.inside("prompt_token_details", "cache_read"))}, ${sql.whole(sql.inside(usage, "input_token_details.cache_read"))})`;
const cacheWrite = `coalesce(${sql.whole(sql.inside("prompt_token_details", "cache_creation"))}, ${sql.whole(sql.inside(usage, "input_token_details.cache_creation"))})`;
const input = `coalesce(${sql.whole("prompt_tokens")}, ${sql.whole(sql.inside(usage, "input_tokens"))})`;
const output = `coalesce(${sql.whole("completion_tokens")}, ${sql.whole(sql.inside(usage, "output_tokens"))})`;
const conversation = metadata(...sql.conversationKeys);
const task = sql.given("trace_id", "id");
const environment = `case when nullif(reference_example_id, '') is not null then 'evaluation' else ${metadata("environment", "env")} end`;

const calls: Target = {
  table: "calls",
  where: isCall,
  columns: {
    call_id: "id",
    task_id: task,
    conversation_id: conversation,
    user_id: metadata("user_id", "user"),
    workload: `coalesce(${metadata("workload")}, ${sql.given("session_name")})`,
    environment,
    ...sql.chatOrEmbedding("lower(run_type) = 'embedding'"),
    prompt_id: sql.given("reference_example_id"),
    prompt_version: metadata("lc_hub_commit_hash"),
    release: metadata("revision_id", "LANGSMITH_REVISION_ID"),
    request_model: requestModel,
    response_model: sql.inside(
      "outputs",
      ...["llm_output.model_name", "llm_output.model", "model", `${message}.response_metadata.model_name`],
      "generations[0][0].generation_info.model_name",
    ),
    provider: metadata("ls_provider"),
    started_at: start,
    duration: sql.secondsBetween(start, sql.instant("end_time")),
    // A point in time, not a duration.
    time_to_first_token: sql.secondsBetween(start, sql.instant("first_token_time")),
    ...sql.inputTokens(input, cacheRead, cacheWrite),
    output_tokens: output,
    reasoning_output_tokens: `coalesce(${sql.whole(sql.inside("completion_token_details", "reasoning"))},
      ${sql.whole(sql.inside(usage, "output_token_details.reasoning"))})`,
    cost: sql.number("total_cost"),
    // A run that is still pending has no outcome yet.
    status: `case when not ${failed} and nullif(end_time, '') is null then null else ${sql.statusOf(failed, "error")} end`,
    retry_after: sql.retryAfter({ failed, words: "error" }),
    error_type: sql.reasonOf(failed, sql.given("error"), "error"),
    finish_reason: finishOf("outputs"),
    stream: `case when ${sql.given("first_token_time")} is not null then true end`,
    prompt: sql.given("inputs"),
    output: sql.given("outputs"),
  },
};

const rows: Target[] = [
  calls,
  {
    table: "spans",
    columns: {
      span_id: "id",
      parent_id: sql.given("parent_run_id"),
      task_id: task,
      call_id: `case when ${isCall} then id end`,
      stage: "coalesce(name, run_type)",
      started_at: start,
      duration: sql.secondsBetween(start, sql.instant("end_time")),
      status: sql.spanStatus(failed),
      ...toolIf("lower(run_type) = 'tool'", "name", sql.given("inputs")),
    },
  },
  {
    table: "tasks",
    where: "nullif(parent_run_id, '') is null",
    columns: {
      task_id: task,
      workload: `coalesce(${metadata("workload")}, ${sql.given("session_name")})`,
      user_id: metadata("user_id", "user"),
      conversation_id: conversation,
      prompt_id: sql.given("reference_example_id"),
    },
  },
  {
    // The run has only each key's count and mean; the judgements themselves are in the export of feedback.
    table: "scores",
    where: `${sql.part("feedback_stats", "$")} is not null and ${sql.part("feedback_stats", "$")} not in ('null', '{}')`,
    each: `list_transform(${sql.keysIn(sql.part("feedback_stats", "$"))}, lambda key: {'name': key,
      'value': json_extract_string(${sql.part("feedback_stats", "$")}, '$."' || key || '".avg'),
      'subject': case when ${isCall} then 'call' else 'task' end, 'id': case when ${isCall} then id else ${task} end})`,
    columns: {
      subject: "element.subject",
      subject_id: "element.id",
      name: "element.name",
      value: "element.value",
    },
  },
];

const feedbackNames =
  "id run_id key score value comment feedback_source created_at feedback_group_id comparative_experiment_id";
const given: Target["columns"] = {
  name: '"key"',
  value: `case lower(score) when 'true' then 1.0 when 'false' then 0.0 else ${sql.number("score")} end`,
  at: sql.instant("created_at"),
};
const source = sql.inside("feedback_source", "type");
const person = sql.inside("feedback_source", "user_id");
// Feedback on the runs that one rater compared shares a group.
const group = sql.given("feedback_group_id");

const feedback: Target[] = [
  {
    table: "scores",
    where: `${group} is null`,
    columns: {
      subject: "'call'",
      subject_id: "run_id",
      ...given,
      label: `"value"`,
      rater: `case ${source} when 'model' then 'judge' when 'app' then 'human' when 'api' then 'user' end`,
      rater_id: person,
    },
  },
  {
    table: "sides",
    where: `${group} is not null`,
    columns: {
      comparison_id: group,
      run_id: "run_id",
      ...given,
      // An evaluator of pairs writes through the API; it is known by its key.
      rater: `case when ${source} in ('model', 'api', 'auto_eval') then 'judge' when ${source} = 'app' then 'human' end`,
      rater_id: `case when ${source} = 'app' then ${person} else "key" end`,
    },
  },
];
const isFeedback = (shape: Shape) => has(shape, "run_id", "key", "score", "feedback_source");

/** LangSmith runs, and the feedback on them, of one run or of two that were compared. */
export const format: Format = {
  name: "langsmith",
  about: "LangSmith runs as JSON, JSONL or bulk-export Parquet, and feedback rows, also pairwise ones",
  signature: ["run_type", "trace_id", "dotted_order", "start_time", "session_id"],
  lacks:
    "retries (they are sibling runs); session_id is the project: users and conversations are in metadata",
  recognises: (_file, shape) =>
    (has(shape, "id", "run_type", "start_time") && hasAny(shape, "trace_id", "dotted_order", "extra")) ||
    isFeedback(shape),
  reading: (file) =>
    isFeedback(opened(file).shape)
      ? recordwise(feedbackNames, feedback)(file)
      : {
          ...recordwise(names, rows, derived)(file),
          nothing: (records) => `none of its ${records} runs is of type llm or embedding`,
        },
};
