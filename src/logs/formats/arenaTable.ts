import { number, whole } from "../expressions";
import type { Format } from "../format";
import { has } from "../textRecord";
import { scoreReading } from "./scoreTable";

/** Arena ratings as a table, one row a model. */
export const arenaTable: Format = {
  name: "arena-table",
  about: "LMArena rating tables (CSV: model, rating, rating_q975, rating_q025)",
  signature: ["model", "rating", "rating_q975", "rating_q025", "num_battles"],
  lacks: "dates but in the file's name",
  recognises: (shape) => has(shape, "rating", "rating_q975", "rating_q025"),
  reading(shape) {
    const model = ["model", "model_name", "key"].find((name) => has(shape, name)) ?? "column1";
    // Without a variance, the 95 % bounds of the bootstrap are 3.92 standard errors apart where it is normal.
    const error = `coalesce(sqrt(${number("variance")}), (${number("rating_q975")} - ${number("rating_q025")}) / 3.92)`;
    return scoreReading(
      shape,
      ["rating", "variance", "rating_q975", "rating_q025", "num_battles"],
      model,
      "lmarena",
      [{ benchmark: "Chatbot Arena", score: "rating", standardError: error, items: whole("num_battles") }],
    );
  },
};
