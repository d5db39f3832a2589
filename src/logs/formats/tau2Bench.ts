import type { Shape } from "../files/shape";
import type { Format, Reading } from "../records/format";
import * as sql from "../records/sql";
import { eachElement, has, textRecord } from "../records/textRecord";
import { toolUse } from "../records/toolSql";

const names =
  "id task_id trial seed start_time end_time duration termination_reason agent_cost reward_info messages info".split(
    " ",
  );
/** What was run, from the fields of its `info`. */
const about = {
  domain: "environment_info.domain_name",
  agent: "agent_info.llm",
  implementation: "agent_info.implementation",
  simulator: "user_info.llm",
};
const m = sql.textsIn("element.it");
const usage = (path: string) => sql.whole(m(`usage.${path}`));
const cached = sql.whole(
  m("raw_data.usage.prompt_tokens_details.cached_tokens", "raw_data.usage.cache_read_input_tokens"),
);
const reward = sql.inside("reward_info", "reward");
const ended = `timezone('UTC', cast(${m("timestamp")} as timestamptz))`;
const hasUsage = (one: string) => `json_type(${one}, '$.usage') = 'OBJECT'`;
const said = `list_filter(from_json(messages, '["JSON"]'), lambda one: json_extract_string(one, '$.role') in ('assistant', 'user'))`;
// A message without usage, such as the greeting, is not a call. Agents that record no usage at all still took
// part: their messages count, and one that said nothing counts once, so that its outcomes stay its own.
const ofAgent = `list_filter(${said}, lambda one: json_extract_string(one, '$.role') = 'assistant'
  and (${hasUsage("one")} or json_extract_string(one, '$.content') is distinct from 'Hi! How can I help you today?'))`;
const spoken = `case when len(list_filter(${ofAgent}, lambda one: ${hasUsage("one")})) > 0
  then list_filter(${said}, lambda one: ${hasUsage("one")})
  else list_concat(coalesce(nullif(${ofAgent}, []), ['{"role": "assistant"}'::json]),
    list_filter(${said}, lambda one: json_extract_string(one, '$.role') = 'user' and ${hasUsage("one")})) end`;
const took = sql.number(m("generation_time_seconds"));
// What the simulated user does itself is not a step of the agent.
const byAgent = (one: string) =>
  `coalesce(json_extract_string(${one}, '$.requestor'), 'assistant') = 'assistant'`;
const used = `flatten(list_transform(list_filter(${said}, lambda one: json_extract_string(one, '$.role') = 'assistant'),
  lambda one: list_transform(list_filter(coalesce(from_json(json_extract(one, '$.tool_calls'), '["JSON"]'), []), lambda use: ${byAgent("use")}),
    lambda use: {'it': use, 'at': json_extract_string(one, '$.timestamp')})))`;
const toolMessages = `list_filter(from_json(messages, '["JSON"]'), lambda one: json_extract_string(one, '$.role') = 'tool')`;

const targets: Reading["targets"] = [
  {
    table: "calls",
    where: "id is not null",
    each: `list_transform(${spoken}, lambda one, n: {'it': one, 'n': n, 'task': id, 'domain': domain,
      'agent': coalesce(agent, implementation), 'user': simulator})`,
    columns: {
      call_id: "element.task || ':' || element.n",
      // What simulates the user is paid for the test, not for the agent's work.
      task_id: `case ${m("role")} when 'assistant' then element.task end`,
      conversation_id: `case ${m("role")} when 'assistant' then element.task end`,
      prompt_id: "task_id",
      workload: "element.domain",
      environment: "'evaluation'",
      operation: "'chat'",
      // The simulated user is a model too, but not the one under test.
      role: `case ${m("role")} when 'assistant' then 'answer' else 'other' end`,
      request_model: `case ${m("role")} when 'assistant' then element.agent else element.user end`,
      response_model: m("raw_data.model"),
      model: `coalesce(${m("raw_data.model")}, case ${m("role")} when 'assistant' then element.agent else element.user end)`,
      // The time of a message is when it was complete.
      started_at: `case when ${took} is null then ${ended} else ${ended} - to_microseconds((${took} * 1e6)::bigint) end`,
      duration: took,
      // Some providers report cached tokens in addition to prompt_tokens, in the same fields.
      input_tokens: sql.withCached(usage("prompt_tokens"), cached, "0"),
      cache_read_input_tokens: cached,
      output_tokens: usage("completion_tokens"),
      cost: sql.number(m("cost")),
      status: "'ok'",
      finish_reason: m("raw_data.choices[0].finish_reason", "raw_data.finish_reason", "raw_data.stop_reason"),
      output: m("content"),
    },
  },
  {
    table: "tasks",
    where: "id is not null",
    columns: {
      task_id: "id",
      conversation_id: "id",
      workload: "domain",
      prompt_id: "task_id",
      trial: "trial",
      resolved: `abs(${sql.number(reward)} - 1) <= 1e-6`,
      resolved_at: sql.instant("end_time"),
    },
  },
  {
    table: "scores",
    where: `${reward} is not null`,
    columns: {
      subject: "'task'",
      subject_id: "id",
      name: "'reward'",
      value: reward,
      rater: "'rule'",
    },
  },
  {
    table: "spans",
    where: "id is not null",
    columns: {
      span_id: "id",
      task_id: "id",
      stage: "'simulation'",
      started_at: sql.instant("start_time"),
      duration: sql.number("duration"),
      status: `case when ${sql.given("termination_reason")} in ('too_many_errors', 'agent_error', 'user_error') then 'error' else 'ok' end`,
    },
  },
  {
    table: "spans",
    where: "id is not null",
    each: `list_transform(${sql.answered(used, toolMessages, "id", "json_extract_string(one.it, '$.id')")},
      lambda use, n: {'it': use.it.it, 'n': n, 'task': id, 'at': use.it.at, 'result': use.result})`,
    columns: {
      span_id: "element.task || ':tool:' || element.n",
      parent_id: "element.task",
      task_id: "element.task",
      ...toolUse(m("name"), "cast(json_extract(element.it, '$.arguments') as varchar)"),
      started_at: `timezone('UTC', cast(element.at as timestamptz))`,
      status: `case json_extract_string(element.result, '$.error') when 'true' then 'error' when 'false' then 'ok' end`,
    },
  },
];

const isRun = (shape: Shape | undefined) =>
  shape !== undefined && has(shape, "task_id", "reward_info", "termination_reason");

/** Runs of tau2-bench: simulations with the usage of every message. */
export const format: Format = {
  name: "tau2-bench",
  about: "tau2-bench results: simulations in one document, or as an array",
  signature: ["simulations", "task_id", "reward_info", "termination_reason", "messages"],
  lacks:
    "cost where the price was not known (agent_cost 0.0); times are local, without a zone, and taken as UTC",
  recognises: (shape) => isRun(shape) || isRun(shape.fields?.get("simulations")?.list),
  reading(shape) {
    const nothing = () => "it contains no simulations";
    if (isRun(shape)) {
      const record = textRecord(names, shape);
      return {
        fields: record.fields,
        unnest: `select ${sql.carried}, true as ${sql.first}, ${names.join(", ")},
          ${Object.entries(about)
            .map(([name, path]) => `${sql.inside("info", path)} as ${name}`)
            .join(", ")} from source`,
        targets,
        nothing,
      };
    }
    const simulation = (name: string) => `json_extract_string(simulation, '$.${name}') as ${name}`;
    return {
      fields: { info: "VARCHAR", simulations: "VARCHAR" },
      unnest: eachElement(
        `from_json(simulations, '["JSON"]')`,
        "simulation",
        [
          ...names.filter((name) => name !== "info").map(simulation),
          ...Object.entries(about).map(
            ([name, path]) =>
              `coalesce(json_extract_string(simulation, '$.info.${path}'), ${sql.inside("info", path)}) as ${name}`,
          ),
        ],
        ["info"],
      ),
      targets,
      nothing,
    };
  },
};
