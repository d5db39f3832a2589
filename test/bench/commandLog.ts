import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { open } from "../../src/store/open";
import { run } from "../../src/store/run";

/** A number that looks drawn at random, the same in every run: a hash of the row and a name, from 0 to below 1. */
const drawn = (of: string, name: string) => `(hash(${of}, '${name}') % 1000003 / 1000003.0)`;

/** Six models, the first of them slower and dearer than the last. */
const model = "('model-' || task * 31 % 6)";

/**
 * Writes a log of 28 days into a folder: two calls a task, 50 calls a user, six models, three workloads, outcomes of most
 * tasks, a score of one call in twenty, refusals, retries and conversations; two leaderboards, prices, a profile and limits.
 */
export async function writeLog(folder: string, calls: number): Promise<void> {
  const [tasks, users] = [Math.ceil(calls / 2), Math.ceil(calls / 50)];
  const store = await open(join(folder, "fieldnotes.duckdb"));
  const user = `hash(task, 'user') % ${users}`;
  await run(
    store.connection,
    `insert into calls (call_id, task_id, conversation_id, user_id, prompt_id, workload, environment, role, model, provider,
       region, release, started_at, duration, time_to_first_token, input_tokens, cache_read_input_tokens, output_tokens,
       attempt, place_in_task, cost, cost_source, status, http_status, retry_after, finish_reason, json_valid, stream, cache_hit, output_hash, ingest_id, line)
     select 'call-' || i, 'task-' || task, 'talk-' || task // 3, 'user-' || ${user}, 'prompt-' || task % 500,
       'work-' || task % 3, 'production', 'answer', ${model}, 'provider-' || task % 2, 'region-' || task % 4,
       if(i < ${calls / 2}, '4.1', '4.2'),
       timestamp '2026-03-02' + to_microseconds((i * ${Math.round((28 * 86_400e6) / calls)})::bigint),
       exp(0.8 * sqrt(-2 * ln(1 - ${drawn("i", "a")})) * cos(2 * pi() * ${drawn("i", "b")})) * (1 + task * 31 % 6 / 10),
       ${drawn("i", "first")}, 200 + (2000 * ${drawn("task", "in")} ** 2)::bigint, (100 * ${drawn("i", "read")})::bigint,
       50 + (400 * ${drawn("i", "out")})::bigint, 1 + i % 2, 1 + i % 2,
       if(i % 67 = 0, null, -0.01 * ln(1 - ${drawn("i", "cost")})), if(i % 67 = 0, null, 'log'),
       if(i % 67 = 0, 'error', if(i % 97 = 0, 'rate_limited', 'ok')), if(i % 97 = 0, 429, 200), if(i % 97 = 0, 2, null),
       if(i % 67 = 0, 'error', 'stop'), i % 11 > 0, i % 2 = 0, false, hash(i % 100)::varchar, 1, i + 1
     from (select i, i // 2 as task from range(${calls}) as _(i))`,
  );
  await run(
    store.connection,
    `insert into tasks (task_id, resolved, ingest_id)
     select 'task-' || task, ${drawn("task", "resolved")} < 0.7 + task * 31 % 6 / 50, 1 from range(${tasks}) as _(task)
     where task % 20 > 0`,
  );
  await run(
    store.connection,
    `insert into scores (subject, subject_id, name, value, rater, rater_id, ingest_id)
     select 'call', 'call-' || i, 'good', (${drawn("i", "good")} < 0.8)::int, unnest(['judge', 'human']), 'one', 1
     from range(0, ${calls}, 20) as _(i)`,
  );
  await run(
    store.connection,
    `insert into benchmarks (benchmark, model, score, items, ingest_id)
     select board, 'model-' || m, 0.5 + m / 20 + length(board) / 100, 1000, 1
     from range(6) as _(m), unnest(['general', 'coding']) as boards(board)`,
  );
  await run(
    store.connection,
    `insert into prices (model, input, cache_read, output, ingest_id)
     select 'model-' || m, 1e-6, 1e-7, 5e-6, 1 from range(6) as _(m)`,
  );
  store.close();
  const write = (name: string, content: object) => writeFileSync(join(folder, name), JSON.stringify(content));
  write("profile.json", {
    name: "profile",
    criteria: [
      { metric: "duration_p50", weight: 0.5, good: 1, bad: 20 },
      { metric: "resolve_rate", weight: 0.5, good: 1, bad: 0.5 },
    ],
  });
  write("limits.json", {
    name: "limits",
    limits: [
      { metric: "error_rate", at_most: 0.05 },
      { metric: "duration_p95", at_most: 9 },
    ],
  });
}
