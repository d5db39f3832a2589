import type { Said } from "../text/text";
import type { Call, Task } from "../traffic/call";
import { type Names, responseModel, userName } from "./name";
import type { Sink } from "./sink";

const text = (key: string, value: string) => `{"key":"${key}","value":{"stringValue":"${value}"}}`;
// Texts are a list of messages, written as a JSON string.
const message = (key: string, role: string, content: string, more: object) => {
  const messages = [{ role, parts: [{ type: "text", content }], ...more }];
  return `{"key":"${key}","value":{"stringValue":${JSON.stringify(JSON.stringify(messages))}}}`;
};
// 64-bit integers are strings in OTLP JSON.
const whole = (key: string, value: number) => `{"key":"${key}","value":{"intValue":"${value}"}}`;
const real = (key: string, value: number) => `{"key":"${key}","value":{"doubleValue":${value}}}`;

const errorTypes: Record<Call["status"], (call: Call) => string> = {
  ok: () => "",
  error: (call) => String(call.httpStatus),
  timeout: () => "timeout",
  rate_limited: () => "429",
  cancelled: () => "cancelled",
};

function span(
  ids: { trace: string; span: string; parent: string },
  name: string,
  kind: number,
  startedAt: number,
  endedAt: number,
  attributes: string[],
  status: string,
): string {
  const parent = ids.parent === "" ? "" : `"parentSpanId":"${ids.parent}",`;
  return (
    `{"traceId":"${ids.trace}","spanId":"${ids.span}",${parent}"name":"${name}","kind":${kind},` +
    `"startTimeUnixNano":"${startedAt}000","endTimeUnixNano":"${endedAt}000",` +
    `"attributes":[${attributes.join(",")}]${status === "" ? "" : `,"status":${status}`}}`
  );
}

function callAttributes(
  { lane, pipeline }: Task,
  call: Call,
  conversation: string,
  user: string,
  { prompt, output }: Said,
): string[] {
  const version = lane.variants.pipelines.items[pipeline].name;
  const attributes = responseAttributes(call, conversation, user);
  if (version !== "") attributes.push(text("gen_ai.prompt.version", version));
  if (prompt !== null) attributes.push(message("gen_ai.input.messages", "user", prompt, {}));
  if (output !== null)
    attributes.push(
      message("gen_ai.output.messages", "assistant", output, { finish_reason: call.finishReason }),
    );
  return attributes;
}

function responseAttributes(call: Call, conversation: string, user: string): string[] {
  const { lane } = call;
  const attributes = [
    text("gen_ai.operation.name", lane.operation),
    text("gen_ai.provider.name", lane.provider),
    text("gen_ai.request.model", lane.model),
    text("gen_ai.conversation.id", conversation),
    text("user.id", user),
  ];
  if (lane.work.stream) attributes.push('{"key":"gen_ai.request.stream","value":{"boolValue":true}}');
  if (call.inputTokens >= 0) {
    attributes.push(text("gen_ai.response.model", responseModel(lane)));
    attributes.push(whole("gen_ai.usage.input_tokens", call.inputTokens));
    attributes.push(whole("gen_ai.usage.output_tokens", call.outputTokens));
  }
  if (call.cacheReadTokens > 0)
    attributes.push(whole("gen_ai.usage.cache_read.input_tokens", call.cacheReadTokens));
  if (call.cacheCreationTokens > 0)
    attributes.push(whole("gen_ai.usage.cache_creation.input_tokens", call.cacheCreationTokens));
  if (call.timeToFirstToken >= 0)
    attributes.push(real("gen_ai.response.time_to_first_chunk", call.timeToFirstToken / 1e6));
  if (call.finishReason !== "")
    attributes.push(
      `{"key":"gen_ai.response.finish_reasons","value":{"arrayValue":{"values":[{"stringValue":"${call.finishReason}"}]}}}`,
    );
  if (call.attempt > 1) attributes.push(whole("http.request.resend_count", call.attempt - 1));
  if (call.fallbackFrom !== "") attributes.push(text("fieldnotes.fallback_from", call.fallbackFrom));
  if (call.cacheHit) attributes.push('{"key":"fieldnotes.cache_hit","value":{"boolValue":true}}');
  if (call.status !== "ok") {
    attributes.push(text("error.type", errorTypes[call.status](call)));
    if (call.status === "error" || call.status === "rate_limited")
      attributes.push(whole("http.response.status_code", call.httpStatus));
  }
  return attributes;
}

// A batch is sent when it is full, or when its oldest span has waited this long (microseconds).
const batchSize = 24;
const batchWait = 600_000_000;

/**
 * Writes tasks as OpenTelemetry traces, OTLP JSON lines: one trace per task, one span per call, several spans per line
 * as a collector sends them. Tasks traced in detail have spans for their stages too, all inside one of the whole task.
 */
export function otlpWriter(sink: Sink, workload: string, names: Names) {
  const resource = (version: string) =>
    [
      text("service.name", workload),
      ...(version === "" ? [] : [text("service.version", version)]),
      text("deployment.environment.name", "production"),
      text("telemetry.sdk.name", "opentelemetry"),
      text("telemetry.sdk.language", "nodejs"),
    ].join(",");
  let batch: string[] = [];
  let oldest = 0;
  let release = "";
  const flush = () => {
    if (batch.length === 0) return;
    sink.write(
      `{"resourceSpans":[{"resource":{"attributes":[${resource(release)}]},"scopeSpans":[{"scope":{"name":"${workload}.models"},` +
        `"spans":[${batch.join(",")}]}]}]}\n`,
    );
    batch = [];
  };
  const add = (line: string, at: number) => {
    if (batch.length === 0) oldest = at;
    batch.push(line);
    if (batch.length >= batchSize) flush();
  };
  return {
    add(task: Task, said: Said[]) {
      const { name } = task.lane.variants.releases[task.release];
      if (batch.length > 0 && (task.startedAt - oldest > batchWait || name !== release)) flush();
      release = name;
      const { number, startedAt, stages, calls } = task;
      const trace = names.task(number);
      const traced = names.sampled(number, task.lane.work.stages_logged);
      const root = names.span(number, 0);
      const ids = (part: number) => ({ trace, span: names.span(number, part), parent: traced ? root : "" });
      if (traced) {
        for (const [index, stage] of stages.entries())
          add(
            span(ids(1 + index), stage.name, 1, stage.startedAt, stage.startedAt + stage.duration, [], ""),
            startedAt,
          );
      }
      const conversation = names.session(task.session);
      const user = userName(workload, task.user);
      for (const [index, call] of calls.entries()) {
        const attributes = callAttributes(task, call, conversation, user, said[index]);
        const status = call.status === "ok" ? "" : `{"code":2,"message":"${call.status}"}`;
        const end = call.startedAt + call.duration;
        const own = ids(1 + stages.length + index);
        add(
          span(own, `${call.lane.operation} ${call.lane.model}`, 3, call.startedAt, end, attributes, status),
          startedAt,
        );
      }
      if (!traced) return;
      const attributes = [text("gen_ai.operation.name", "invoke_agent"), text("gen_ai.agent.name", workload)];
      const whole = { trace, span: root, parent: "" };
      add(span(whole, `invoke_agent ${workload}`, 1, startedAt, task.endedAt, attributes, ""), startedAt);
    },
    close: flush,
  };
}
