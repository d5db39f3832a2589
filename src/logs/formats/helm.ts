import { quoteText } from "../../store/quote";
import { dayIn, stem } from "../models/stem";
import type { Format } from "../records/format";
import * as sql from "../records/sql";
import { has, textRecord } from "../records/textRecord";

// Read once per table: reading the text of the header or of a row again for each cell would take the square of its
// length.
const { name: named, derived } = sql.namedTexts();
const cell = { value: "VARCHAR", lower_is_better: "VARCHAR" };
const heads = named("header", `from_json(${sql.json("header")}, '${JSON.stringify([cell])}')`);
const rows = named("rows", `from_json(${sql.json("rows")}, '${JSON.stringify([[{ value: "VARCHAR" }]])}')`);

/** HELM's groups: tables with a title, header cells and rows of cells. */
export const format: Format = {
  name: "helm",
  about: "HELM's groups (groups/*.json): a table or a list of them, with a header and rows of cells",
  signature: ["title", "header.value", "header.lower_is_better", "rows"],
  lacks: "standard errors, items, dates, except in the file's name",
  recognises: (shape) =>
    has(shape, "title", "header", "rows") &&
    shape.fields?.get("header")?.list?.fields?.has("value") === true &&
    shape.fields.get("rows")?.list?.list?.fields?.has("value") === true,
  reading(shape, path) {
    const day = dayIn(path);
    return {
      ...textRecord(["header", "rows"], shape),
      targets: [
        {
          table: "benchmarks",
          // Only columns that say which direction is good are scores: others are counts, or words.
          each: `list_filter(flatten(list_transform(${rows}, lambda cells:
            list_transform(range(2, len(${heads}) + 1), lambda place: {
              'model': cells[1].value, 'benchmark': ${heads}[place].value,
              'score': cells[place].value, 'lower': ${heads}[place].lower_is_better}))),
            lambda one: one.lower is not null and one.score is not null)`,
          columns: {
            model: sql.required("element.model"),
            benchmark: "element.benchmark",
            score: "element.score",
            higher_is_better: "not cast(element.lower as boolean)",
            ...(day === undefined ? {} : { as_of: day }),
            harness: "'helm'",
            source: quoteText(stem(path)),
          },
        },
      ],
      derived,
      nothing: () => "its tables contain no scores of models",
    };
  },
};
