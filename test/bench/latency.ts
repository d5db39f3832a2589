import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { latency } from "../../src/measures/latency/latency";
import { open } from "../../src/store/open";
import { run } from "../../src/store/run";
import { type Ratio, ratios } from "./ratio";

const calls = 1_000_000;

// The same grouping and filters as in the measure, with the engine's own exact quantiles.
const bare = `select workload, model, quantile_cont(duration, [0.5, 0.95, 0.99, 0.999])
  from calls where status is null or status in ('ok', 'timeout') group by workload, model`;

/** A table of p50 to p99.9 with intervals over a million calls, compared with the engine's plain quantiles. */
export async function latencyBench(): Promise<Ratio[]> {
  const folder = mkdtempSync(join(tmpdir(), "fieldnotes-bench-"));
  const store = await open(join(folder, "calls.duckdb"));
  try {
    await run(
      store.connection,
      `insert into calls (call_id, user_id, workload, model, started_at, duration, status)
       select 'call-' || i, 'user-' || floor(5000 * random() * random())::int, 'work-' || (i % 2), 'model-' || (i % 4),
         timestamp '2026-03-02' + i * interval '600 milliseconds',
         exp(0.9 * sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random())) as duration,
         case when random() < 0.02 then 'error' when random() < 0.005 then 'timeout' else 'ok' end
       from range(${calls}) as _(i)`,
    );
    const theirs = async () => {
      await store.connection.runAndReadAll(bare);
    };
    const ours = (cluster: string) => async () => {
      await latency(store, { cluster });
    };
    return [
      await ratios("latency table, --cluster call_id", ours("call_id"), theirs, { target: 1.5 }),
      await ratios("latency table, --cluster user_id", ours("user_id"), theirs, { target: 3.5 }),
      await ratios("latency table, --cluster auto (by user and hour)", ours("auto"), theirs, { target: 5 }),
    ];
  } finally {
    store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
