import { spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { fingerprint } from "../../src/logs/files/fingerprint";
import { scan } from "../../src/logs/files/scan";
import { ingest } from "../../src/logs/ingest";
import type { Mapping } from "../../src/logs/records/mapping";
import { open } from "../../src/store/open";
import { type Ratio, ratios, type Size } from "./ratio";

const calls = 1_000_000;

const mapping: Mapping = {
  table: "calls",
  columns: {
    call_id: "request_id",
    user_id: "user_id",
    conversation_id: "session",
    workload: "feature",
    model: "'groq/' || model",
    started_at: "ts",
    duration: "latency_ms / 1000",
    time_to_first_token: "ttft_ms / 1000",
    input_tokens: "usage.prompt_tokens",
    output_tokens: "usage.completion_tokens",
    cost: "cost",
    status: "if(error is null, 'ok', 'error')",
    error_type: "error",
    region: "region",
  },
};

// What someone who knows the file and the engine would write by hand: the same columns, typed, nothing else.
const bare = (file: string, options = "") => `create table calls as
  select request_id as call_id, user_id, session as conversation_id, feature as workload, 'groq/' || model as model,
    ts as started_at, latency_ms / 1000 as duration, ttft_ms / 1000 as time_to_first_token,
    usage.prompt_tokens as input_tokens, usage.completion_tokens as output_tokens, cost,
    if(error is null, 'ok', 'error') as status, error as error_type, region
  from read_json('${file}', format = 'newline_delimited'${options}, columns = {request_id: 'VARCHAR', user_id: 'VARCHAR',
    session: 'VARCHAR', feature: 'VARCHAR', model: 'VARCHAR', ts: 'TIMESTAMP', latency_ms: 'DOUBLE', ttft_ms: 'DOUBLE',
    usage: 'STRUCT(prompt_tokens BIGINT, completion_tokens BIGINT)', cost: 'DOUBLE', error: 'VARCHAR', region: 'VARCHAR'})`;

// The same of a log with twenty fields of the team's own.
const bareAttributes = (file: string) => `create table calls as select * exclude (metadata), unnest(metadata)
  from read_json('${file}', format = 'newline_delimited', columns = {call_id: 'VARCHAR', user_id: 'VARCHAR', model: 'VARCHAR',
    started_at: 'TIMESTAMP', duration: 'DOUBLE', input_tokens: 'BIGINT', output_tokens: 'BIGINT', cost: 'DOUBLE',
    status: 'VARCHAR', metadata: 'STRUCT(${Object.entries(ownFields(0))
      .map(
        ([name, value]) =>
          `${name} ${typeof value === "number" ? "DOUBLE" : typeof value === "boolean" ? "BOOLEAN" : "VARCHAR"}`,
      )
      .join(", ")})'})`;

// The spans as they are, their attributes as lists.
const bareSpans = (file: string) => `create table spans as
  select unnest(ss.spans) as span from (select unnest(rs.scopeSpans) as ss from (
    select unnest(resourceSpans) as rs from read_json('${file}', format = 'newline_delimited',
      columns = {resourceSpans: 'STRUCT(scopeSpans STRUCT(spans STRUCT(traceId VARCHAR, spanId VARCHAR,
        startTimeUnixNano VARCHAR, endTimeUnixNano VARCHAR, attributes STRUCT("key" VARCHAR, "value" STRUCT(
          stringValue VARCHAR, intValue VARCHAR, doubleValue VARCHAR))[])[])[])[]'})))`;

// Langfuse's observations as text, as in its JSON lines.
const bareObservations = (file: string) => `create table observations as
  select * from read_json('${file}', format = 'newline_delimited', columns = {id: 'VARCHAR', trace_id: 'VARCHAR',
    type: 'VARCHAR', name: 'VARCHAR', parent_observation_id: 'VARCHAR', start_time: 'VARCHAR', end_time: 'VARCHAR',
    completion_start_time: 'VARCHAR', provided_model_name: 'VARCHAR', model_parameters: 'VARCHAR', usage_details: 'VARCHAR',
    cost_details: 'VARCHAR', total_cost: 'VARCHAR', level: 'VARCHAR', status_message: 'VARCHAR', user_id: 'VARCHAR',
    session_id: 'VARCHAR', environment: 'VARCHAR', input: 'VARCHAR', output: 'VARCHAR'})`;

/**
 * A million calls, as lines, spans and observations, from file to disk, compared with the engine's own read of the same
 * file.
 */
export async function ingestBench(): Promise<(Ratio | Size)[]> {
  const folder = mkdtempSync(join(tmpdir(), "fieldnotes-bench-"));
  const clean = join(folder, "clean.jsonl");
  const damaged = join(folder, "damaged.jsonl");
  const traces = join(folder, "traces.jsonl");
  const observations = join(folder, "observations.jsonl");
  const attributes = join(folder, "attributes.jsonl");
  try {
    writeCalls(clean, calls);
    writeCalls(damaged, calls, 1_000);
    writeTraces(traces, calls);
    writeObservations(observations, calls);
    writeAttributes(attributes, calls);
    const ours = (file: string, options: object) => async () => {
      const path = join(folder, "ours.duckdb");
      const store = await open(path);
      const { files } = await ingest(store, file, options);
      store.close();
      rmSync(path);
      if (files[0].status !== "ingested") throw new Error(files[0].reason);
    };
    const theirs = (sql: string) => async () => {
      const path = join(folder, "theirs.duckdb");
      const instance = await DuckDBInstance.create(path);
      const connection = await instance.connect();
      await connection.run(sql);
      connection.closeSync();
      instance.closeSync();
      rmSync(path);
    };
    const scanned = async () => {
      scan(clean);
      await fingerprint(clean);
    };
    const rounds = 5;
    return [
      await ratios("ingest of a million calls", ours(clean, { mapping }), theirs(bare(clean)), {
        rounds,
        target: 1.5,
      }),
      await ratios("  of it, fingerprint and scan", scanned, theirs(bare(clean)), { rounds }),
      await ratios(
        "ingest, one line in a thousand damaged",
        ours(damaged, { mapping }),
        theirs(bare(clean)),
        {
          rounds,
          target: 2.5,
        },
      ),
      await ratios(
        "ingest of a million spans, against their bare read",
        ours(traces, {}),
        theirs(bareSpans(traces)),
        { rounds: 3, target: 3 },
      ),
      await ratios(
        "ingest of a million observations of Langfuse, against their bare read",
        ours(observations, {}),
        theirs(bareObservations(observations)),
        { rounds: 3, target: 3 },
      ),
      await ratios(
        "ingest of a million calls with twenty fields of the team's own, against their bare read",
        ours(attributes, {}),
        theirs(bareAttributes(attributes)),
        { rounds: 3, target: 2 },
      ),
      memory("memory of an ingest of a million calls", clean, { mapping }),
      memory("memory of the same, damaged", damaged, { mapping }),
      memory("memory of a million spans", traces, {}),
      memory("memory of a million observations of Langfuse", observations, {}),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The peak memory of a separate process. */
function memory(name: string, file: string, options: object): Size {
  const child = spawnSync(
    process.execPath,
    ["--import", "tsx", join(__dirname, "memory.ts"), file, JSON.stringify(options)],
    { encoding: "utf8" },
  );
  if (child.status !== 0) throw new Error(child.stderr);
  return { name, gigabytes: (Number(child.stdout) * 1024) / 1e9, target: 2 };
}

function writeLines(file: string, count: number, line: (at: number) => string): void {
  const out = openSync(file, "w");
  let text = "";
  for (let at = 0; at < count; at++) {
    text += `${line(at)}\n`;
    if (text.length > 1 << 22) {
      writeSync(out, text);
      text = "";
    }
  }
  writeSync(out, text);
  closeSync(out);
}

// Numbers that look like those in a log and are the same each time.
const scattered = (at: number, most: number) => (Math.imul(at + 1, 2654435761) >>> 0) % most;

function writeCalls(file: string, count: number, damagedEach = 0): void {
  writeLines(file, count, (at) => {
    const line = JSON.stringify({
      request_id: `req-${at.toString(16).padStart(12, "0")}`,
      user_id: `user-${scattered(at, 5000)}`,
      session: `session-${at >> 3}`,
      feature: ["chat", "review", "code"][at % 3],
      model: `model-${scattered(at, 6)}`,
      ts: new Date(1.77e12 + at * 600).toISOString(),
      latency_ms: 500 + scattered(at, 100_000) / 10,
      ttft_ms: 100 + scattered(at, 5_000) / 10,
      usage: { prompt_tokens: scattered(at, 8_000), completion_tokens: scattered(at, 900) },
      cost: scattered(at, 100_000) / 1e7,
      error: at % 50 === 0 ? "server_error" : null,
      region: "eu-west-1",
      unused: "a field that nobody asks for",
    });
    return damagedEach > 0 && at % damagedEach === 7 ? line.slice(0, -20) : line;
  });
}

const ownFields = (at: number) => ({
  tenant: `tenant-${scattered(at, 50)}`,
  plan: ["free", "pro", "team"][at % 3],
  arm: "ab"[at % 2],
  app_version: `1.${at % 7}.${at % 13}`,
  retries: at % 3,
  temperature: [0, 0.2, 1][at % 3],
  top_p: 1,
  max_tokens: [256, 1024, 4096][at % 3],
  canary: at % 10 === 0,
  cached: at % 2 === 0,
  region_code: "eu-west-1",
  datacenter: `dc-${at % 5}`,
  queue_ms: scattered(at, 1000) / 10,
  batch: scattered(at, 1000),
  experiment: `exp-${scattered(at, 20)}`,
  release_date: `2026-0${1 + (at % 9)}-01`,
  os: ["linux", "mac", "win"][at % 3],
  client: "sdk-py",
  build: scattered(at, 1e9).toString(16),
  request_key: `k-${at}`,
});

function writeAttributes(file: string, count: number): void {
  writeLines(file, count, (at) =>
    JSON.stringify({
      call_id: `req-${at}`,
      user_id: `user-${scattered(at, 5000)}`,
      model: `model-${at % 6}`,
      started_at: new Date(1.77e12 + at * 600).toISOString(),
      duration: 0.5 + scattered(at, 100_000) / 1e4,
      input_tokens: scattered(at, 8_000),
      output_tokens: scattered(at, 900),
      cost: scattered(at, 100_000) / 1e7,
      status: at % 50 === 0 ? "error" : "ok",
      metadata: ownFields(at),
    }),
  );
}

function writeTraces(file: string, count: number): void {
  const perLine = 10;
  const attribute = (key: string, value: object) => ({ key, value });
  writeLines(file, count / perLine, (line) => {
    const list = Array.from({ length: perLine }, (_, n) => {
      const at = line * perLine + n;
      return {
        traceId: line.toString(16).padStart(32, "0"),
        spanId: at.toString(16).padStart(16, "0"),
        name: "chat",
        startTimeUnixNano: `${1_770_000_000_000 + at * 600}000000`,
        endTimeUnixNano: `${1_770_000_000_500 + at * 600 + scattered(at, 9000)}000000`,
        attributes: [
          attribute("gen_ai.operation.name", { stringValue: "chat" }),
          attribute("gen_ai.provider.name", { stringValue: "openai" }),
          attribute("gen_ai.request.model", { stringValue: `model-${at % 6}` }),
          attribute("gen_ai.usage.input_tokens", { intValue: `${scattered(at, 8000)}` }),
          attribute("gen_ai.usage.output_tokens", { intValue: `${scattered(at, 900)}` }),
          attribute("user.id", { stringValue: `user-${scattered(at, 5000)}` }),
          ...Array.from({ length: 10 }, (_, k) => attribute(`other.${k}`, { stringValue: `value ${k}` })),
        ],
        status: {},
      };
    });
    return JSON.stringify({ resourceSpans: [{ resource: {}, scopeSpans: [{ spans: list }] }] });
  });
}

function writeObservations(file: string, count: number): void {
  writeLines(file, count, (at) => {
    const start = 1_770_000_000_000 + at * 600;
    const time = (ms: number) => new Date(ms).toISOString().replace("T", " ").replace("Z", "");
    return JSON.stringify({
      id: `observation-${at}`,
      trace_id: `trace-${at >> 1}`,
      project_id: "project",
      type: "GENERATION",
      name: "answer",
      parent_observation_id: null,
      start_time: time(start),
      end_time: time(start + 500 + scattered(at, 9000)),
      completion_start_time: time(start + 100 + scattered(at, 400)),
      provided_model_name: `model-${at % 6}`,
      model_parameters: { temperature: 0 },
      usage_details: { input: scattered(at, 8000), output: scattered(at, 900), total: scattered(at, 8900) },
      cost_details: { total: scattered(at, 100_000) / 1e7 },
      total_cost: scattered(at, 100_000) / 1e7,
      level: "DEFAULT",
      user_id: `user-${scattered(at, 5000)}`,
      session_id: `session-${at >> 3}`,
      environment: "production",
      input: [{ role: "user", content: `question ${at} ${"of many words ".repeat(20)}` }],
      output: { role: "assistant", content: `answer ${at} ${"of many words ".repeat(20)}` },
    });
  });
}
