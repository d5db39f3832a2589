import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cost } from "../../src/measures/cost/cost";
import { open } from "../../src/store/open";
import { run } from "../../src/store/query";
import { type Ratio, ratios } from "./ratio";

const calls = 1_000_000;

// Sums by task, each task with the row of its first call and its outcome, and their sums by row: no intervals.
const bare = `select first.workload, first.model, sum(cost) / count(*) filter (where resolved)
  from (select task_id, arg_min(workload, started_at) as workload, arg_min(model, started_at) as model, sum(cost) as cost
        from calls group by task_id) as first
  join tasks using (task_id) group by all`;
// The least that any cost per task takes: one sum a task.
const least =
  "select count(*), sum(cost) from (select task_id, sum(cost) as cost from calls group by task_id)";

/** A table of cost per resolved task with intervals over a million calls, against its bare group-by. */
export async function costBench(): Promise<Ratio[]> {
  const folder = mkdtempSync(join(tmpdir(), "fieldnotes-bench-"));
  const store = await open(join(folder, "calls.duckdb"));
  try {
    await run(
      store.connection,
      `insert into calls (call_id, task_id, user_id, workload, model, started_at, attempt, duration, status, cost)
       select 'call-' || i, md5((i * 7919 % 400000)::varchar), 'user-' || (i * 7919 % 400000) % 5000,
         'work-' || (i * 7919 % 400000) % 2, 'model-' || (i * 7919 % 400000) % 4,
         timestamp '2026-03-02' + i * interval '600 milliseconds', 1, random(), 'ok', -0.01 * ln(1 - random())
       from range(${calls}) as _(i)`,
    );
    await run(
      store.connection,
      "insert into tasks (task_id, resolved, ingest_id) select md5(i::varchar), random() < 0.7, 1 from range(400000) as _(i)",
    );
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
    ];
  } finally {
    store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
