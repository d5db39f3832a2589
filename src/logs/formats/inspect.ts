import type { Format, Target } from "../records/format";
import * as sql from "../records/sql";
import { eachElement, has, hasAny, textRecord } from "../records/textRecord";
import { toolUse } from "../records/toolSql";

const e = sql.textsIn("element.it");
// Lambdas name what is used more than once: written out at each of its places, it would be read a thousand times.
const u = (path: string) =>
  `list_transform([${e(`output.usage.${path}`, path)}], lambda text: ${sql.whole("text")})[1]`;
// Newer versions exclude cached tokens from input_tokens, those of 2025 include them: the total shows which.
const input = `list_transform([{'input': ${u("input_tokens")}, 'output': ${u("output_tokens")}, 'total': ${u("total_tokens")},
    'cached': coalesce(${u("input_tokens_cache_read")}, 0) + coalesce(${u("input_tokens_cache_write")}, 0)}],
  lambda n: case when n.input + n.output = n.total and n.cached <= n.input then n.input else n.input + n.cached end)[1]`;
const cost = sql.number(e("output.usage.total_cost", "total_cost"));
const at = (path: string) => `timezone('UTC', cast(${e(path)} as timestamptz))`;
const taskId = "coalesce(uuid, run || ':' || id || ':' || epoch)";
const answer = e("output.choices[0].message.content", "output.completion");

// A grade in letters: correct, incorrect, partly correct, no answer.
const grade = (value: string) => `case upper(${value}) when 'C' then 1.0 when 'P' then 0.5 when 'I' then 0.0
  when 'N' then 0.0 when 'TRUE' then 1.0 when 'FALSE' then 0.0 else try_cast(${value} as double) end`;

// Calls of the model under test have no role; a grader, a red team or a simulated user has one. If a log has no
// such call, a row stands in for it, so that its outcomes stay its own.
const ofModel = (one: string) =>
  `(main_model is null or ends_with(main_model, ${one}) or ends_with(${one}, main_model))`;
const roleOf = (one: string) =>
  `coalesce(${sql.textsIn(one)("role")}, case when not ${ofModel(sql.textsIn(one)("model"))} then 'other' end)`;

const events = `list_filter(from_json(events, '["JSON"]'), lambda one: json_extract_string(one, '$.event') = 'model')`;
// A log without its events still has the usage of each model: one row per sample and model.
const answering = `list_filter(${events}, lambda one: ${roleOf("one")} is null)`;
const about = `'run': run, 'id': ${taskId}, 'item': item, 'task': task, 'scored': scored`;
const requests = `case when len(${events}) > 0
  then list_concat(
    list_transform(${events}, lambda one, n: {'it': one, 'n': n, 'model': json_extract_string(one, '$.model'), 'event': true,
      'role': ${roleOf("one")}, ${about}}),
    case when len(${answering}) = 0 then [{'it': '{}'::json, 'n': 0::bigint, 'model': main_model, 'event': false,
      'role': null::varchar, ${about}}] else [] end)
  else list_transform(case when len(list_filter(coalesce(json_keys(usage), []), lambda one: ${ofModel("one")})) > 0
      then ${sql.keysIn("usage")} else list_append(coalesce(json_keys(usage), []), main_model) end,
    lambda one, n: {'it': coalesce(json_extract(usage, '$."' || one || '"'), '{}'::json),
    'n': n, 'model': one, 'event': false, 'role': case when not ${ofModel("one")} then 'other' end, ${about}}) end`;

const calls: Target = {
  table: "calls",
  where: "id is not null",
  each: requests,
  columns: {
    call_id: "element.id || ':' || element.n",
    task_id: "element.id",
    workload: "element.task",
    environment: "'evaluation'",
    operation: "'chat'",
    // Scorers run after the answer, so any model called from then on is a judge.
    role: `case when element.event and ${at("timestamp")} >= element.scored then 'judge' when element.role is null then 'answer'
      when regexp_matches(lower(element.role), 'grad|judg|scor|critic|eval|verif') then 'judge' else 'other' end`,
    prompt_id: "element.item",
    release: "element.run",
    request_model: "element.model",
    response_model: e("output.model"),
    model: "element.model",
    provider: "case when contains(element.model, '/') then split_part(element.model, '/', 1) end",
    started_at: at("timestamp"),
    duration: `coalesce(${sql.number(e("output.time"))}, date_diff('microsecond', ${at("timestamp")}, ${at("completed")}) / 1e6)`,
    input_tokens: input,
    cache_read_input_tokens: u("input_tokens_cache_read"),
    cache_creation_input_tokens: u("input_tokens_cache_write"),
    output_tokens: u("output_tokens"),
    reasoning_output_tokens: u("reasoning_tokens"),
    cost,
    status: `case when ${e("error", "output.error")} is null then 'ok' when regexp_matches(lower(${e("error", "output.error")}), 'rate.?limit|429') then 'rate_limited'
      when regexp_matches(lower(${e("error", "output.error")}), 'time.?out|timed out') then 'timeout' else 'error' end`,
    error_type: `left(${e("error", "output.error")}, 200)`,
    finish_reason: e("output.choices[0].stop_reason"),
    cache_hit: `case when ${e("cache")} = 'read' then true end`,
    prompt: e("input"),
    output: answer,
  },
};

const scoreList = `flatten(list_transform(${sql.keysIn("scores")}, lambda name:
  case when json_type(scores, '$."' || name || '".value') = 'OBJECT'
    then list_transform(${sql.keysIn(`json_extract(scores, '$."' || name || '".value')`, "scores")}, lambda field: {'id': ${taskId}, 'name': name || '.' || field,
      'value': json_extract_string(scores, '$."' || name || '".value."' || field || '"')})
    else [{'id': ${taskId}, 'name': name, 'value': json_extract_string(scores, '$."' || name || '".value')}] end))`;

// A tool use is an event; a log without events has it in the messages.
const uses = `list_filter(from_json(events, '["JSON"]'), lambda one: json_extract_string(one, '$.event') = 'tool')`;
const toolMessages = `list_filter(from_json(messages, '["JSON"]'), lambda one: json_extract_string(one, '$.role') = 'tool')`;
const tools: Target = {
  table: "spans",
  where: "id is not null",
  each: `case when len(from_json(events, '["JSON"]')) > 0
    then list_transform(${uses}, lambda one, n: {'it': one, 'n': n, 'id': ${taskId}, 'result': one})
    else list_transform(${sql.answered("json_extract(messages, '$[*].tool_calls[*]')", toolMessages, "tool_call_id")},
      lambda use, n: {'it': use.it, 'n': n, 'id': ${taskId}, 'result': use.result}) end`,
  columns: {
    span_id: "element.id || ':tool:' || element.n",
    task_id: "element.id",
    ...toolUse(e("function"), "cast(json_extract(element.it, '$.arguments') as varchar)"),
    started_at: at("timestamp"),
    duration: sql.secondsBetween(at("timestamp"), at("completed")),
    status: `case when json_extract_string(element.result, '$.error.message') is not null or json_extract_string(element.result, '$.failed') = 'true'
      then 'error' when element.result is not null then 'ok' end`,
  },
};

/** Inspect AI eval logs. */
export const format: Format = {
  name: "inspect",
  about: "Inspect AI eval logs (.json, and .eval, a zip)",
  signature: ["eval.task", "eval.model", "samples", "status", "plan"],
  lacks: "users, production traffic; a sample's time before 2025; calls are those of an evaluation",
  recognises: (shape) => has(shape, "eval.task", "eval.model") && hasAny(shape, "status", "plan", "version"),
  reading(shape) {
    const names = ["version", "status", "eval", "plan", "results", "samples"];
    const sample = (path: string) => `json_extract_string(sample, '$.${path}')`;
    return {
      fields: textRecord(names, shape).fields,
      unnest: eachElement(
        `from_json(samples, '["JSON"]')`,
        "sample",
        [
          `${sample("id")} as id`,
          `coalesce(${sample("epoch")}, '1') as epoch`,
          `${sample("uuid")} as uuid`,
          `json_extract(sample, '$.scores') as scores`,
          `json_extract(sample, '$.model_usage') as usage`,
          `coalesce(json_extract(sample, '$.events'), json_extract(sample, '$.transcript.events')) as events`,
          `json_extract(sample, '$.messages') as messages`,
          `${sample("completed_at")} as completed`,
          `${sql.inside("eval", "eval_id", "run_id")} as run`,
          `${sql.inside("eval", "task")} as task`,
          `coalesce(${sample(`metadata.${sql.itemField}`)}, ${sql.inside("eval", "task")} || ':' || ${sample("id")}) as item`,
          // An agent that names its models itself is run with the model none/none.
          `nullif(${sql.inside("eval", "model")}, 'none/none') as main_model`,
          `list_min(list_transform(list_filter(from_json(json_extract(sample, '$.events'), '["JSON"]'), lambda one:
             json_extract_string(one, '$.event') in ('step', 'span_begin') and json_extract_string(one, '$.type') in ('scorer', 'scorers')),
             lambda one: timezone('UTC', try_cast(json_extract_string(one, '$.timestamp') as timestamptz)))) as scored`,
        ],
        ["eval"],
      ),
      targets: [
        calls,
        tools,
        {
          table: "tasks",
          where: "id is not null",
          columns: {
            task_id: taskId,
            workload: "task",
            prompt_id: "item",
            trial: "epoch",
            // By the first scorer, if it says right or wrong.
            resolved: `case upper(json_extract_string(scores, '$."' || json_keys(scores)[1] || '".value'))
              when 'C' then true when 'TRUE' then true when '1' then true when '1.0' then true
              when 'I' then false when 'N' then false when 'FALSE' then false when '0' then false when '0.0' then false end`,
            resolved_at: "completed",
          },
        },
        {
          table: "scores",
          where: "json_type(scores) = 'OBJECT'",
          each: scoreList,
          columns: {
            subject: "'task'",
            subject_id: "element.id",
            name: "element.name",
            value: grade("element.value"),
            label: "element.value",
            // Inspect's own model-based scorers are named like this.
            rater: "case when starts_with(element.name, 'model_graded_') then 'judge' else 'rule' end",
          },
        },
      ],
      nothing: () => "it contains no samples (a log written without them, or a run that never got to one)",
    };
  },
};
