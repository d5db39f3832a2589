import { quoteName } from "../../store/quote";
import { given, instant } from "../expressions";
import type { Reading } from "../format";
import type { Shape } from "../shape";
import { textRecord } from "../textRecord";

const rater = (source: string) =>
  `case upper(${source}) when 'EVAL' then 'judge' when 'ANNOTATION' then 'human' end`;

/** Scores as a list of JSON objects, each with its own names. */
export const scoreColumns = (read: (...paths: string[]) => string): Record<string, string> => ({
  subject: `case when ${read("observationId", "observation_id")} is not null then 'call' else 'task' end`,
  subject_id: read("observationId", "observation_id", "traceId", "trace_id"),
  name: read("name"),
  // A categorical score has 0, or nothing, as its value: what it says is its text.
  value: `case when upper(${read("dataType", "data_type")}) in ('CATEGORICAL', 'TEXT') then null else cast(${read("value")} as double) end`,
  label: read("stringValue", "string_value"),
  rater: rater(read("source")),
  rater_id: read("authorUserId", "author_user_id", "configId"),
  at: instant(read("timestamp")),
});

const scoreNames = (
  "id name value source timestamp traceId trace_id observationId observation_id dataType data_type stringValue " +
  "string_value authorUserId author_user_id configId"
).split(" ");

/** Scores as rows. */
export function scores(file: Shape): Omit<Reading, "format"> {
  const read = (...paths: string[]) => given(...paths.map(quoteName));
  return {
    ...textRecord(scoreNames, file),
    targets: [{ table: "scores", columns: scoreColumns(read) }],
    nothing: (records) => `its ${records} records hold no score`,
  };
}
