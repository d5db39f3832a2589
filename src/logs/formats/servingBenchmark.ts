import type { Format } from "../records/format";
import * as sql from "../records/sql";
import { eachElement, has, hasAny } from "../records/textRecord";

const lists = ["ttfts", "itls", "latencies", "input_lens", "output_lens", "errors", "generated_texts"];
const at = (list: string, type: string) =>
  `cast(json_extract_string(${list}, '$[' || position || ']') as ${type})`;
const error = "nullif(json_extract_string(errors, '$[' || position || ']'), '')";
const between = `list_sum(cast(json_extract(itls, '$[' || position || ']') as double[]))`;
const ttft = at("ttfts", "double");

/** Results of a serving benchmark that keep each request: vLLM and SGLang. Per-request times are seconds. */
export const format: Format = {
  name: "serving-benchmark",
  about:
    "vLLM and SGLang serving-benchmark results saved with their requests (--save-detailed, --output-details)",
  signature: ["ttfts", "itls", "input_lens", "output_lens", "request_throughput"],
  lacks:
    "the model, of SGLang (give it with --set request_model=NAME); requests where only the aggregates were saved; times of day, users, cost; a load test of its own, not your traffic",
  recognises: (shape) =>
    has(shape, "request_throughput", "completed") && hasAny(shape, "mean_ttft_ms", "ttfts", "mean_tpot_ms"),
  reading: () => ({
    fields: {
      model_id: "VARCHAR",
      model: "VARCHAR",
      tokenizer_id: "VARCHAR",
      backend: "VARCHAR",
      ...Object.fromEntries(lists.map((name) => [name, "VARCHAR"])),
    },
    unnest: eachElement(
      "range(json_array_length(output_lens)::bigint)",
      "position",
      ["position", "model_id", "model", "tokenizer_id", "backend", ...lists],
      ["model_id", "model", "tokenizer_id", "backend", ...lists],
    ),
    targets: [
      {
        table: "calls",
        where: "position is not null",
        columns: {
          environment: "'load test'",
          operation: "'chat'",
          role: "'answer'",
          request_model: sql.given("model_id", "model", "tokenizer_id"),
          provider: "backend",
          // A failed request has 0 in the lists; the aggregates leave it out.
          status: `case when ${error} is null then 'ok' when regexp_matches(lower(${error}), 'time.?out') then 'timeout'
            when regexp_matches(${error}, '429|[Rr]ate') then 'rate_limited' else 'error' end`,
          error_type: error,
          time_to_first_token: `case when ${error} is null then nullif(${ttft}, 0) end`,
          duration: `case when ${error} is null then coalesce(${at("latencies", "double")}, nullif(${ttft}, 0) + coalesce(${between}, 0)) end`,
          input_tokens: at("input_lens", "bigint"),
          output_tokens: at("output_lens", "bigint"),
          stream: "true",
          output: `case when ${error} is null then json_extract_string(generated_texts, '$[' || position || ']') end`,
        },
      },
    ],
    nothing: () =>
      "it contains only aggregates (such as mean_ttft_ms) and no requests: save them with --save-detailed (vLLM) or --output-details (SGLang)",
  }),
};
