import { quoteText } from "../../store/quote";
import { dayIn, stem } from "../models/stem";
import type { Format } from "../records/format";
import * as sql from "../records/sql";

// Names may contain quotes and dots, which no JSON path can express, so the objects are read as maps.
const entries = (json: string) =>
  `(case when json_type(${json}) = 'OBJECT' then map_entries(cast(${json} as map(varchar, json))) else [] end)`;
const result = sql.textsIn("element.one");

/** Arena ratings as in LMArena's catalogue: {category: {model: {rating, ...}}}. */
export const format: Format = {
  name: "arena-catalogue",
  about: "LMArena's catalogue (leaderboard-*.json: categories of models with their ratings)",
  signature: ["an object of categories", "of models", "rating", "rating_q975", "rating_q025"],
  lacks: "the number of battles, dates, except in the file's name",
  recognises: (shape) => {
    const categories = [...(shape.fields?.values() ?? [])];
    return categories.some((category) =>
      [...(category.fields?.values() ?? [])].some(
        (model) => model.fields?.has("rating") && model.fields.has("rating_q975"),
      ),
    );
  },
  reading: (_, path) => ({
    fields: { record: "JSON" },
    whole: true,
    targets: [
      {
        table: "benchmarks",
        // A model without a rating gives no score, like an empty cell of a table.
        each: `list_filter(flatten(list_transform(${entries("record")}, lambda category: list_transform(
            ${entries("category.value")}, lambda model:
            {'category': category.key, 'model': model.key, 'one': model.value}))),
          lambda entry: coalesce(json_extract_string(entry.one, '$.rating'), '') <> '')`,
        columns: {
          model: "element.model",
          benchmark: "'Chatbot Arena ' || element.category",
          score: result("rating"),
          standard_error: sql.errorOfBounds(
            `cast(${result("rating_q025")} as double)`,
            `cast(${result("rating_q975")} as double)`,
          ),
          ...(dayIn(path) === undefined ? {} : { as_of: dayIn(path) as string }),
          source: quoteText(stem(path)),
        },
      },
    ],
    nothing: () => "its categories contain no ratings",
  }),
};
