import { given, inside, instant, knownCost, milliseconds, number, statusOf, whole } from "../expressions";
import type { Format, Target } from "../format";
import { has, opened, textRecord } from "../textRecord";

const names = (
  "id created_at provider model model_type request_type path success cached status_code step duration tokens_in " +
  "tokens_out cost custom_cost metadata"
).split(" ");
const http = "try_cast(status_code as bigint)";
const failed = "(coalesce(try_cast(success as boolean) = false, false))";
const hit = "coalesce(try_cast(cached as boolean), false)";
const metadata = (...keys: string[]) => inside("metadata", ...keys);
const isEmbedding = "(coalesce(path, '') like '%embeddings%' or coalesce(model_type, '') ilike '%embed%')";

const calls: Target = {
  table: "calls",
  columns: {
    call_id: "id",
    task_id: `coalesce(${metadata("trace_id", "traceId", "task_id")}, id)`,
    conversation_id: metadata("session_id", "sessionId", "conversation_id"),
    user_id: metadata("user_id", "userId", "user"),
    workload: metadata("workload", "feature", "app"),
    environment: metadata("environment", "env"),
    operation: `case when ${isEmbedding} then 'embeddings' else 'chat' end`,
    role: `case when ${isEmbedding} then 'other' else 'answer' end`,
    request_model: "model",
    provider: "provider",
    started_at: instant("created_at"),
    duration: milliseconds("duration"),
    input_tokens: whole("tokens_in"),
    output_tokens: whole("tokens_out"),
    cost: knownCost(
      number("cost"),
      `(coalesce(${whole("tokens_in")}, 0) + coalesce(${whole("tokens_out")}, 0))`,
      hit,
    ),
    status: statusOf(failed, "''", http),
    http_status: `case when ${http} between 100 and 599 then ${http} end`,
    error_type: `case when ${failed} or ${http} >= 400 then coalesce('HTTP ' || ${given("status_code")}, 'failed') end`,
    cache_hit: hit,
  },
};

/** Logs of Cloudflare's AI Gateway. */
export const cloudflare: Format = {
  name: "cloudflare",
  about: "Cloudflare AI Gateway logs (JSON, JSONL, CSV)",
  signature: ["id", "created_at", "provider", "model", "tokens_in", "tokens_out", "cached", "duration"],
  lacks: "time to first token, cached and reasoning tokens; users unless the caller sends metadata",
  recognises(file) {
    const { shape } = opened(file);
    return has(shape, "created_at", "provider", "model", "tokens_in", "tokens_out", "cached");
  },
  reading: (file) => ({
    ...textRecord(names, file),
    targets: [calls],
    nothing: (records) => `its ${records} records hold no request`,
  }),
};
