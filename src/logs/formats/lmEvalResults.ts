import type { Format } from "../format";
import { has, hasAny, textRecord } from "../textRecord";

/** Results of the lm-evaluation-harness: tasks, metrics, standard errors. */
export const lmEvalResults: Format = {
  name: "lm-eval-results",
  about: "lm-evaluation-harness results (results_DATE.json)",
  signature: ["results", "configs", "versions", "n-shot", "higher_is_better", "model_name"],
  lacks: "single samples (they are in samples_TASK_DATE.jsonl)",
  recognises: (shape) =>
    has(shape, "results", "configs") && hasAny(shape, "versions", "n-shot", "model_name"),
  reading: (shape) => {
    const names = ["results", "config", "model_name", "n-samples", "higher_is_better", "date"];
    const part = (field: string, path: string) => `json_extract_string(${field}, ${path})`;
    return {
      ...textRecord(names, shape),
      targets: [
        {
          table: "benchmarks",
          each: `flatten(list_transform(json_keys(results), lambda task: list_transform(
            list_filter(json_keys(results, '$."' || task || '"'), lambda key: contains(key, ',') and not contains(key, '_stderr,')),
            lambda key: {'task': task, 'metric': key,
              'score': ${part("results", `'$."' || task || '"."' || key || '"'`)},
              'error': ${part("results", `'$."' || task || '"."' || split_part(key, ',', 1) || '_stderr,' || split_part(key, ',', 2) || '"'`)},
              'items': ${part('"n-samples"', `'$."' || task || '".effective'`)},
              'higher': ${part("higher_is_better", `'$."' || task || '"."' || split_part(key, ',', 1) || '"'`)},
              'model': coalesce(nullif(model_name, ''), json_extract_string(config, '$.model_args.pretrained'), json_extract_string(config, '$.model_args.model'),
                nullif(regexp_extract(json_extract_string(config, '$.model_args'), '(?:^|,)\\s*(?:pretrained|model)=([^,]+)', 1), ''),
                json_extract_string(config, '$.model')),
              'at': "date"})))`,
          columns: {
            model: "element.model",
            benchmark: "element.task || ' ' || replace(element.metric, ',none', '')",
            score: "element.score",
            standard_error: "nullif(element.error, 'N/A')",
            items: "element.items",
            higher_is_better: "cast(element.higher as boolean)",
            as_of: `case when try_cast(element.at as double) is null then cast(nullif(element.at, '') as timestamp)
              else make_timestamp(cast(try_cast(element.at as double) * 1e6 as bigint)) end`,
            source: "'lm-eval'",
          },
        },
      ],
      nothing: () => "its results hold no metric",
    };
  },
};
