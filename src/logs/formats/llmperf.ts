import type { Format } from "../records/format";

/**
 * Load-test results of llmperf: one record per request, times in seconds; provider and model are only in the
 * file's name.
 */
export const format: Format = {
  name: "llmperf",
  about: "llmperf individual responses: a JSON array, one record per request",
  signature: ["ttft_s", "end_to_end_latency_s", "number_output_tokens", "error_code"],
  lacks:
    "provider and model (give them with --set), times of day, users, cost; a load test of its own, not your traffic",
  recognises: (shape) =>
    ["ttft_s", "end_to_end_latency_s", "number_output_tokens"].every((name) => shape.fields?.has(name)),
  reading: () => ({
    fields: {
      error_code: "VARCHAR",
      error_msg: "VARCHAR",
      ttft_s: "DOUBLE",
      end_to_end_latency_s: "DOUBLE",
      number_input_tokens: "BIGINT",
      number_output_tokens: "BIGINT",
      GEN_TEXT: "VARCHAR",
    },
    targets: [
      {
        table: "calls",
        columns: {
          status: `case when error_code is null then 'ok' when error_code = '429' then 'rate_limited'
                   when error_code in ('408', '504') then 'timeout' else 'error' end`,
          http_status:
            "case when try_cast(error_code as int) between 100 and 599 then try_cast(error_code as int) end",
          error_type:
            "case when error_code is not null then coalesce(nullif(left(error_msg, 200), ''), error_code) end",
          // A failed request has 0, or a time that ends with the failure: stored only if it is above 0.
          duration:
            "case when error_code is null then end_to_end_latency_s else nullif(end_to_end_latency_s, 0) end",
          time_to_first_token: "case when error_code is null then ttft_s else nullif(ttft_s, 0) end",
          input_tokens: "number_input_tokens",
          output_tokens: "number_output_tokens",
          output: "GEN_TEXT",
          stream: "true",
          environment: "'load test'",
          operation: "'chat'",
        },
      },
    ],
  }),
};
