import { mkdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { random } from "../stats/random";
import type { Task } from "./call";
import { canonicalWriter, spanWriter, taskWriter } from "./canonical";
import { csvMapping, csvWriter } from "./csv";
import { type Names, names } from "./name";
import { otlpWriter } from "./otlp";
import { pricesCsv } from "./prices";
import { openSink, type Sink } from "./sink";
import { traffic } from "./traffic";
import { checkTruthCalls, truthOf } from "./truth";
import { readWorld, type World } from "./world";

export interface DemoOptions {
  /** Folder to write to, made where it is not there (default "data/demo"). */
  out?: string;
  /** Calls to write (default: the world's own number). */
  calls?: number;
  /** A whole number >= 0 (default 1). */
  seed?: number;
  /** Path of a world's JSON file (default: the world that comes with the package). */
  world?: string;
  /** Calls of the long run behind truth.json (default 2,000,000); 0 writes none. */
  truthCalls?: number;
  /** Told the calls made so far and the calls to make, those of the long run included. */
  progress?: (done: number, all: number) => void;
}

export interface Demo {
  /** Paths written. */
  files: string[];
  /** Those of them to ingest: the logs, the outcomes and the prices. */
  logs: string[];
  /** Calls in the logs. */
  calls: number;
  /** Wall-clock seconds it took. */
  seconds: number;
}

interface Writer {
  add(task: Task): void;
  close(): void;
}

function writerOf(
  world: World,
  workload: string,
  sink: Sink,
  ids: Names,
): { add(task: Task): void; close(): void } {
  switch (world.workloads[workload].format) {
    case "otlp":
      return otlpWriter(sink, workload, ids);
    case "csv":
      return csvWriter(sink, workload, ids, world.utc_offset);
    case "canonical":
      return canonicalWriter(sink, workload, ids);
  }
}

/**
 * Writes the logs of a made-up company, with prices, outcomes of tasks, the world they were drawn from and what is
 * true of it (truth.json).
 *
 * The same world, seed and calls give the same bytes. Logarithms and exponentials come from the engine; where
 * another engine's differ in the last bit, a time could differ by a microsecond.
 *
 * @throws RangeError for a world that is none, calls below 1, or a seed below 0
 */
export function generateDemo({
  out = join("data", "demo"),
  calls,
  seed = 1,
  world: path,
  truthCalls = 2_000_000,
  progress = () => {},
}: DemoOptions = {}): Demo {
  const begun = process.hrtime.bigint();
  const { world, text } = readWorld(path);
  const wanted = calls ?? world.calls;
  if (!Number.isSafeInteger(wanted) || wanted < 1)
    throw new RangeError(`generateDemo requires calls to be a whole number >= 1, got ${String(calls)}`);
  if (truthCalls !== 0) checkTruthCalls("generateDemo", "truthCalls", truthCalls);
  random(seed);
  mkdirSync(out, { recursive: true });
  const files: string[] = [];
  const target = (name: string) => {
    files.push(join(out, name));
    return join(out, name);
  };
  const ids = names(seed);
  const sinks: Sink[] = [];
  const open = (name: string) => {
    const sink = openSink(target(name));
    sinks.push(sink);
    return sink;
  };
  let done = 0;
  try {
    const writers = new Map<string, Writer[]>();
    const outcomes = taskWriter(open("tasks.csv"), ids);
    for (const [name, { file, format, stages_logged }] of Object.entries(world.workloads)) {
      const own = [writerOf(world, name, open(file), ids), outcomes];
      if (format === "canonical" && stages_logged > 0)
        own.push(spanWriter(open(`${basename(file, ".jsonl")}.spans.jsonl`), ids));
      writers.set(name, own);
    }
    for (const task of traffic(world, { seed, calls: wanted })) {
      for (const writer of writers.get(task.lane.workload)!) writer.add(task);
      const before = done;
      done += task.calls.length;
      if (Math.floor(done / 10_000) > Math.floor(before / 10_000)) progress(done, wanted + truthCalls);
    }
    for (const writer of [...writers.values()].flat()) writer.close();
  } finally {
    for (const sink of sinks) sink.close();
  }
  for (const { format, file } of Object.values(world.workloads))
    if (format === "csv")
      writeFileSync(
        target(`${basename(file, ".csv")}.mapping.json`),
        `${JSON.stringify(csvMapping, null, 2)}\n`,
      );
  writeFileSync(target("prices.csv"), pricesCsv(world));
  writeFileSync(target("world.json"), text);
  if (truthCalls > 0) {
    const truth = truthOf(world, {
      calls: truthCalls,
      progress: (made, all) => progress(wanted + made, wanted + all),
    });
    writeFileSync(target("truth.json"), `${JSON.stringify(truth, null, 1)}\n`);
  }
  return {
    files,
    logs: files.filter((file) => /\.(jsonl|csv)$/.test(file)),
    calls: done,
    seconds: Number(process.hrtime.bigint() - begun) / 1e9,
  };
}
