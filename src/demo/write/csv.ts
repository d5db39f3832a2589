import type { Said } from "../text/text";
import type { Call, Task } from "../traffic/call";
import { clock, offsetMinutes } from "../traffic/clock";
import type { Workload } from "../world/workload";
import { callsWriter } from "./callsWriter";
import { callName, type Names, responseModel, userName } from "./name";
import type { Sink } from "./sink";

const header =
  "request_id,trace,app,account,batch,requested_at,latency_ms,deployment,region,model,model_version,http_status," +
  "error,prompt_tokens,cached_tokens,cache_write_tokens,completion_tokens,cost_microusd,attempt_no,fallback_of," +
  "from_cache,finish,json_ok";

/** The mapping from the columns of the gateway's CSV to those of calls. */
const calls = {
  table: "calls",
  columns: {
    call_id: "request_id",
    task_id: "trace",
    attempt: "attempt_no",
    conversation_id: "batch",
    user_id: "account",
    workload: "app",
    environment: "'production'",
    operation: "'chat'",
    role: "'answer'",
    model: "model",
    request_model: "model",
    response_model: "model_version",
    provider: "deployment",
    region: "region",
    started_at: "timezone('UTC', cast(requested_at as timestamptz))",
    duration: "cast(latency_ms as double) / 1000",
    input_tokens: "prompt_tokens",
    cache_read_input_tokens: "cached_tokens",
    cache_creation_input_tokens: "cache_write_tokens",
    output_tokens: "completion_tokens",
    cost: "cast(cost_microusd as double) / 1000000",
    cost_source: "case when cost_microusd is not null then 'log' end",
    status:
      "case http_status when 200 then 'ok' when 429 then 'rate_limited' when 504 then 'timeout' " +
      "when 499 then 'cancelled' else 'error' end",
    http_status: "http_status",
    error_type: "error",
    finish_reason: "finish",
    cache_hit: "from_cache = 'yes'",
    fallback_from: "fallback_of",
    stream: "false",
    json_valid: "json_ok = 'yes'",
  },
};

/** The columns that a workload's file has besides the common ones. */
function extras({ json, pipelines, releases, texts }: Workload) {
  return {
    schema: json,
    pipeline: Object.keys(pipelines).length > 0,
    release: releases.length > 0,
    texts: texts !== "none",
  };
}

/** The mapping for the CSV of a workload. */
export function csvMapping(work: Workload): object {
  const more = extras(work);
  const columns = {
    ...calls.columns,
    ...(more.schema ? { schema_valid: "schema_ok = 'yes'" } : {}),
    ...(more.pipeline ? { prompt_version: "pipeline" } : {}),
    ...(more.release ? { release: "app_version" } : {}),
    ...(more.texts ? { prompt: "question", output: "answer" } : {}),
  };
  return { ...calls, columns };
}

const quoted = (text: string | null) => (text === null ? "" : `"${text.replaceAll('"', '""')}"`);

const errors: Record<Call["status"], string> = {
  ok: "",
  error: "upstream_error",
  timeout: "upstream_timeout",
  rate_limited: "too_many_requests",
  cancelled: "client_closed_request",
};

/** Writes calls as the CSV of a company's own gateway: local times, milliseconds, millionths of a dollar. */
export function csvWriter(sink: Sink, workload: string, work: Workload, names: Names, offset: string) {
  const local = clock(offsetMinutes(offset), " ");
  const more = extras(work);
  const added = [
    more.schema ? ",schema_ok" : "",
    more.pipeline ? ",pipeline" : "",
    more.release ? ",app_version" : "",
    more.texts ? ",question,answer" : "",
  ];
  sink.write(`${header}${added.join("")}\n`);
  const line = (task: Task, call: Call, part: number, { prompt, output }: Said) => {
    const { lane } = call;
    const { releases, pipelines } = lane.variants;
    const answered = call.inputTokens >= 0;
    const checked = lane.work.json && call.finishReason !== "";
    const yes = (value: boolean) => (checked ? (value ? "yes" : "no") : "");
    return (
      `${callName(names, task, part)},${names.task(task.number)},${workload},${userName(workload, task.user)},` +
      `${names.session(task.session)},${local(call.startedAt)}${offset},${(call.duration / 1000).toFixed(3)},` +
      `${lane.provider},${lane.region},${lane.model},${answered ? responseModel(lane) : ""},${call.httpStatus},` +
      `${errors[call.status]},${answered ? call.inputTokens : ""},${answered ? call.cacheReadTokens : ""},` +
      `${answered ? call.cacheCreationTokens : ""},${answered ? call.outputTokens : ""},` +
      `${answered ? Math.round(call.cost * 1e6) : ""},${call.attempt},${call.fallbackFrom},` +
      `${call.cacheHit ? "yes" : "no"},${call.finishReason},` +
      yes(call.jsonValid) +
      (more.schema ? `,${yes(call.schemaValid)}` : "") +
      (more.pipeline ? `,${pipelines.items[task.pipeline].name}` : "") +
      (more.release ? `,${releases[task.release].name}` : "") +
      (more.texts ? `,${quoted(prompt)},${quoted(output)}` : "") +
      "\n"
    );
  };
  return callsWriter(sink, line);
}
