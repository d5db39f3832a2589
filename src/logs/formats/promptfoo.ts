import type { Format, Target } from "../records/format";
import * as sql from "../records/sql";
import { eachElement, has } from "../records/textRecord";

const r = sql.textsIn("record");
const n = (...paths: string[]) => `cast(${r(...paths)} as bigint)`;
const row = `coalesce(${r("id")}, eval || ':' || ${r("promptIdx")} || ':' || ${r("testIdx")})`;
const hit = `coalesce(${r("response.cached")} = 'true', false)`;
const failed = `(coalesce(${r("failureReason")} = '2', false) or (${r("failureReason")} is null and ${r("error")} is not null))`;
const answer = r("response.output");
const own = r(`testCase.metadata.${sql.itemField}`, `metadata.${sql.itemField}`);
const item = `coalesce(${own}, md5(concat_ws('|', ${r("prompt.raw")}, ${r("vars")})))`;

const targets: Target[] = [
  {
    table: "calls",
    where: "record is not null",
    columns: {
      call_id: row,
      task_id: row,
      ...sql.evaluated,
      prompt_id: item,
      prompt_version: r("prompt.label", "promptId"),
      release: "eval",
      request_model: r("provider.id", "provider"),
      duration: `case when not ${hit} then ${sql.milliseconds(r("latencyMs"))} end`,
      input_tokens: n("tokenUsage.prompt", "response.tokenUsage.prompt"),
      output_tokens: n("tokenUsage.completion", "response.tokenUsage.completion"),
      reasoning_output_tokens: n("tokenUsage.completionDetails.reasoning"),
      cost: `cast(${r("cost")} as double)`,
      // A failed assertion is a wrong answer, not a failed call.
      status: `case when not ${failed} then 'ok' when regexp_matches(lower(${r("error")}), 'rate.?limit|429') then 'rate_limited'
            when regexp_matches(lower(${r("error")}), 'time.?out|timed out') then 'timeout' else 'error' end`,
      error_type: sql.reasonOf(failed, r("error"), "error"),
      finish_reason: r("response.finishReason"),
      cache_hit: `case when ${r("response.cached")} is not null then ${hit} end`,
      prompt: r("prompt.raw"),
      output: answer,
    },
  },
  {
    table: "tasks",
    where: "record is not null",
    columns: {
      task_id: row,
      prompt_id: item,
      trial: n("testIdx"),
      resolved: `case when not ${failed} then cast(${r("success")} as boolean) end`,
    },
  },
  {
    table: "scores",
    where: `not ${failed} and ${r("score")} is not null`,
    each: `list_concat([{'id': ${row}, 'name': 'score', 'value': ${r("score")}}],
          coalesce(list_transform(${sql.keysIn("json_extract(record, '$.namedScores')", "record")}, lambda name:
            {'id': ${row}, 'name': name, 'value': json_extract_string(record, '$.namedScores."' || name || '"')}), []))`,
    columns: sql.scoresOf("task", { rater: "'rule'" }),
  },
];

/** promptfoo evaluations. */
export const format: Format = {
  name: "promptfoo",
  about: "promptfoo evaluations (-o out.json)",
  signature: ["evalId", "results.results", "config"],
  lacks:
    "times of day, users; latency of answers from its cache; results of version 2 and older, which are a table",
  recognises: (shape) => has(shape, "results.results") && (has(shape, "evalId") || has(shape, "config")),
  reading: () => ({
    fields: { evalId: "VARCHAR", results: "VARCHAR" },
    unnest: eachElement(
      `from_json(json_extract(results, '$.results'), '["JSON"]')`,
      "record",
      ["record", "evalId as eval", `${sql.inside("results", "timestamp")} as run_at`],
      ["evalId", "results"],
    ),
    targets,
    nothing: () => "it contains no results",
  }),
};
