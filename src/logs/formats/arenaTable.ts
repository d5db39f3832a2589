import { stem } from "../models/stem";
import type { Format } from "../records/format";
import * as sql from "../records/sql";
import { has } from "../records/textRecord";
import { scoreReading } from "./scoreTable";

/** Arena ratings as a table, one row per model. */
export const format: Format = {
  name: "arena-table",
  about:
    "LMArena rating tables (CSV, JSON, Parquet: model, rating and its bounds; also one row per category)",
  signature: ["model", "rating", "rating_q975 or rating_upper", "rating_q025 or rating_lower", "num_battles"],
  lacks: "dates, except in the file's name or in leaderboard_publish_date",
  recognises: (shape) =>
    has(shape, "rating", "rating_q975", "rating_q025") ||
    has(shape, "rating", "rating_upper", "rating_lower"),
  reading(shape, path) {
    const model = ["model", "model_name", "key"].find((name) => has(shape, name)) ?? "column1";
    const [upper, lower] = has(shape, "rating_upper")
      ? ["rating_upper", "rating_lower"]
      : ["rating_q975", "rating_q025"];
    const error = `coalesce(sqrt(${sql.number("variance")}), ${sql.errorOfBounds(sql.number(lower), sql.number(upper))})`;
    const items = has(shape, "vote_count") ? "vote_count" : "num_battles";
    const date = "leaderboard_publish_date";
    return scoreReading(
      shape,
      ["rating", "variance", upper, lower, items, "category", date],
      model,
      { source: stem(path), path },
      [
        {
          benchmark: "Chatbot Arena",
          category: "category",
          score: "rating",
          standardError: error,
          items: sql.whole(items),
          asOf: sql.given(date),
        },
      ],
    );
  },
};
