import { grouped } from "../../stats/text";
import { quoteName, quoteText } from "../../store/quote";
import type { Shape } from "../files/shape";
import type { Reading, Target } from "../records/format";
import * as sql from "../records/sql";
import { opened, recordwise } from "../records/textRecord";

const rater = (source: string) =>
  `case upper(${source}) when 'EVAL' then 'judge' when 'ANNOTATION' then 'human' end`;

/** Scores as a list of JSON objects, each with its own names. */
export const scoreColumns = (read: (...paths: string[]) => string): Record<string, string> => ({
  subject: `case when ${read("observationId", "observation_id")} is not null then 'call' else 'task' end`,
  subject_id: read("observationId", "observation_id", "traceId", "trace_id"),
  name: read("name"),
  // A categorical score has 0 or nothing as its value; its meaning is in its text.
  value: `case when upper(${read("dataType", "data_type")}) in ('CATEGORICAL', 'TEXT') then null else cast(${read("value")} as double) end`,
  label: read("stringValue", "string_value"),
  rater: rater(read("source")),
  rater_id: read("authorUserId", "author_user_id", "configId"),
  at: sql.instant(read("timestamp")),
});

const scoreNames = (
  "id name value source timestamp traceId trace_id observationId observation_id dataType data_type stringValue " +
  "string_value authorUserId author_user_id configId"
).split(" ");

// Beyond this many columns none is a score, and planning all of them would take minutes.
const mostScores = 300;

/**
 * Scores as columns of their own beside the known ones, each a list of values, as the UI exports them with the
 * traces or observations that they judge; undefined if there are none.
 */
export function scoreLists(
  file: Shape,
  known: readonly string[],
  subject: "call" | "task",
): { names: string[]; target: Target; note?: () => string } | undefined {
  const fields = opened(file).shape.fields ?? new Map<string, Shape>();
  const all = [...fields].filter(([name, shape]) => !known.includes(name) && mayBeScores(shape));
  const names = all.slice(0, mostScores);
  if (names.length === 0) return undefined;
  const lists = names.map(([name]) => {
    const list = sql.json(quoteName(name));
    const value = `case when json_type(${list}, '$[0]') not in ('OBJECT', 'ARRAY') then json_extract_string(${list}, '$[0]') end`;
    return `{'name': ${quoteText(name)}, 'value': ${value}, 'of': id}`;
  });
  return {
    names: names.map(([name]) => name),
    ...(all.length > mostScores
      ? {
          note: () =>
            `${grouped(all.length - mostScores)} more columns look like scores; only the first ${mostScores} are read`,
        }
      : {}),
    target: {
      table: "scores",
      each: `list_filter([${lists.join(", ")}], lambda one: one.value is not null)`,
      columns: {
        subject: `'${subject}'`,
        subject_id: "element.of",
        name: "element.name",
        value: "try_cast(element.value as double)",
        label: "case when try_cast(element.value as double) is null then element.value end",
      },
    },
  };
}

/**
 * Fields of an observation that are not read: any column that is neither read nor one of these is a score of the
 * UI's export.
 */
export const unscored = (
  "projectId project_id metadata metadataNames metadataValues createdAt created_at updatedAt updated_at version model_id " +
  "modelId internalModelId internal_model_id promptId prompt_id inputPrice input_price outputPrice output_price " +
  "totalPrice total_price inputCost outputCost totalUsage totalTokens calculatedInputCost calculatedOutputCost unit " +
  "latency latencyMs timeToFirstToken time_to_first_token traceTags traceTimestamp tags comments bookmarked public " +
  "providedUsageDetails provided_usage_details providedCostDetails provided_cost_details usagePricingTierId " +
  "usagePricingTierName usage_pricing_tier_id usage_pricing_tier_name toolDefinitions tool_definitions toolCalls " +
  "tool_calls toolCallNames tool_call_names toolDefinitionsCount toolCallsCount scores duration htmlPath prompt"
).split(" ");

// A list of numbers or words, which is stored as text in CSV.
// A few records among them do not change what the rest are.
const mayBeScores = (shape: Shape) => isPlain(shape) && (shape.list === undefined || isPlain(shape.list));
const isPlain = ({ fields, seen }: Shape) =>
  fields === undefined || (seen !== undefined && seen.records < seen.scalars + seen.lists);

/** Scores as rows. */
export function scores(file: Shape): Omit<Reading, "format"> {
  const read = (...paths: string[]) => sql.given(...paths.map(quoteName));
  return recordwise(scoreNames, [{ table: "scores", columns: scoreColumns(read) }])(file);
}
