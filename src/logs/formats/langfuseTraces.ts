import { quoteName, quoteText } from "../../store/quote";
import { given, json } from "../expressions";
import type { Reading, Target } from "../format";
import type { Shape } from "../shape";
import { opened, textRecord } from "../textRecord";

const traceNames = (
  "id name timestamp environment projectId project_id metadata userId user_id sessionId session_id release " +
  "version public bookmarked tags input output createdAt created_at updatedAt updated_at latency latencyMs " +
  "observations observationCount errorCount warningCount defaultCount debugCount level usage usageDetails totalCost " +
  "costDetails inputCost outputCost totalTokens inputTokens outputTokens promptTokens completionTokens comments " +
  "timeToFirstToken timeToFirstTokenMs scores htmlPath duration"
).split(" ");

/** Traces as rows, without their observations. The UI's export adds one column a score, a list of values. */
export function traces(file: Shape): Omit<Reading, "format"> {
  const inner = opened(file).shape;
  const scored = [...(inner.fields?.keys() ?? [])].filter((name) => !traceNames.includes(name));
  const record = textRecord([...traceNames.filter((n) => !["usage", "level"].includes(n)), ...scored], file);
  const lists = scored.map(
    (name) =>
      `{'name': ${quoteText(name)}, 'value': json_extract_string(${json(quoteName(name))}, '$[0]'), 'task': id}`,
  );
  const targets: Target[] = [
    {
      table: "tasks",
      columns: {
        task_id: "id",
        workload: "name",
        user_id: given("userId", "user_id"),
        conversation_id: given("sessionId", "session_id"),
      },
    },
  ];
  if (lists.length > 0) {
    targets.push({
      table: "scores",
      each: `list_filter([${lists.join(", ")}], lambda one: one.value is not null)`,
      columns: {
        subject: "'task'",
        subject_id: "element.task",
        name: "element.name",
        value: "try_cast(element.value as double)",
        label: "case when try_cast(element.value as double) is null then element.value end",
      },
    });
  }
  return { ...record, targets, nothing: (records) => `its ${records} traces hold nothing` };
}
