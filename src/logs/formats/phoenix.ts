import { quoteName } from "../../store/quote";
import type { Shape } from "../files/shape";
import { finishOf } from "../records/answer";
import type { Format, Reading, Target } from "../records/format";
import * as sql from "../records/sql";
import { has, hasAny, opened, textRecord, wholeRecords } from "../records/textRecord";
import { toolIf, toolOfSpan } from "../records/toolSql";

const names = (
  "id name span_kind parent_id start_time end_time status_code status_message context attributes events " +
  "context.span_id context.trace_id"
).split(" ");
// The attributes that are read: in JSON they are keys of "attributes", in a table they are separate columns.
const keys = (
  "llm.model_name llm.provider llm.system llm.token_count.prompt llm.token_count.completion " +
  "llm.token_count.prompt_details.cache_read llm.token_count.prompt_details.cache_write " +
  "llm.token_count.completion_details.reasoning llm.cost.total session.id gen_ai.conversation.id user.id openinference.span.kind " +
  "llm.input_messages llm.output_messages input.value output.value llm.invocation_parameters metadata " +
  "llm.prompt_template.version llm.finish_reason embedding.model_name exception.type " +
  "tool.name tool.parameters"
).split(" ");

const a = (key: string) => sql.given(quoteName(`@${key}`));
const count = (key: string) => sql.whole(a(key));
const kind = `upper(coalesce(${sql.given("span_kind")}, ${a("openinference.span.kind")}))`;
const isCall = `${kind} in ('LLM', 'EMBEDDING')`;
const start = sql.instant("start_time");
const failed = "(coalesce(upper(status_code) = 'ERROR', false))";
const cacheRead = count("llm.token_count.prompt_details.cache_read");
const cacheWrite = count("llm.token_count.prompt_details.cache_write");
const input = count("llm.token_count.prompt");
const output = count("llm.token_count.completion");
const trace = `coalesce(${sql.given('"context.trace_id"')}, ${sql.inside("context", "trace_id")})`;
const span = `coalesce(${sql.given('"context.span_id"')}, ${sql.inside("context", "span_id")}, id)`;
const callId = `lower(${trace}) || ':' || lower(${span})`;
const answer = `coalesce(${a("output.value")}, ${a("llm.output_messages")})`;
const question = `coalesce(${a("llm.input_messages")}, ${a("input.value")})`;

const targets: Target[] = [
  {
    table: "calls",
    where: isCall,
    columns: {
      call_id: callId,
      task_id: `lower(${trace})`,
      conversation_id: `coalesce(${a("session.id")}, ${a("gen_ai.conversation.id")})`,
      user_id: a("user.id"),
      workload: sql.inside(a("metadata"), "workload", "feature"),
      environment: sql.inside(a("metadata"), "environment"),
      ...sql.chatOrEmbedding(`${kind} = 'EMBEDDING'`),
      prompt_version: a("llm.prompt_template.version"),
      response_model: `coalesce(${a("llm.model_name")}, ${a("embedding.model_name")})`,
      request_model: sql.inside(a("llm.invocation_parameters"), "model"),
      provider: `coalesce(${a("llm.provider")}, ${a("llm.system")})`,
      started_at: start,
      duration: sql.secondsBetween(start, sql.instant("end_time")),
      ...sql.inputTokens(input, cacheRead, cacheWrite),
      output_tokens: output,
      reasoning_output_tokens: count("llm.token_count.completion_details.reasoning"),
      cost: `cast(${a("llm.cost.total")} as double)`,
      status: sql.statusOf(failed, "status_message"),
      error_type: `case when ${failed} then coalesce(${a("exception.type")}, left(${sql.given("status_message")}, 200), 'ERROR') end`,
      finish_reason: `coalesce(${a("llm.finish_reason")}, ${finishOf(a("output.value"))})`,
      stream: `try_cast(${sql.inside(a("llm.invocation_parameters"), "stream")} as boolean)`,
      prompt: question,
      output: answer,
    },
  },
  {
    table: "spans",
    where: `${span} is not null`,
    columns: {
      span_id: `lower(${span})`,
      parent_id: "lower(nullif(parent_id, ''))",
      task_id: `lower(${trace})`,
      call_id: `case when ${isCall} then ${callId} end`,
      stage: `coalesce(nullif("name", ''), lower(${kind}))`,
      started_at: start,
      duration: sql.secondsBetween(start, sql.instant("end_time")),
      status: sql.spanStatus(failed),
      ...toolIf(
        `${kind} = 'TOOL'`,
        `coalesce(${a("tool.name")}, ${toolOfSpan('"name"')})`,
        `coalesce(${a("input.value")}, ${a("tool.parameters")})`,
      ),
    },
  },
];

function reading(file: Shape): Omit<Reading, "format"> {
  const { shape } = opened(file);
  const flat = [...(shape.fields?.keys() ?? [])].filter((name) => name.startsWith("attributes."));
  const record = textRecord([...names, ...keys.map((key) => `attributes.${key}`)], file);
  const columns = keys.map((key) => {
    // {"llm.model_name": ...} in an older API, {"llm": {"model_name": ...}} if the keys were expanded.
    const opened = key.split(".").map((word) => `"${word}"`);
    const own = sql.given(quoteName(`attributes.${key}`));
    const nested = sql.inside("attributes", `"${key}"`, opened.join("."));
    return `${flat.length > 0 ? own : `coalesce(${own}, ${nested})`} as ${quoteName(`@${key}`)}`;
  });
  return {
    fields: record.fields,
    unnest: `select *, ${columns.join(", ")} from (${record.unnest ?? wholeRecords})`,
    targets,
    nothing: (records) => `none of its ${records} spans is of kind LLM or EMBEDDING`,
  };
}

/** Arize Phoenix spans with OpenInference attributes. */
export const format: Format = {
  name: "phoenix",
  about: "Arize Phoenix spans: JSON of its REST API, and the Parquet of a trace dataset",
  signature: ["context.span_id", "span_kind", "start_time", "status_code", "attributes"],
  lacks: "time to first token (OpenInference has no attribute for it), retries",
  recognises(file) {
    const { shape } = opened(file);
    const ids = has(shape, "context.span_id") || shape.fields?.has("context.span_id") === true;
    return (
      ids &&
      hasAny(shape, "span_kind") &&
      has(shape, "start_time") &&
      hasAny(shape, "status_code", "parent_id")
    );
  },
  reading,
};
