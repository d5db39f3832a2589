import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";

/** The larger log; the smaller has a tenth. FIELDNOTES_BENCH_CALLS=1e8 takes some 40 minutes and 15 GB of disk. */
const most = Number(process.env.FIELDNOTES_BENCH_CALLS ?? 1e7);
const questions = ["latency", "reliability", "cost"];

/** Writes a log of one call in two and a half for each task as ten Parquet files, and its outcomes as one. */
async function write(folder: string, calls: number): Promise<void> {
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  const tasks = calls / 2.5;
  mkdirSync(join(folder, "calls"), { recursive: true });
  for (let part = 0; part < 10; part++)
    await connection.run(
      `copy (
         select 'call-' || i as call_id, 'user-' || task % ${Math.round(calls / 200)} as user_id,
           'work-' || task % 2 as workload, 'model-' || task % 4 as model,
           timestamp '2026-03-02' + i * interval '${Math.round(6e11 / calls)} microseconds' as started_at,
           exp(0.9 * sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random())) as duration,
           if(i % 67 = 0, 'error', 'ok') as status, -0.01 * ln(1 - random()) as cost, task::varchar as task_id
         from (select i, i * 7919 % ${tasks} as task from range(${(part * calls) / 10}, ${((part + 1) * calls) / 10}) as _(i))
       ) to '${join(folder, "calls", `${part}.parquet`)}' (format parquet)`,
    );
  await connection.run(
    `copy (select i::varchar as task_id, random() < 0.7 as resolved from range(${tasks}) as _(i))
     to '${join(folder, "tasks.parquet")}' (format parquet)`,
  );
  connection.closeSync();
  instance.closeSync();
}

interface Run {
  seconds: number;
  gigabytes: number;
}

/** Asks a question in a process of its own, whose peak memory is measured; the second answer is timed. */
function asked(question: string, ...where: string[]): Run {
  const file = join(__dirname, "enginesOne.ts");
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ["--import", "tsx", file, question, ...where],
    { encoding: "utf8" },
  );
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

/**
 * Latency, reliability and cost by model, with intervals, of a log in Parquet files and in a store: how long, how much
 * memory, and how both grow when the log does tenfold.
 */
export async function enginesBench(): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), "fieldnotes-bench-"));
  const lines: string[] = [];
  try {
    const found = new Map<string, Run>();
    for (const calls of [most / 10, most]) {
      const of = join(folder, String(calls));
      await write(of, calls);
      const places = {
        "Parquet files": [`parquet:${join(of, "calls", "*.parquet")}`, join(of, "tasks.parquet")],
        "a store": [join(of, "store.duckdb")],
      };
      const ingested = asked("ingest", ...places["a store"], of);
      lines.push(`${calls.toExponential(0)} calls, ingest of Parquet files: ${textOf(ingested)}`);
      for (const [name, where] of Object.entries(places))
        for (const question of questions) {
          const key = `${question} --by model, ${name}`;
          const run = asked(question, ...where);
          const smaller = found.get(key);
          found.set(key, run);
          lines.push(
            `${calls.toExponential(0)} calls, ${key}: ${textOf(run)}${
              smaller === undefined
                ? ""
                : `, ${(run.seconds / smaller.seconds).toFixed(1)}x for ten times the calls`
            }`,
          );
        }
      rmSync(of, { recursive: true });
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return lines;
}

const textOf = ({ seconds, gigabytes }: Run) =>
  `${seconds.toFixed(2)} s, at most ${gigabytes.toFixed(1)} GB of memory`;
