import { dayIn } from "../models/stem";
import type { Format } from "../records/format";
import { keysIn } from "../records/sql";
import { has, hasAny, textRecord } from "../records/textRecord";

/** Results of the lm-evaluation-harness: tasks, metrics, standard errors. */
export const format: Format = {
  name: "lm-eval-results",
  about:
    "lm-evaluation-harness results (results_DATE.json), also of version 0.3 and of the Open LLM Leaderboard's first",
  signature: ["results", "configs", "versions", "n-shot", "higher_is_better", "model_name"],
  lacks: "single samples (they are in samples_TASK_DATE.jsonl)",
  recognises: (shape) =>
    (has(shape, "results", "configs") && hasAny(shape, "versions", "n-shot", "model_name")) ||
    (has(shape, "results", "versions") && hasAny(shape, "config.model_args", "config_general.model_name")),
  reading: (shape, path) => {
    // Version 0.4 names a metric with its filter, "acc,none"; before, it was "acc" alone.
    const isOld = !has(shape, "configs");
    const names = [
      "results",
      "config",
      "config_general",
      "model_name",
      "n-samples",
      "n-shot",
      "higher_is_better",
      "date",
    ];
    const day = dayIn(path);
    const isMetric = isOld
      ? `json_type(results, '$."' || task || '"."' || key || '"') in ('DOUBLE', 'UBIGINT', 'BIGINT') and not suffix(key, '_stderr')`
      : "contains(key, ',') and not contains(key, '_stderr,')";
    const errorKey = isOld
      ? "key || '_stderr'"
      : "split_part(key, ',', 1) || '_stderr,' || split_part(key, ',', 2)";
    const part = (field: string, path: string) => `json_extract_string(${field}, ${path})`;
    return {
      ...textRecord(names, shape),
      targets: [
        {
          table: "benchmarks",
          each: `flatten(list_transform(${keysIn("results", "results", 2e9)}, lambda task: list_transform(
            list_filter(${keysIn(`json_extract(results, '$."' || task || '"')`, "results", 2e8)}, lambda key: ${isMetric}),
            lambda key: {'task': task, 'metric': key,
              'score': ${part("results", `'$."' || task || '"."' || key || '"'`)},
              'error': ${part("results", `'$."' || task || '"."' || ${errorKey} || '"'`)},
              'items': ${part('"n-samples"', `'$."' || task || '".effective'`)},
              'shots': coalesce(${part('"n-shot"', `'$."' || task || '"'`)}, ${part("config", "'$.num_fewshot'")},
                nullif(regexp_extract(task, '^harness[|].*[|]([0-9]+)$', 1), '')),
              'higher': ${part("higher_is_better", `'$."' || task || '"."' || split_part(key, ',', 1) || '"'`)},
              'model': coalesce(nullif(model_name, ''), json_extract_string(config_general, '$.model_name'), json_extract_string(config, '$.model_args.pretrained'), json_extract_string(config, '$.model_args.model'),
                nullif(regexp_extract(json_extract_string(config, '$.model_args'), '(?:^|,)\\s*(?:pretrained|model)=([^,]+)', 1), ''),
                json_extract_string(config, '$.model')),
              'at': "date"})))`,
          columns: {
            model: "element.model",
            benchmark: "element.task || ' ' || replace(element.metric, ',none', '')",
            score: "element.score",
            standard_error: "nullif(element.error, 'N/A')",
            items: "element.items",
            // Old results do not say which direction is good; for a perplexity it is known.
            higher_is_better: `coalesce(cast(element.higher as boolean),
              case when regexp_matches(element.metric, '^ppl|perplexity|bits_per_byte|^(wer|cer|ter)(,|$)') then false end)`,
            as_of: `case when element.at is null then ${day ?? "null"} when try_cast(element.at as double) is null then cast(nullif(element.at, '') as timestamp)
              else make_timestamp(cast(try_cast(element.at as double) * 1e6 as bigint)) end`,
            harness: "'lm-eval'",
            shots: "element.shots",
            source: "'lm-eval'",
          },
        },
      ],
      nothing: () => "its results contain no metrics",
    };
  },
};
