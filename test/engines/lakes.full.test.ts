import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { connect } from "../../src/engines";
import { lakes } from "../../src/logs/lakes";
import { cost } from "../../src/measures/cost/cost";
import { reliability } from "../../src/measures/service/reliability";
import type { Store } from "../../src/store/open";
import { rowsOf } from "../../src/store/run";
import { noClickhouse, startClickhouse } from "./clickhouse";

/** Tables as created by the programs' own migrations: columns, types, and how rows are replaced. */
const langfuse = [
  `create table traces (id String, timestamp DateTime64(3), name String, user_id Nullable(String),
     metadata Map(LowCardinality(String), String), release Nullable(String), version Nullable(String), project_id String,
     environment LowCardinality(String) default 'default', public Bool, bookmarked Bool, tags Array(String),
     input Nullable(String), output Nullable(String), session_id Nullable(String), created_at DateTime64(3) default now(),
     updated_at DateTime64(3) default now(), event_ts DateTime64(3), is_deleted UInt8)
   engine = ReplacingMergeTree(event_ts, is_deleted) partition by toYYYYMM(timestamp)
   primary key (project_id, toDate(timestamp)) order by (project_id, toDate(timestamp), id)`,
  `create table observations (id String, trace_id String, project_id String,
     environment LowCardinality(String) default 'default', type LowCardinality(String),
     parent_observation_id Nullable(String), start_time DateTime64(3), end_time Nullable(DateTime64(3)), name String,
     metadata Map(LowCardinality(String), String), level LowCardinality(String), status_message Nullable(String),
     version Nullable(String), input Nullable(String), output Nullable(String), provided_model_name Nullable(String),
     internal_model_id Nullable(String), model_parameters Nullable(String),
     provided_usage_details Map(LowCardinality(String), UInt64), usage_details Map(LowCardinality(String), UInt64),
     provided_cost_details Map(LowCardinality(String), Decimal64(12)), cost_details Map(LowCardinality(String), Decimal64(12)),
     total_cost Nullable(Decimal64(12)), completion_start_time Nullable(DateTime64(3)), prompt_id Nullable(String),
     prompt_name Nullable(String), prompt_version Nullable(UInt16), created_at DateTime64(3) default now(),
     updated_at DateTime64(3) default now(), event_ts DateTime64(3), is_deleted UInt8)
   engine = ReplacingMergeTree(event_ts, is_deleted) partition by toYYYYMM(start_time)
   primary key (project_id, type, toDate(start_time)) order by (project_id, type, toDate(start_time), id)`,
  `create table scores (id String, timestamp DateTime64(3), project_id String,
     environment LowCardinality(String) default 'default', trace_id String, observation_id Nullable(String), name String,
     value Float64, source String, comment Nullable(String), author_user_id Nullable(String), config_id Nullable(String),
     data_type String, string_value Nullable(String), queue_id Nullable(String), created_at DateTime64(3) default now(),
     updated_at DateTime64(3) default now(), event_ts DateTime64(3), is_deleted UInt8)
   engine = ReplacingMergeTree(event_ts, is_deleted) partition by toYYYYMM(timestamp)
   primary key (project_id, toDate(timestamp), name) order by (project_id, toDate(timestamp), name, id)`,
  `insert into traces (id, timestamp, name, user_id, session_id, release, project_id, event_ts, is_deleted) values
     ('t1', '2025-03-01 10:00:00', 'chat', 'ann', 's1', 'r1', 'p', '2025-03-01 10:00:00', 0),
     ('t2', '2025-03-01 11:00:00', '', NULL, '', NULL, 'p', '2025-03-01 11:00:00', 0)`,
  // The first call is recorded twice, at its start and at its end. One row was deleted, one isn't a call.
  `insert into observations (id, trace_id, project_id, type, start_time, end_time, level, status_message, output,
     provided_model_name, usage_details, total_cost, completion_start_time, prompt_name, prompt_version, event_ts, is_deleted) values
     ('a', 't1', 'p', 'GENERATION', '2025-03-01 10:00:00.000', NULL, 'DEFAULT', NULL, NULL, 'm', {}, NULL, NULL, NULL, NULL, '2025-03-01 10:00:00', 0),
     ('b', 't1', 'p', 'GENERATION', '2025-03-01 10:00:05.000', '2025-03-01 10:00:06.000', 'ERROR', 'Rate limit reached', NULL, 'm', {}, NULL, NULL, NULL, NULL, '2025-03-01 10:00:05', 0),
     ('d', 't2', 'p', 'GENERATION', '2025-03-01 11:00:00.000', '2025-03-01 11:00:01.000', 'DEFAULT', NULL, 'x', 'm', {}, 1, NULL, NULL, NULL, '2025-03-01 11:00:00', 0),
     ('s', 't2', 'p', 'SPAN', '2025-03-01 11:00:00.000', '2025-03-01 11:00:01.000', 'DEFAULT', NULL, 'x', NULL, {}, NULL, NULL, NULL, NULL, '2025-03-01 11:00:00', 0),
     ('o', 't2', 'p', 'GENERATION', '2025-03-01 11:00:02.000', NULL, 'DEFAULT', NULL, NULL, 'm', {}, 0, NULL, NULL, NULL, '2025-03-01 11:00:00', 0)`,
  `insert into observations (id, trace_id, project_id, type, start_time, end_time, level, output, provided_model_name,
     usage_details, total_cost, completion_start_time, prompt_name, prompt_version, event_ts, is_deleted) values
     ('a', 't1', 'p', 'GENERATION', '2025-03-01 10:00:00.000', '2025-03-01 10:00:02.500', 'DEFAULT', 'yes', 'm',
       {'input': 70, 'input_cached_tokens': 30, 'output': 20, 'output_reasoning': 5}, 0.002, '2025-03-01 10:00:00.400', 'greet', 3, '2025-03-01 10:00:03', 0),
     ('d', 't2', 'p', 'GENERATION', '2025-03-01 11:00:00.000', '2025-03-01 11:00:01.000', 'DEFAULT', 'x', 'm', {}, 1, NULL, NULL, NULL, '2025-03-01 12:00:00', 1)`,
  `insert into scores (id, timestamp, project_id, trace_id, observation_id, name, value, source, data_type, string_value, event_ts, is_deleted) values
     ('1', '2025-03-01 12:00:00', 'p', 't1', NULL, 'helpful', 1, 'ANNOTATION', 'NUMERIC', NULL, '2025-03-01 12:00:00', 0),
     ('2', '2025-03-01 12:00:00', 'p', 't1', 'a', 'tone', 0, 'EVAL', 'CATEGORICAL', 'warm', '2025-03-01 12:00:00', 0)`,
];

const otel = [
  `create table otel_traces (Timestamp DateTime64(9), TraceId String, SpanId String, ParentSpanId String, TraceState String,
     SpanName LowCardinality(String), SpanKind LowCardinality(String), ServiceName LowCardinality(String),
     ResourceAttributes Map(LowCardinality(String), String), ScopeName String, ScopeVersion String,
     SpanAttributes Map(LowCardinality(String), String), Duration UInt64, StatusCode LowCardinality(String),
     StatusMessage String, Events Nested (Timestamp DateTime64(9), Name LowCardinality(String), Attributes Map(LowCardinality(String), String)),
     Links Nested (TraceId String, SpanId String, TraceState String, Attributes Map(LowCardinality(String), String)))
   engine = MergeTree() partition by toDate(Timestamp) order by (ServiceName, SpanName, Timestamp)`,
  `insert into otel_traces (Timestamp, TraceId, SpanId, ServiceName, ResourceAttributes, SpanAttributes, Duration, StatusCode,
     StatusMessage, \`Events.Timestamp\`, \`Events.Name\`, \`Events.Attributes\`) values
     ('2025-03-01 10:00:00.123456789', 'AB', '01', 'shop', {'deployment.environment.name': 'production', 'service.version': '7'},
       {'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'm', 'gen_ai.response.model': 'm-1', 'gen_ai.provider.name': 'openai',
        'gen_ai.usage.input_tokens': '10', 'gen_ai.usage.cache_read.input_tokens': '40', 'gen_ai.usage.output_tokens': '7', 'user.id': 'ann'},
       1500000000, 'Unset', '', [], [], []),
     ('2025-03-01 10:00:02', 'AB', '02', 'shop', {}, {'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'm'}, 30000000000, 'Error', 'deadline exceeded',
       ['2025-03-01 10:00:32'], ['exception'], [{'exception.type': 'DeadlineError'}]),
     ('2025-03-01 10:00:00', 'AB', '03', 'shop', {}, {'gen_ai.operation.name': 'invoke_agent', 'gen_ai.request.model': 'm'}, 9, 'Unset', '', [], [], []),
     ('2025-03-01 10:00:00', 'AB', '04', 'shop', {}, {'http.request.method': 'GET'}, 9, 'Unset', '', [], [], [])`,
];

const helicone = [
  `create table request_response_rmt (response_id Nullable(UUID), response_created_at Nullable(DateTime64(3)),
     latency Nullable(Int64), status Int64, completion_tokens Nullable(Int64), prompt_tokens Nullable(Int64),
     prompt_cache_write_tokens Int64 default 0, prompt_cache_read_tokens Int64 default 0, model LowCardinality(String),
     request_id UUID, request_created_at DateTime64(3), user_id LowCardinality(String), organization_id UUID,
     proxy_key_id Nullable(UUID), threat Nullable(Bool), time_to_first_token Nullable(Int64),
     provider LowCardinality(String), target_url Nullable(String), country_code Nullable(String),
     cache_enabled Bool default false, properties Map(LowCardinality(String), String),
     scores Map(LowCardinality(String), Int64), request_body String default '', response_body String default '',
     cost Nullable(UInt64) default 0, prompt_id String default '', prompt_version String default '',
     cache_reference_id UUID, assets Array(String), updated_at DateTime64(3, 'UTC') default now())
   engine = ReplacingMergeTree(updated_at) partition by toYYYYMM(request_created_at)
   primary key (organization_id, provider, model, user_id, request_created_at, request_id)
   order by (organization_id, provider, model, user_id, request_created_at, request_id)`,
  // The first request is recorded twice: as it began, and with its answer.
  `insert into request_response_rmt (request_id, request_created_at, status, model, user_id, organization_id, provider, updated_at) values
     ('00000000-0000-0000-0000-00000000000a', '2025-03-01 10:00:00.000', -2, 'm', 'ann', '00000000-0000-0000-0000-0000000000ff', 'OPENAI', '2025-03-01 10:00:00'),
     ('00000000-0000-0000-0000-00000000000d', '2025-03-01 10:00:09.000', -2, 'm', '', '00000000-0000-0000-0000-0000000000ff', 'OPENAI', '2025-03-01 10:00:09')`,
  `insert into request_response_rmt (request_id, request_created_at, status, latency, time_to_first_token, prompt_tokens, completion_tokens,
     prompt_cache_read_tokens, cost, model, user_id, organization_id, provider, target_url, properties, scores, prompt_id, cache_reference_id, updated_at) values
     ('00000000-0000-0000-0000-00000000000a', '2025-03-01 10:00:00.000', 200, 2500, 400, 100, 20, 30, 2000000, 'm', 'ann', '00000000-0000-0000-0000-0000000000ff',
       'OPENAI', 'https://api.openai.com/v1/chat/completions', {'Helicone-Session-Id': 's1', 'Helicone-Session-Name': 'chat'}, {'helpful': 1}, 'greet',
       '00000000-0000-0000-0000-000000000000', '2025-03-01 10:00:03'),
     ('00000000-0000-0000-0000-00000000000b', '2025-03-01 10:00:05.000', 429, 100, NULL, 0, 0, 0, 0, 'm', '', '00000000-0000-0000-0000-0000000000ff',
       'OPENAI', NULL, {}, {}, '', '00000000-0000-0000-0000-000000000000', '2025-03-01 10:00:06'),
     ('00000000-0000-0000-0000-00000000000c', '2025-03-01 10:00:07.000', 200, 5, NULL, 100, 20, 0, 0, 'm', '', '00000000-0000-0000-0000-0000000000ff',
       'OPENAI', NULL, {}, {}, '', '00000000-0000-0000-0000-00000000000a', '2025-03-01 10:00:08')`,
];

const opik = [
  `create table spans (id FixedString(36), workspace_id String, project_id FixedString(36), trace_id FixedString(36),
     parent_span_id String default '', name String, type Enum8('unknown' = 0, 'general' = 1, 'tool' = 2, 'llm' = 3, 'guardrail' = 4),
     start_time DateTime64(9, 'UTC') default now64(9), end_time Nullable(DateTime64(9, 'UTC')), input String default '',
     output String default '', metadata String default '', tags Array(String), usage Map(String, Nullable(Int32)),
     created_at DateTime64(9, 'UTC') default now64(9), last_updated_at DateTime64(6, 'UTC') default now64(6),
     model String default '', provider String default '', total_estimated_cost Decimal(38, 12),
     total_estimated_cost_version String default '', error_info String default '')
   engine = ReplacingMergeTree(last_updated_at) order by (workspace_id, project_id, trace_id, parent_span_id, id)`,
  `create table traces (id FixedString(36), workspace_id String, project_id FixedString(36), name String,
     start_time DateTime64(9, 'UTC') default now64(9), end_time Nullable(DateTime64(9, 'UTC')), input String default '',
     output String default '', metadata String, tags Array(String), created_at DateTime64(9, 'UTC') default now64(9),
     last_updated_at DateTime64(6, 'UTC') default now64(6), error_info String default '', thread_id String)
   engine = ReplacingMergeTree(last_updated_at) order by (workspace_id, project_id, id)`,
  ...["feedback_scores", "authored_feedback_scores"].map(
    (name) => `create table ${name} (entity_id FixedString(36),
     entity_type Enum8('unknown' = 0, 'span' = 1, 'trace' = 2, 'thread' = 3), project_id FixedString(36), workspace_id String,
     ${name === "feedback_scores" ? "" : "author String,"} name String, category_name String default '', value Decimal(18, 9),
     reason String default '', source Enum8('sdk' = 1, 'ui' = 2, 'online_scoring' = 3),
     created_at DateTime64(9, 'UTC') default now64(9), last_updated_at DateTime64(9, 'UTC') default now64(9))
   engine = ReplacingMergeTree(last_updated_at) order by (workspace_id, project_id, entity_type, entity_id, name)`,
  ),
  `insert into traces (id, workspace_id, project_id, name, metadata, thread_id) values ('t1', 'w', 'p', 'chat', '', 's1')`,
  // The first call is recorded twice, at its start and at its end; one span isn't a call.
  `insert into spans (id, workspace_id, project_id, trace_id, type, start_time, last_updated_at, model, provider) values
     ('a', 'w', 'p', 't1', 'llm', '2025-03-01 10:00:00', '2025-03-01 10:00:00', 'm', 'anthropic'),
     ('c', 'w', 'p', 't1', 'llm', '2025-03-01 10:00:09', '2025-03-01 10:00:09', 'm', 'anthropic'),
     ('e', 'w', 'p', 't1', 'llm', '2025-03-01 10:00:10', '2025-03-01 10:00:10', 'text-embedding-3-small', 'openai'),
     ('s', 'w', 'p', 't1', 'tool', '2025-03-01 10:00:00', '2025-03-01 10:00:00', '', '')`,
  `insert into spans (id, workspace_id, project_id, trace_id, type, start_time, end_time, usage, last_updated_at, model, provider, total_estimated_cost, error_info) values
     ('a', 'w', 'p', 't1', 'llm', '2025-03-01 10:00:00', '2025-03-01 10:00:02.5', {'prompt_tokens': 100, 'completion_tokens': 30,
       'original_usage.input_tokens': 70, 'original_usage.output_tokens': 20, 'original_usage.cache_read_input_tokens': 30,
       'original_usage.cache_creation_input_tokens': 10}, '2025-03-01 10:00:03', 'm', 'anthropic', 0.002, ''),
     ('b', 'w', 'p', 't1', 'llm', '2025-03-01 10:00:05', '2025-03-01 10:00:06', {}, '2025-03-01 10:00:06', 'm', 'anthropic', 0,
       '{"exception_type":"RateLimitError","message":"Rate limit reached","traceback":"x"}')`,
  `insert into feedback_scores (entity_id, entity_type, project_id, workspace_id, name, value, source) values
     ('t1', 'trace', 'p', 'w', 'helpful', 1, 'ui'), ('s1', 'thread', 'p', 'w', 'mood', 1, 'ui')`,
  `insert into authored_feedback_scores (entity_id, entity_type, project_id, workspace_id, author, name, value, source) values
     ('a', 'span', 'p', 'w', 'x', 'tone', 0.5, 'online_scoring')`,
];

describe("tables that other programs write in ClickHouse", { skip: noClickhouse }, () => {
  let clickhouse: Awaited<ReturnType<typeof startClickhouse>>;
  before(async () => {
    clickhouse = await startClickhouse();
    for (const one of [...langfuse, ...otel, ...helicone]) await clickhouse.run(one);
  });
  after(() => clickhouse.stop());

  /** The rows of a query, without null values. */
  const filled = async ({ connection }: Store, sql: string) =>
    (await rowsOf(connection, sql)).map((row) =>
      Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)),
    );

  test("are read as Langfuse means them: the last of each row, less what was deleted, and calls alone", async () => {
    const store = await connect(clickhouse.url, lakes.langfuse);
    const columns =
      "call_id, task_id, conversation_id, user_id, workload, operation, role, prompt_template, prompt_version, release, model, duration, time_to_first_token, input_tokens, cache_read_input_tokens, output_tokens, reasoning_output_tokens, cost, status, error_type, stream";
    const same = { operation: "chat", role: "answer", model: "m" };
    const ann = {
      task_id: "t1",
      conversation_id: "s1",
      user_id: "ann",
      workload: "chat",
      release: "r1",
      ...same,
    };
    assert.deepEqual(await filled(store, `select ${columns} from calls order by call_id`), [
      {
        ...ann,
        call_id: "a",
        prompt_template: "greet",
        prompt_version: "3",
        duration: 2.5,
        time_to_first_token: 0.4,
        input_tokens: 100,
        cache_read_input_tokens: 30,
        output_tokens: 25,
        reasoning_output_tokens: 5,
        cost: 0.002,
        status: "ok",
        stream: true,
      },
      { ...ann, call_id: "b", duration: 1, status: "rate_limited", error_type: "Rate limit reached" },
      // It has not ended, so it has no outcome and no cost.
      { ...same, call_id: "o", task_id: "t2" },
    ]);
    assert.deepEqual(
      await filled(store, "select subject, subject_id, name, value, label, rater from scores order by name"),
      [
        { subject: "task", subject_id: "t1", name: "helpful", value: 1, rater: "human" },
        { subject: "call", subject_id: "a", name: "tone", label: "warm", rater: "judge" },
      ],
    );
    assert.equal((await cost(store, { by: "attributes.project" })).rows[0].calls, 3);
    store.close();
  });

  test("are read as OpenTelemetry's conventions mean them", async () => {
    const store = await connect(clickhouse.url, lakes.otel);
    const columns =
      "call_id, task_id, user_id, workload, environment, release, operation, model, request_model, provider, epoch_us(started_at)::double as at, duration, input_tokens, cache_read_input_tokens, output_tokens, status, error_type";
    const same = { task_id: "ab", workload: "shop", operation: "chat", request_model: "m" };
    assert.deepEqual(await filled(store, `select ${columns} from calls order by call_id`), [
      {
        ...same,
        call_id: "ab:01",
        user_id: "ann",
        environment: "production",
        release: "7",
        model: "m-1",
        provider: "openai",
        at: Date.UTC(2025, 2, 1, 10) * 1000 + 123456,
        duration: 1.5,
        input_tokens: 50,
        cache_read_input_tokens: 40,
        output_tokens: 7,
        status: "ok",
      },
      {
        ...same,
        call_id: "ab:02",
        model: "m",
        at: Date.UTC(2025, 2, 1, 10, 0, 2) * 1000,
        duration: 30,
        status: "timeout",
        error_type: "DeadlineError",
      },
    ]);
    const [all] = (await reliability(store, { by: [] })).rows;
    assert.deepEqual([all.timeout_rate.value, all.calls], [0.5, 2]);
    store.close();
  });

  test("are read as Helicone means them: the last of each row, costs in billionths, and hits of its cache", async () => {
    const store = await connect(clickhouse.url, lakes.helicone);
    const columns =
      "substr(call_id, 36) as id, substr(task_id, 1, 2) as task, conversation_id, user_id, workload, operation, role, prompt_template, model, provider, duration, time_to_first_token, input_tokens, cache_read_input_tokens, output_tokens, cost, status, http_status, error_type, cache_hit";
    const same = { operation: "chat", role: "answer", model: "m", provider: "OPENAI" };
    assert.deepEqual(
      (await filled(store, "select * from calls")).map((row) => row.call_id).sort(),
      ["a", "b", "c", "d"].map((one) => `00000000-0000-0000-0000-00000000000${one}`),
    );
    assert.deepEqual(await filled(store, `select ${columns} from calls order by call_id`), [
      {
        ...same,
        id: "a",
        task: "s1",
        conversation_id: "s1",
        user_id: "ann",
        workload: "chat",
        prompt_template: "greet",
        duration: 2.5,
        time_to_first_token: 0.4,
        input_tokens: 100,
        cache_read_input_tokens: 30,
        output_tokens: 20,
        cost: 0.002,
        status: "ok",
        http_status: 200,
        cache_hit: false,
      },
      {
        ...same,
        id: "b",
        task: "00",
        duration: 0.1,
        input_tokens: 0,
        output_tokens: 0,
        status: "rate_limited",
        http_status: 429,
        error_type: "HTTP 429",
        cache_hit: false,
      },
      {
        ...same,
        id: "c",
        task: "00",
        duration: 0.005,
        input_tokens: 100,
        output_tokens: 20,
        cost: 0,
        status: "ok",
        http_status: 200,
        cache_hit: true,
      },
      // It has not been answered yet.
      { ...same, id: "d", task: "00", cache_hit: false },
    ]);
    assert.deepEqual(
      await filled(store, "select subject, substr(subject_id, 36) as id, name, value from scores"),
      [{ subject: "call", id: "a", name: "helpful", value: 1 }],
    );
    assert.equal((await cost(store, { by: "attributes.organization" })).rows[0].calls, 4);
    store.close();
  });

  test("are read as Opik means them: the last of each row, model calls alone, and tokens as their provider counts them", async () => {
    const own = await startClickhouse();
    for (const one of opik) await own.run(one);
    const store = await connect(own.url, lakes.opik);
    const columns =
      "substr(call_id, 1, 1) as id, substr(task_id, 1, 2) as task, conversation_id, workload, role, model, provider, duration, input_tokens, cache_read_input_tokens, cache_creation_input_tokens, output_tokens, cost, status, error_type";
    const same = {
      task: "t1",
      conversation_id: "s1",
      workload: "chat",
      role: "answer",
      model: "m",
      provider: "anthropic",
    };
    assert.deepEqual(await filled(store, `select ${columns} from calls order by call_id`), [
      {
        ...same,
        id: "a",
        duration: 2.5,
        input_tokens: 110,
        cache_read_input_tokens: 30,
        cache_creation_input_tokens: 10,
        output_tokens: 20,
        cost: 0.002,
        status: "ok",
      },
      { ...same, id: "b", duration: 1, status: "rate_limited", error_type: "RateLimitError" },
      // It has not ended.
      { ...same, id: "c" },
      { ...same, id: "e", role: "other", model: "text-embedding-3-small", provider: "openai" },
    ]);
    assert.deepEqual(
      await filled(
        store,
        "select subject, substr(subject_id, 1, 2) as id, name, value, rater from scores order by name",
      ),
      [
        { subject: "task", id: "t1", name: "helpful", value: 1, rater: "human" },
        { subject: "call", id: "a", name: "tone", value: 0.5, rater: "judge" },
      ],
    );
    store.close();
    own.stop();
  });
});
