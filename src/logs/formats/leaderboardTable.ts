import { quoteName, quoteText } from "../../store/quote";
import { isMissingSql, numberText } from "../files/tableCell";
import { dayIn, stem } from "../models/stem";
import type { Format } from "../records/format";
import { isUnnamed, leaderboardColumns, type ScoreColumn } from "../records/leaderboardColumns";
import * as sql from "../records/sql";
import { textRecord } from "../records/textRecord";

// A link in HTML or Markdown is read as its text.
const linked = (cell: string) =>
  `coalesce(nullif(regexp_extract(${cell}, '>([^<>]+)</a>', 1), ''), nullif(regexp_extract(${cell}, '^\\[([^\\]]+)\\]\\(.*\\)$', 1), ''), trim(${cell}))`;

const figure = (cell: string) => `cast(${numberText(cell)} as double)`;

/** The standard error that a score's own columns give. */
function errorOf({ error, low, high, interval }: ScoreColumn): string {
  if (error !== undefined) return numberText(quoteName(error));
  if (low !== undefined && high !== undefined)
    return sql.errorOfBounds(figure(quoteName(low)), figure(quoteName(high)));
  if (interval === undefined) return "null";
  const cell = quoteName(interval);
  const all = `cast(regexp_extract_all(${cell}, '[0-9]+(?:\\.[0-9]+)?') as double[])`;
  // Two ends, or amounts to add and subtract.
  return `(case when len(${all}) = 2 then abs(case when regexp_matches(${cell}, '[+±]') then list_sum(${all}) else ${all}[2] - ${all}[1] end)
    when len(${all}) = 1 then 2 * ${all}[1] end / 3.92)`;
}

/**
 * A leaderboard as a wide table: HELM, LiveBench, the Open LLM Leaderboard, LMArena and any other in this form.
 */
export const format: Format = {
  name: "leaderboard-table",
  about:
    "leaderboards as a table: a column of models, and one of numbers for each benchmark (CSV, JSON, Parquet)",
  signature: ["model", "a column of numbers a benchmark"],
  lacks:
    "standard errors, unless a column gives them, bounds or items; whether lower is better, unless a name says so",
  recognises: (shape) => leaderboardColumns(shape) !== undefined,
  reading(shape, path) {
    const { model, scores, date, harness, shots, left } = leaderboardColumns(shape) ?? {
      model: "model",
      scores: [],
      left: [],
    };
    const beside = scores.flatMap(({ error, low, high, interval, items }) => [
      error,
      low,
      high,
      interval,
      items,
    ]);
    const names = [model, ...scores.map(({ name }) => name), ...beside, date, harness, shots];
    const used = [...new Set(names.filter((name) => name !== undefined))];
    const day = dayIn(path);
    // A single column "score" belongs to the benchmark that the file is named after.
    const isOneUnnamed = scores.length === 1 && isUnnamed(scores[0]);
    const cells = scores.map((score) => {
      const cell = quoteName(score.name);
      const items = score.items === undefined ? "null" : numberText(quoteName(score.items));
      return `{'model': ${linked(quoteName(model))}, 'at': ${asOf(date, day)}, 'benchmark': ${quoteText(isOneUnnamed ? stem(path) : score.name)}, 'missing': ${isMissingSql(cell)}, 'score': ${numberText(cell)},
        'error': cast(${errorOf(score)} as varchar), 'items': regexp_replace(${items}, '[.]0+$', ''), 'harness': ${harness === undefined ? "null" : sql.given(quoteName(harness))},
        'shots': ${shots === undefined || score.shots !== undefined ? `${score.shots ?? "null"}::bigint` : sql.whole(quoteName(shots))}, 'higher': ${score.higher ?? "null::boolean"}}`;
    });
    return {
      ...textRecord(used, shape),
      targets: [
        {
          table: "benchmarks",
          each: `list_filter([${cells.join(", ")}], lambda one: not one.missing)`,
          columns: {
            model: sql.required("element.model"),
            benchmark: "element.benchmark",
            score: "element.score",
            standard_error: "element.error",
            items: "element.items",
            higher_is_better: "element.higher",
            harness: "element.harness",
            shots: "element.shots",
            as_of: "element.at",
            source: quoteText(stem(path)),
          },
        },
      ],
      nothing: (records) => `none of its ${records} rows has a score`,
      note: (records, rows) => {
        const empty = records * scores.length - rows;
        return [
          empty === 0 ? "" : `${empty} of ${records * scores.length} cells contain no score`,
          left.length === 0 ? "" : `not read as scores: ${left.join(", ")}`,
        ]
          .filter(Boolean)
          .join("; ");
      },
    };
  },
};

// A day in a row's own notation is left empty, and the file's day is used.
function asOf(date: string | undefined, day: string | undefined): string {
  const own = date === undefined ? "null" : `try_cast(${quoteName(date)} as timestamp)`;
  return `coalesce(${own}, ${day ?? "null::timestamp"})`;
}
