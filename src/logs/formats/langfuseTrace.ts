import { quoteName } from "../../store/quote";
import type { Shape } from "../files/shape";
import type { Reading, Target } from "../records/format";
import * as sql from "../records/sql";
import { eachElement, has, wholeRecords } from "../records/textRecord";
import { scoreColumns } from "./langfuseScores";

// What only the trace has: its user and session.
const onTrace: Record<string, string> = {
  traceName: "name",
  userId: "userId",
  sessionId: "sessionId",
  release: "release",
};

function ofObservation(name: string): string {
  const own = `json_extract_string(record, '$.${name}')`;
  return onTrace[name] === undefined ? own : `coalesce(${own}, ${sql.inside("trace", onTrace[name])})`;
}

const isDownload = (file: Shape) => has(file, "trace.id", "observations");

/** True for one trace with its observations: as downloaded from a trace's page, or returned by the API. */
export function isWholeTrace(file: Shape): boolean {
  // A list of traces names its observations only by their ids.
  const listed = file.fields?.get("observations")?.list;
  return isDownload(file) || (has(file, "id", "timestamp") && listed?.fields?.has("type") === true);
}

// The API's trace is the record itself.
const own = ["id", "name", "userId", "sessionId", "release"];
const asDownload = `select ${sql.carried}, ${sql.first}, observations, cast(json_object(${own.map((name) => `'${name}', ${quoteName(name)}`).join(", ")},
  'scores', case when json_valid(scores) then scores::json end) as varchar) as trace from (${wholeRecords})`;

/**
 * Observations of one trace, with names, the values that the trace has for all of them, the trace as a task, and
 * its scores.
 */
export function wholeTrace(
  file: Shape,
  names: readonly string[],
  [calls, spans]: [Target, Target],
  derived: Reading["derived"],
): Omit<Reading, "format"> {
  const fields = isDownload(file) ? ["trace", "observations"] : [...own, "scores", "observations"];
  const withNames = (more: readonly string[]) => ({
    fields: Object.fromEntries(fields.map((name) => [name, "VARCHAR"])),
    unnest: eachElement(
      `from_json(observations, '["JSON"]')`,
      "record",
      ["trace", ...[...names, ...more].map((name) => `${ofObservation(name)} as ${quoteName(name)}`)],
      ["trace", "observations"],
      isDownload(file) ? wholeRecords : asDownload,
    ),
  });
  return {
    ...withNames([]),
    record: { names, wrapper: "observations", withNames },
    targets: [
      calls,
      { ...spans, where: "id is not null" },
      {
        table: "tasks",
        where: `${sql.first} and ${sql.inside("trace", "id")} is not null`,
        columns: {
          task_id: sql.inside("trace", "id"),
          workload: sql.inside("trace", "name"),
          user_id: sql.inside("trace", "userId"),
          conversation_id: sql.inside("trace", "sessionId"),
        },
      },
      {
        table: "scores",
        where: `${sql.first} and ${sql.inside("trace", "scores[0]")} is not null`,
        each: `from_json(${sql.part("trace", "scores")}, '["JSON"]')`,
        columns: scoreColumns(sql.textsIn("element")),
      },
    ],
    derived,
    nothing: () => "none of its observations is a GENERATION or an EMBEDDING",
  };
}
