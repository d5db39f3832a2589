import { stem } from "../models/stem";
import type { Format } from "../records/format";
import * as sql from "../records/sql";
import { has } from "../records/textRecord";
import { scoreReading } from "./scoreTable";

/** Arena-Hard: its table, or one row per model with the draws of the bootstrap. */
export const format: Format = {
  name: "arena-hard",
  about: "Arena-Hard leaderboards (CSV) and bootstrap draws (JSONL: model, score, lower, upper, results)",
  signature: ["model", "score", "rating_q025", "rating_q975", "avg_tokens", "results"],
  lacks: "the number of battles",
  recognises: (shape) =>
    has(shape, "model", "score") &&
    (has(shape, "rating_q025", "rating_q975") ||
      (has(shape, "lower", "upper") && shape.fields?.get("results")?.list !== undefined)),
  reading(shape, path) {
    const isDraws = has(shape, "results");
    const bounds = isDraws ? ["lower", "upper"] : ["rating_q025", "rating_q975"];
    const ofBounds = sql.errorOfBounds(sql.number(bounds[0]), sql.number(bounds[1]));
    const error = isDraws ? `coalesce(list_stddev_samp(cast(results as double[])), ${ofBounds})` : ofBounds;
    return scoreReading(
      shape,
      ["score", "rating_q025", "rating_q975", "results", "lower", "upper", "date"],
      "model",
      { source: stem(path), path },
      [
        {
          benchmark: /mt.?bench/i.test(stem(path)) ? "MT-Bench" : "Arena-Hard",
          score: "score",
          standardError: error,
          ...(has(shape, "date") ? { asOf: sql.given("date") } : {}),
        },
      ],
    );
  },
};
