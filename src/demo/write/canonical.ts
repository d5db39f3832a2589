import type { Said } from "../text/text";
import type { Call, Task } from "../traffic/call";
import { clock } from "../traffic/clock";
import { callsWriter } from "./callsWriter";
import { callName, type Names, responseModel, userName } from "./name";
import type { Sink } from "./sink";

const errorTypes: Record<Call["status"], string> = {
  ok: "",
  error: "server_error",
  timeout: "timeout",
  rate_limited: "rate_limit_exceeded",
  cancelled: "cancelled",
};

/** Writes calls as this library's own records: one JSON object per line, with the known columns as keys. */
export function canonicalWriter(sink: Sink, workload: string, names: Names) {
  const iso = clock(0, "T");
  const line = (task: Task, call: Call, part: number, { prompt, output }: Said) => {
    const { lane } = call;
    const { releases, pipelines } = lane.variants;
    const release = releases[task.release].name;
    const version = pipelines.items[task.pipeline].name;
    let out =
      `{"call_id":"${callName(names, task, part)}","task_id":"${names.task(task.number)}","attempt":${call.attempt},` +
      `"conversation_id":"${names.session(task.session)}","user_id":"${userName(workload, task.user)}",` +
      `"workload":"${workload}","environment":"production","operation":"${lane.operation}",` +
      `"model":"${lane.model}","request_model":"${lane.model}",`;
    if (release !== "") out += `"release":"${release}",`;
    if (version !== "") out += `"prompt_version":"${version}",`;
    if (call.inputTokens >= 0) out += `"response_model":"${responseModel(lane)}",`;
    out +=
      `"provider":"${lane.provider}","region":"${lane.region}","started_at":"${iso(call.startedAt)}Z",` +
      `"duration":${call.duration / 1e6},`;
    if (call.timeToFirstToken >= 0) out += `"time_to_first_token":${call.timeToFirstToken / 1e6},`;
    if (call.inputTokens >= 0) {
      out += `"input_tokens":${call.inputTokens},"output_tokens":${call.outputTokens},`;
      out += `"cache_read_input_tokens":${call.cacheReadTokens},`;
      out += `"cache_creation_input_tokens":${call.cacheCreationTokens},`;
      out += `"cost":${call.cost},"cost_source":"log",`;
    }
    out += `"status":"${call.status}","http_status":${call.httpStatus},`;
    if (call.status !== "ok") out += `"error_type":"${errorTypes[call.status]}",`;
    if (call.finishReason !== "") out += `"finish_reason":"${call.finishReason}",`;
    if (lane.work.cache_hit_rate > 0) out += `"cache_hit":${call.cacheHit},`;
    if (call.fallbackFrom !== "") out += `"fallback_from":"${call.fallbackFrom}",`;
    if (lane.work.json && call.finishReason !== "")
      out += `"json_valid":${call.jsonValid},"schema_valid":${call.schemaValid},`;
    if (prompt !== null) out += `"prompt":${JSON.stringify(prompt)},`;
    if (output !== null) out += `"output":${JSON.stringify(output)},`;
    return `${out}"stream":${lane.work.stream}}\n`;
  };
  return callsWriter(sink, line);
}

/** Writes the stages and calls of the tasks traced in detail, inside one span for the whole task. */
export function spanWriter(sink: Sink, names: Names) {
  const iso = clock(0, "T");
  return {
    add(task: Task) {
      if (!names.sampled(task.number, task.lane.work.stages_logged)) return;
      const id = names.task(task.number);
      const root = names.span(task.number, 0);
      const line = (
        span: string,
        parent: string,
        stage: string,
        at: number,
        duration: number,
        status: string,
      ) =>
        sink.write(
          `{"span_id":"${span}",${parent}"task_id":"${id}","stage":"${stage}","started_at":"${iso(at)}Z",` +
            `"duration":${duration / 1e6},"status":"${status}"}\n`,
        );
      line(root, "", "task", task.startedAt, task.endedAt - task.startedAt, "ok");
      let part = 1;
      for (const { name, startedAt, duration, failed } of task.stages) {
        const status = failed ? "error" : "ok";
        line(names.span(task.number, part++), `"parent_id":"${root}",`, name, startedAt, duration, status);
      }
      for (const { startedAt, duration, status, lane } of task.calls) {
        const { operation } = lane;
        const own = names.span(task.number, part++);
        const links = `"parent_id":"${root}","call_id":"${own}",`;
        line(own, links, operation, startedAt, duration, status === "ok" ? "ok" : "error");
      }
    },
    close() {},
  };
}

/** Writes tasks with their outcome as CSV, with the columns of this library's own table as header. */
export function taskWriter(sink: Sink, names: Names) {
  const iso = clock(0, "T");
  sink.write("task_id,workload,user_id,resolved,resolved_at\n");
  return {
    add(task: Task) {
      const outcome = task.resolved === null ? "," : `${task.resolved},${iso(task.endedAt)}Z`;
      const { workload } = task.lane;
      sink.write(`${names.task(task.number)},${workload},${userName(workload, task.user)},${outcome}\n`);
    },
    close() {},
  };
}
