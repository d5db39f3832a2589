import { storePlaces } from "../../src/facts/place";
import { open, type Store } from "../../src/store/open";
import { quoteText } from "../../src/store/quote";
import { run } from "../../src/store/run";

/**
 * A store with a log that has every fault that logs have; the same for the same number of calls, seed and columns left
 * empty.
 */
export async function hostileLog(
  calls: number,
  seed = 0,
  empty: ReadonlySet<string> = new Set(),
): Promise<Store> {
  const store = await open(":memory:");
  const columns = Object.entries(callColumns(calls)).map(
    ([name, sql]) => `${empty.has(name) ? "null" : sql} as ${name}`,
  );
  await run(
    store.connection,
    `create temp table drawn as select i, ${Array.from({ length: 7 }, (_, at) => `hash(i, ${at + 7 * seed}) as h${at}`).join(", ")} from range(${calls}) as t(i);
     insert into calls by name select ${columns.join(", ")} from drawn order by h6;
     insert into tasks by name
       select task_id, case when hash(task_id) % 5 > 0 then hash(task_id) % 3 > 0 end as resolved, 1 as ingest_id
       from (select distinct task_id from calls where hash(task_id, 9) % 8 > 0);
     insert into scores by name
       select 'call' as subject, call_id as subject_id, 'helpful' as name, (hash(call_id, 3) % 5)::double as value,
         ['human', 'user', 'judge'][(1 + hash(call_id, 8) % 3)::bigint] as rater, 1 as ingest_id
       from calls where hash(call_id, 7) % 4 = 0;
     insert into benchmarks by name select * from (values ${benchmarks}) as t(benchmark, model, score, items, as_of);
     drop table drawn`,
  );
  await storePlaces(store.connection);
  return store;
}

/** Published scores: shares with items, a score without an error, a model that the log lacks, two dates of one score. */
const benchmarks = [
  "('knowl''edge', 'mine-2025-01-15', 0.71, 500, null)",
  "('knowl''edge', 'm\"b', 0.64, 500, null)",
  "('knowl''edge', '模型', 0.58, 500, null)",
  "('knowl''edge', 'm\\c', 0.4, 500, null)",
  "('knowl''edge', 'mine-2025-03-01', 0.35, 500, null)",
  "('knowl''edge', 'elsewhere', 0.9, 500, null)",
  "('größe', 'mine-2025-01-15', 1210, null, timestamp '2025-01-01')",
  "('größe', 'mine-2025-01-15', 1190, null, timestamp '2025-02-01')",
  "('größe', '模型', 1250, null, timestamp '2025-02-01')",
  "('größe', 'mine-2025-03-01', 1105, null, timestamp '2025-02-01')",
  "('größe', 'm\"b', 1180, null, timestamp '2025-02-01')",
].join(", ");

/** Writes the tables for another engine to read. */
export async function writeParquet(store: Store, folder: string): Promise<void> {
  for (const table of ["calls", "tasks", "scores"])
    await run(
      store.connection,
      `copy ${table} to ${quoteText(`${folder}/${table}.parquet`)} (format parquet)`,
    );
}

const among = (values: readonly string[], by: string) =>
  `[${values.join(", ")}][(1 + ${by} % ${values.length})::bigint]`;
const gaps = (every: number, by: string, sql: string) => `case when ${by} % ${every} > 0 then ${sql} end`;

const callColumns = (calls: number): Record<string, string> => ({
  // Ids that occur twice, users of very unequal size, names with quotes, backslashes and other scripts.
  call_id: "case when h0 % 500 = 0 then 'twice' || (h0 % 7) else 'c' || i end",
  task_id: gaps(50, "h1", "'t' || (i // 3 + (h2 % 40 = 0)::int)"),
  user_id: gaps(30, "h2", "case when h2 % 3 = 1 then 'u''' || (h3 % 17) else 'ü\"' || (h3 % 2000) end"),
  conversation_id: gaps(20, "h2", "'k' || (i // 10)"),
  workload: among(["'chat'", "'Übersetzung ''x'''", "'rag \\ back'", "null"], "h1"),
  // A task is sometimes answered by two models.
  model: among(
    ["'mine-2025-01-15'", "'m\"b'", "'模型'", "'m\\c'", "'mine-2025-03-01'"],
    "(i // 3 + (h5 % 10 = 0)::int)",
  ),
  provider: among(["'openai'", "'azure'", "null"], "h3"),
  started_at: gaps(
    60,
    "h3",
    `timestamp '2025-03-01' + to_microseconds((i * ${Math.floor((40 * 86_400e6) / calls)} + h4 % 5000000)::bigint)`,
  ),
  // Missing, negative, tied, and with a heavy tail.
  duration: `case when h4 % 41 = 0 then null when h4 % 97 = 0 then -1 when h4 % 13 = 0 then (h5 % 100)::double / 10
    when h4 % 5000 = 0 then 40000.5 else exp((h5 % 100000 + h6 % 100000) / 40000.0 - 3) + (h3 % 17) * 0.1 end`,
  time_to_first_token: gaps(3, "h6", "(h5 % 1000) / 999.0"),
  input_tokens: gaps(25, "h5", "(h6 % 4000)::bigint"),
  output_tokens: gaps(35, "h5", "(h2 % 900)::bigint"),
  cost: gaps(29, "h1", "((h6 % 4000) * 3 + (h2 % 900) * 15)::double / 1e6"),
  status: among(
    [
      "'ok'",
      "'ok'",
      "'ok'",
      "'ok'",
      "'ok'",
      "'error'",
      "'timeout'",
      "'rate_limited'",
      "'cancelled'",
      "'odd ''word'",
      "null",
    ],
    "h6",
  ),
  attempt: gaps(11, "h0", "1 + (h0 % 9 = 0)::int"),
  fallback_from: "case when h0 % 90 = 0 then 'mine-2025-03-01' end",
  role: "case when h3 % 50 = 0 then 'judge' when h3 % 51 = 0 then 'answer' end",
  operation: "case when h3 % 70 = 0 then 'embeddings' end",
  environment: "case when h2 % 100 = 0 then 'evaluation' when h2 % 101 = 0 then 'load test' end",
  stream: "h1 % 2 = 0",
  ingest_id: "1",
  // The order of the log, which engines only know from a column.
  line: "i",
});
