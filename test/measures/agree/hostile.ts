import type { Store } from "../../../src/store/open";
import { run } from "../../../src/store/run";
import { columnsOf, type TableName } from "../../../src/store/schema";
import { fc } from "../../property";
import { type Call, storeOf } from "../calls";

/** An outcome that an export gives for a task. */
export interface Outcome {
  task_id: string;
  resolved: boolean | null;
  ingest_id: number;
}

/** A judgement of a call or a task. */
export interface Judgement {
  subject: "call" | "task";
  subject_id: string;
  name: string;
  value: number;
  rater: string | null;
  rater_id: string;
}

/** The contents of a store, with calls in log order. */
export interface Log {
  calls: Call[];
  tasks: Outcome[];
  scores: Judgement[];
}

/** A store in memory that holds the log. */
export async function openLog({ calls, tasks, scores }: Log): Promise<Store> {
  const store = await storeOf(calls);
  await putInto(store, "tasks", tasks);
  await putInto(store, "scores", scores);
  return store;
}

/** Works on a store in memory that holds the log. */
export async function withLog<T>(log: Log, work: (store: Store) => Promise<T>): Promise<T> {
  const store = await openLog(log);
  try {
    return await work(store);
  } finally {
    store.close();
  }
}

/** Adds rows to any table. */
export async function putInto<R extends object>(
  store: Store,
  table: TableName,
  rows: readonly R[],
): Promise<void> {
  if (rows.length === 0) return;
  const columns = columnsOf(table);
  const shape = Object.fromEntries(Object.keys(rows[0]).map((name) => [name, columns[name].type]));
  await run(
    store.connection,
    `insert into ${table} by name
     select unnest(from_json($rows::json, '${JSON.stringify([shape])}'), recursive := true)`,
    { rows: JSON.stringify(rows) },
  );
}

const some = <T>(...values: T[]) => fc.constantFrom(...values);

/** Nearly all calls start in one second, some within one millisecond of it; a few an hour or days later. */
const base = "2026-03-02 09:00:0";
const moments = [
  null,
  `${base}0.000000`,
  `${base}0.000000`,
  `${base}0.000000`,
  `${base}0.000400`,
  `${base}0.250000`,
  `${base}1.000000`,
  "2026-03-02 10:00:00.000000",
  "2026-03-10 22:30:00.000000",
];

const call = fc.record({
  task_id: some(null, "t0", "t0", "t1", "t1", "t2", "t3", "t4"),
  model: some("m0", "m0", "m1", "m1", "m2", null),
  role: some(null, null, null, "answer", "judge", "other"),
  operation: some(null, null, null, "chat", "embeddings"),
  status: some("ok", "ok", "ok", null, "error", "timeout", "rate_limited", "cancelled"),
  started_at: some(...moments),
  attempt: some(null, null, 1, 2, 3),
  user_id: some(null, "u0", "u1", "u2"),
  conversation_id: some(null, null, "s0", "s1"),
  workload: some(null, "w0", "w1"),
  duration: some(2, 0.5, 0.75, 30, 0, -1, null),
  time_to_first_token: some(null, 0.25, 0.4, 1, -0.5),
  stream: some(null, true, false),
  cache_hit: some(null, null, true, false),
  cost: some(1, null, 0, 0.25, 2, 8),
  input_tokens: some(null, null, 0, 5),
  output_tokens: some(null, 0, 1, 7),
  fallback_from: some(null, null, null, "m0"),
  json_valid: some(null, null, true, false),
});

/** One outcome per task and ingest, so that two ingests may contradict each other. */
const outcomes = fc.uniqueArray(
  fc.record({
    task_id: some("t0", "t1", "t2", "t3", "t4", "t5"),
    resolved: some(true, false, null),
    ingest_id: some(1, 2),
  }),
  { maxLength: 9, selector: ({ task_id, ingest_id }) => `${task_id} ${ingest_id}` },
);

const judgements = (calls: number) =>
  fc.array(
    fc
      .record({
        subject: some<"call" | "task">("call", "call", "task"),
        at: fc.nat({ max: calls }),
        name: some("good", "good", "grade"),
        value: some(1, 0, 0.25),
        rater: some("human", "judge", "judge", "user", null),
        rater_id: some("r0", "r1"),
      })
      .map(({ at, subject, value, ...one }) => ({
        ...one,
        subject,
        // The last call and task are not in the log.
        subject_id: subject === "call" ? idOf(at) : `t${at % 6}`,
        value: one.name === "good" ? Math.round(value) : value,
      })),
    { maxLength: 10 },
  );

/** Ids that don't sort in log order, like most ids. */
const idOf = (at: number) => `c${(at * 37 + 11) % 101}`;

/**
 * Small logs in which anything that can be missing, mixed, negative, duplicated or simultaneous is. Costs are sums of
 * powers of two, and so exact. A call's place in the log is its line if known, else its row.
 */
export const hostile = fc
  .array(call, { minLength: 1, maxLength: 30, size: "max" })
  .chain((calls) =>
    fc.tuple(
      fc.constant(calls),
      // Lines need not be in the order of rows; null: no call has one.
      fc.option(
        fc.shuffledSubarray([...calls.keys()], { minLength: calls.length, maxLength: calls.length }),
        { freq: 2 },
      ),
      outcomes,
      judgements(calls.length),
      fc.boolean(),
    ),
  )
  .map(([drawn, lines, tasks, scores, evaluation]) => {
    const calls = drawn.map((one, at) =>
      filled({
        call_id: idOf(at),
        ...one,
        // Two ingests, one after the other.
        ingest_id: lines === null ? null : 1 + Math.floor((2 * lines[at]) / drawn.length),
        line: lines === null ? null : 1 + (lines[at] % Math.ceil(drawn.length / 2)),
        // Runs of an eval set are separate tasks.
        environment: evaluation && one.task_id === "t4" ? "evaluation" : null,
      }),
    );
    return { calls, tasks, scores };
  });

/** Empty fields are left out of a printed log. */
function filled(call: Call): Call {
  return Object.fromEntries(Object.entries(call).filter(([, value]) => value !== null));
}

/** The same logs with a time and a duration for every call, and neither judges nor evaluation runs. */
export const complete = hostile.map(({ calls, tasks, scores }) => ({
  calls: calls.map(({ role: _role, operation: _operation, environment: _environment, ...one }) => ({
    ...one,
    started_at: one.started_at ?? `${base}0.000000`,
    duration: Math.abs(Number(one.duration ?? 1)),
  })),
  tasks,
  scores,
}));

/** The same logs without evaluation runs. */
export const production = hostile.map(({ calls, tasks, scores }) => ({
  calls: calls.map(({ environment: _environment, ...one }) => one),
  tasks,
  scores,
}));
