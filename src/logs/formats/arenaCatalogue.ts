import type { Format } from "../format";

const result = (field: string) => `json_extract_string(element.one, '$.${field}')`;

/** Arena ratings as LMArena's catalogue has them: {category: {model: {rating, ...}}}. */
export const arenaCatalogue: Format = {
  name: "arena-catalogue",
  about: "LMArena's catalogue (leaderboard-*.json: categories of models with their ratings)",
  signature: ["an object of categories", "of models", "rating", "rating_q975", "rating_q025"],
  lacks: "the number of battles, dates but in the file's name",
  recognises: (shape) => {
    const categories = [...(shape.fields?.values() ?? [])];
    return categories.some((category) =>
      [...(category.fields?.values() ?? [])].some(
        (model) => model.fields?.has("rating") && model.fields.has("rating_q975"),
      ),
    );
  },
  reading: () => ({
    fields: { record: "JSON" },
    whole: true,
    targets: [
      {
        table: "benchmarks",
        each: `flatten(list_transform(json_keys(record), lambda category:
          list_transform(json_keys(record, '$."' || category || '"'), lambda model:
            {'category': category, 'model': model, 'one': json_extract(record, '$."' || category || '"."' || model || '"')})))`,
        columns: {
          model: "element.model",
          benchmark: "'Chatbot Arena ' || element.category",
          score: result("rating"),
          standard_error: `(cast(${result("rating_q975")} as double) - cast(${result("rating_q025")} as double)) / 3.92`,
          source: "'lmarena'",
        },
      },
    ],
    nothing: () => "its categories hold no rating",
  }),
};
