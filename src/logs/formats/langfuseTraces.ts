import { defined } from "../../stats/defined";
import type { Shape } from "../files/shape";
import type { Reading, Target } from "../records/format";
import * as sql from "../records/sql";
import { textRecord } from "../records/textRecord";
import { scoreLists } from "./langfuseScores";

const traceNames = (
  "id name timestamp environment projectId project_id metadata userId user_id sessionId session_id release " +
  "version public bookmarked tags input output createdAt created_at updatedAt updated_at latency latencyMs " +
  "observations observationCount errorCount warningCount defaultCount debugCount level usage usageDetails totalCost " +
  "costDetails inputCost outputCost totalTokens inputTokens outputTokens promptTokens completionTokens comments " +
  "timeToFirstToken timeToFirstTokenMs scores htmlPath duration"
).split(" ");

/** Traces as rows, without their observations. The UI's export adds one column per score, a list of values. */
export function traces(file: Shape): Omit<Reading, "format"> {
  const scored = scoreLists(file, traceNames, "task");
  const names = traceNames.filter((name) => !["usage", "level"].includes(name));
  const targets: Target[] = [
    {
      table: "tasks",
      columns: {
        task_id: "id",
        workload: "name",
        user_id: sql.given("userId", "user_id"),
        conversation_id: sql.given("sessionId", "session_id"),
      },
    },
    ...(scored === undefined ? [] : [scored.target]),
  ];
  return defined({
    ...textRecord([...names, ...(scored?.names ?? [])], file),
    targets,
    note: scored?.note,
    nothing: (records) => `its ${records} traces are empty`,
  });
}
