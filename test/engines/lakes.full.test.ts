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

describe("tables that other programs write in ClickHouse", { skip: noClickhouse }, () => {
  let clickhouse: Awaited<ReturnType<typeof startClickhouse>>;
  before(async () => {
    clickhouse = await startClickhouse();
    for (const one of [...langfuse, ...otel]) await clickhouse.run(one);
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
});
