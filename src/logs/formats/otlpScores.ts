import type { Target } from "../records/format";
import { attribute, callId, keys, taskId, values } from "./otlpSpan";

// A judgement of a call belongs to the call; one of any other span, or of its trace, belongs to the task.
const subject = (
  ofTrace: string,
) => `'subject': case when is_call and not ${ofTrace} then 'call' else 'task' end,
  'subject_id': case when is_call and not ${ofTrace} then ${callId} else ${taskId} end`;
const ofEvent = (name: string) =>
  `${values("e.attributes")}[list_position(${keys("e.attributes")}, 'gen_ai.evaluation.${name}')]`;
const evaluationEvents = "list_filter(span.events, lambda e: e.name = 'gen_ai.evaluation.result')";
const ofKey = (name: string) => `v[list_position(k, p || '${name}')]`;
// OpenInference numbers its judgements from 0: evaluations.0.evaluation.name, trace.annotations.0.annotation.name.
const firstJudgements = [
  "evaluation.name",
  "annotation.name",
  "evaluations.0.evaluation.name",
  "annotations.0.annotation.name",
  "trace.evaluations.0.evaluation.name",
  "trace.annotations.0.annotation.name",
];
const judgementKeys = `list_distinct(list_filter(list_transform(k,
  lambda one: regexp_extract(one, '^((trace\\.)?(evaluations|annotations)\\.\\d+\\.)?(evaluation|annotation)\\.name$')),
  lambda one: one <> ''))`;
const hasJudgement = `(${attribute(...firstJudgements)}) is not null`;

/** Judgements: the convention's evaluation events, and OpenInference's evaluations and annotations. */
export const scores: Target = {
  table: "scores",
  where: `len(${evaluationEvents}) > 0 or ${hasJudgement}`,
  each: `list_concat(
    list_transform(coalesce(${evaluationEvents}, []), lambda e: {${subject("false")}, 'at': e.timeUnixNano,
      'name': ${ofEvent("name")}, 'value': coalesce(${ofEvent("score.value")}, ${ofEvent("score")}),
      'label': ${ofEvent("score.label")}, 'kind': null::varchar, 'rater_id': null::varchar}),
    case when ${hasJudgement} then list_transform(list_transform(${judgementKeys}, lambda one: one[:-5]), lambda p: {
      ${subject("starts_with(p, 'trace.')")}, 'at': null::varchar, 'name': ${ofKey("name")}, 'value': ${ofKey("score")},
      'label': ${ofKey("label")}, 'kind': ${ofKey("annotator_kind")}, 'rater_id': ${ofKey("identifier")}}) else [] end)`,
  columns: {
    subject: "element.subject",
    subject_id: "element.subject_id",
    name: "element.name",
    value: `coalesce(try_cast(element.value as double), case lower(element.value) when 'true' then 1 when 'false' then 0 end)`,
    // A score in words is a label.
    label: `coalesce(element.label, case when try_cast(element.value as double) is null then element.value end)`,
    rater: "case lower(element.kind) when 'human' then 'human' when 'code' then 'rule' else 'judge' end",
    rater_id: "element.rater_id",
    at: "make_timestamp_ns(cast(element.at as bigint))",
  },
};
