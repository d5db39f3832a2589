import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cost } from "../../src/measures/cost/cost";
import { open, type Store } from "../../src/store/open";
import { run } from "../../src/store/run";
import { type Ratio, ratios } from "./ratio";

const calls = 1_000_000;

// Sums per task, each with the row of its first call and its outcome, then sums per row: no intervals.
const bare = `select first.workload, first.model, sum(cost) / count(*) filter (where resolved)
  from (select task_id, arg_min(workload, started_at) as workload, arg_min(model, started_at) as model, sum(cost) as cost
        from calls group by task_id) as first
  join tasks using (task_id) group by all`;
// The minimum work for any cost per task: one sum per task.
const least =
  "select count(*), sum(cost) from (select task_id, sum(cost) as cost from calls group by task_id)";

/** A log of a million calls; in a mixed one, some calls fail without a cost, others fall back, outcomes are in two files. */
async function log(file: string, { mixed = false } = {}): Promise<Store> {
  const store = await open(file);
  const task = "(i * 7919 % 400000)";
  const failed = mixed ? "i % 67 = 0" : "false";
  const model = mixed
    ? `case when i % 101 = 0 then 'model-0' else 'model-' || ${task} % 4 end`
    : `'model-' || ${task} % 4`;
  await run(
    store.connection,
    `insert into calls (call_id, task_id, user_id, workload, model, started_at, attempt, duration, status, cost)
     select 'call-' || i, md5(${task}::varchar), 'user-' || ${task} % 5000, 'work-' || ${task} % 2, ${model},
       timestamp '2026-03-02' + i * interval '600 milliseconds', 1, random(), case when ${failed} then 'error' else 'ok' end,
       case when not ${failed} then -0.01 * ln(1 - random()) end
     from range(${calls}) as _(i)`,
  );
  await run(
    store.connection,
    `insert into tasks (task_id, resolved, ingest_id)
     select md5(i::varchar), random() < 0.7, ${mixed ? "1 + (i % 50 = 0)::int" : "1"} from range(400000) as _(i)`,
  );
  return store;
}

/** A table of cost per resolved task with intervals over a million calls, compared with a plain GROUP BY. */
export async function costBench(): Promise<Ratio[]> {
  const folder = mkdtempSync(join(tmpdir(), "fieldnotes-bench-"));
  const store = await log(join(folder, "calls.duckdb"));
  const other = await log(join(folder, "mixed.duckdb"), { mixed: true });
  try {
    const theirs = (sql: string) => async () => {
      await store.connection.runAndReadAll(sql);
    };
    const ours = (cluster: string) => async () => {
      await cost(store, { cluster });
    };
    return [
      await ratios("cost table, --cluster user_id", ours("user_id"), theirs(bare), { target: 1.5 }),
      await ratios("cost table, --cluster task_id", ours("task_id"), theirs(bare), { target: 1.5 }),
      await ratios("cost table, --cluster auto", ours("auto"), theirs(bare), {}),
      await ratios(
        "cost table, --cluster user_id, against one sum a task",
        ours("user_id"),
        theirs(least),
        {},
      ),
      await ratios(
        "cost table of a log with fallbacks and failures without a cost, --cluster user_id",
        async () => {
          await cost(other, { cluster: "user_id" });
        },
        async () => {
          await other.connection.runAndReadAll(bare);
        },
        {},
      ),
    ];
  } finally {
    store.close();
    other.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
