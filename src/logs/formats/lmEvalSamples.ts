import { quoteName, quoteText } from "../../store/quote";
import type { Shape } from "../files/shape";
import { stem } from "../models/stem";
import type { Format, Target } from "../records/format";
import * as sql from "../records/sql";
import { has, recordwise } from "../records/textRecord";

const known =
  "doc_id doc target arguments resps filtered_resps filter metrics doc_hash prompt_hash target_hash".split(
    " ",
  );

// A few texts or lists among numbers do not change what the rest are.
const isMetric = ({ scalar, seen }: Shape) =>
  /BIGINT|DOUBLE|BOOLEAN/.test(scalar) ||
  (scalar === "MIXED" && seen !== undefined && 2 * seen.numbers > seen.scalars + seen.lists + seen.records);

/** Samples of the lm-evaluation-harness: one row per document and filter. */
export const format: Format = {
  name: "lm-eval-samples",
  about: "lm-evaluation-harness samples (samples_TASK_DATE.jsonl, in the folder of their model)",
  signature: ["doc_id", "doc", "target", "resps", "filtered_resps", "doc_hash"],
  lacks: "latency, tokens, cost; the model is only in the folder's name",
  recognises: (shape) => has(shape, "doc_id", "resps", "filtered_resps"),
  reading(shape, path) {
    const task = /^samples_(.+?)_\d{4}-\d\d-\d\d/.exec(stem(path))?.[1] ?? stem(path);
    const folder = path.replaceAll("\\", "/").split("/").at(-2) ?? "";
    // The harness writes the slash of a model's name as two underscores.
    const model = folder.includes("__") ? quoteText(folder.replace("__", "/")) : "null::varchar";
    const id = `${quoteText(`${folder}:${task}:`)} || doc_id`;
    const metrics = [...(shape.fields?.entries() ?? [])]
      .filter(([name, field]) => !known.includes(name) && isMetric(field))
      .map(([name]) => name);
    const list = metrics.map(
      (name) =>
        `{'id': ${id}, 'name': ${quoteText(name)} || case when coalesce("filter", 'none') = 'none' then '' else ',' || "filter" end, 'value': ${quoteName(name)}}`,
    );
    const item = `coalesce(${sql.given("prompt_hash", "doc_hash")}, ${quoteText(`${task}:`)} || doc_id)`;
    const output = `coalesce(${sql.inside("filtered_resps", "$[0]")}, ${sql.given("filtered_resps")})`;
    const targets: Target[] = [
      {
        table: "calls",
        columns: {
          call_id: id,
          task_id: id,
          workload: quoteText(task),
          ...sql.evaluated,
          operation: "'text_completion'",
          prompt_id: item,
          request_model: model,
          status: "'ok'",
          prompt: sql.given("arguments"),
          output,
        },
      },
      {
        table: "tasks",
        columns: { task_id: id, workload: quoteText(task), prompt_id: item },
      },
    ];
    if (list.length > 0) {
      const columns = sql.scoresOf("task", {
        rater: "case when regexp_matches(lower(element.name), 'judge|gpt|llm') then 'judge' else 'rule' end",
      });
      targets.push({ table: "scores", each: `[${list.join(", ")}]`, columns });
    }
    return recordwise([...known, ...metrics], targets)(shape);
  },
};
