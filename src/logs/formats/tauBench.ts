import { quoteText } from "../../store/quote";
import { stem } from "../models/stem";
import type { Format, Target } from "../records/format";
import * as sql from "../records/sql";
import { has, recordwise } from "../records/textRecord";
import { toolUse } from "../records/toolSql";

const m = sql.textsIn("element.it");
const messages = `from_json(traj, '["JSON"]')`;

/** Runs of tau-bench: one reward per task and trial. */
export const format: Format = {
  name: "tau-bench",
  about: "tau-bench results: a JSON array, one record per task and trial",
  signature: ["task_id", "reward", "info", "traj", "trial"],
  lacks:
    "the model, except in the file's own name (else give it with --set model=...), time, tokens; user_cost is what the simulated user cost, not the model",
  recognises: (shape) =>
    has(shape, "task_id", "reward", "trial") && (has(shape, "traj") || has(shape, "info")),
  reading(shape, path) {
    // Nothing in a record identifies its run, but the file's name does.
    const taskId = `${quoteText(stem(path))} || ':' || task_id || ':' || trial`;
    const failure = sql.inside("info", "error");
    // tool-calling-gpt-4o-0.0_range_0--1_user-gpt-4o-llm_0921131646
    const model = /^(?:tool-calling|act|react|few-shot)-(.+)-\d+(?:\.\d+)?_range_/.exec(stem(path))?.[1];
    const targets: Target[] = [
      {
        table: "calls",
        each: `list_transform(coalesce(nullif(list_filter(from_json(traj, '["JSON"]'), lambda one:
              json_extract_string(one, '$.role') = 'assistant'), []), ['{}'::json]),
            lambda one, n: {'task': ${taskId}, 'n': n, 'output': json_extract_string(one, '$.content'), 'error': ${failure}})`,
        columns: {
          call_id: "element.task || ':' || element.n",
          task_id: "element.task",
          // A run is one conversation with the simulated user.
          conversation_id: "element.task",
          prompt_id: "task_id",
          ...sql.evaluated,
          ...(model === undefined ? {} : { request_model: quoteText(model) }),
          status: "case when element.error is null then 'ok' else 'error' end",
          error_type: "left(element.error, 200)",
          output: "element.output",
        },
      },
      {
        table: "spans",
        // Ids repeat within a run: the answer directly follows. The messages are read once, and then named.
        each: `list_transform(flatten(list_transform([${messages}], lambda turns: flatten(list_transform(
            list_filter(range(1, len(turns) + 1), lambda i: json_extract(turns[i], '$.tool_calls') is not null),
          lambda i: list_transform(json_extract(turns[i], '$.tool_calls[*]'), lambda use: {'it': use, 'result': list_filter(
            turns[i + 1 : i + len(json_extract(turns[i], '$.tool_calls[*]'))],
            lambda one: json_extract_string(one, '$.tool_call_id') = json_extract_string(use, '$.id'))[1]}))))),
          lambda one, n: {'it': one.it, 'result': one.result, 'n': n, 'task': ${taskId}})`,
        columns: {
          span_id: "element.task || ':tool:' || element.n",
          task_id: "element.task",
          ...toolUse(m("function.name"), m("function.arguments")),
          // The environment's error messages begin like this.
          status: `case when element.result is not null then
            case when starts_with(json_extract_string(element.result, '$.content'), 'Error') then 'error' else 'ok' end end`,
        },
      },
      {
        table: "tasks",
        columns: {
          task_id: taskId,
          conversation_id: taskId,
          prompt_id: "task_id",
          trial: "trial",
          resolved: `abs(${sql.number("reward")} - 1) <= 1e-6`,
        },
      },
      {
        table: "scores",
        columns: {
          subject: "'task'",
          subject_id: taskId,
          name: "'reward'",
          value: sql.number("reward"),
          rater: "'rule'",
        },
      },
    ];
    return recordwise(["task_id", "reward", "trial", "info", "traj"], targets)(shape);
  },
};
