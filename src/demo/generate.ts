import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { random } from "../stats/random";
import { scratchWithin } from "../store/scratch";
import { moveFiles } from "./moveFiles";
import { isSmallLog, type SmallLog, writeSmallLog } from "./smallLog";
import { type Said, textsOf } from "./text/text";
import type { Task } from "./traffic/call";
import { traffic } from "./traffic/traffic";
import { checkTruthCalls, truthOf } from "./truth/truth";
import { benchmarksCsv, publish } from "./world/benchmark";
import { isLabelled } from "./world/labels";
import { pricesCsv } from "./world/prices";
import type { Workload } from "./world/workload";
import { readWorld, type World } from "./world/world";
import { canonicalWriter, spanWriter, taskWriter } from "./write/canonical";
import { csvMapping, csvWriter } from "./write/csv";
import { type Names, names } from "./write/name";
import { otlpWriter } from "./write/otlp";
import { preferencesLog } from "./write/preferencesLog";
import { requestWriter, tellsOfRequests } from "./write/requestScores";
import { scoreWriter } from "./write/scoresCsv";
import { openSink, type Sink } from "./write/sink";
import { studyLog } from "./write/studyLog";

export interface DemoOptions {
  /** Folder to write to, created if missing (default "data/demo"). */
  out?: string;
  /** Calls to write (default: the world's own number). */
  calls?: number;
  /** A whole number >= 0 (default 1). */
  seed?: number;
  /**
   * "releases", "cascade", "switch", "conversations" or "causes": a small log that shows what the week does not, as `openDemo` has it. Default "week".
   */
  log?: "week" | SmallLog;
  /** Path of a world's JSON file (default: the world that comes with the package). */
  world?: string;
  /** Calls of the long run behind truth.json (default 2,000,000); 0 writes none. */
  truthCalls?: number;
  /** Called with the calls made so far and the total, including those of the long run. */
  onProgress?: (done: number, all: number) => void;
}

export interface Demo {
  /** Paths written. */
  files: string[];
  /** The paths to ingest: logs, outcomes, judgements, benchmarks and prices. */
  logs: string[];
  /** Calls in the logs. */
  calls: number;
  /** Wall-clock time taken, in seconds. */
  seconds: number;
}

interface Writer {
  add(task: Task, said: Said[]): void;
  close(): void;
}

function writerOf(world: World, workload: string, sink: Sink, ids: Names): Writer {
  const work = world.workloads[workload];
  switch (work.format) {
    case "otlp":
      return otlpWriter(sink, workload, ids);
    case "csv":
      return csvWriter(sink, workload, work, ids, world.utc_offset);
    case "canonical":
      return canonicalWriter(sink, workload, ids);
  }
}

const stem = (file: string) => file.replace(/\.(jsonl|csv)(\.gz)?$/, "");

/** Stages that a format cannot hold go into a separate file. */
const hasSpans = ({ format, stages_logged }: Workload) => format !== "otlp" && stages_logged > 0;

/**
 * Writes the logs of a made-up company, with prices, outcomes of tasks, the world they were drawn from and its true
 * values (truth.json).
 *
 * The same world, seed and calls give the same bytes. Logarithms and exponentials come from the engine; if another
 * engine's differ in the last bit, a time may differ by a microsecond.
 *
 * @throws RangeError for an invalid world or log, calls below 1, or a seed below 0
 * @example
 * generateDemo({ out: "made-up", log: "cascade" }).calls // 1579
 */
export function generateDemo({
  out = join("data", "demo"),
  calls,
  seed = 1,
  log = "week",
  world: path,
  truthCalls = 2_000_000,
  onProgress: progress = () => {},
}: DemoOptions = {}): Demo {
  const begun = process.hrtime.bigint();
  const seconds = () => Number(process.hrtime.bigint() - begun) / 1e9;
  if (log !== "week") {
    if (!isSmallLog(log))
      throw new RangeError(
        `generateDemo requires log "week", "releases", "cascade", "switch", "conversations" or "causes", got "${String(log)}"`,
      );
    if (calls !== undefined || path !== undefined)
      throw new RangeError(
        `generateDemo requires log "week" with calls or world: the log "${log}" has a size and a world of its own`,
      );
    const { logs, truth, calls: made } = writeSmallLog(out, log, seed);
    return { files: [...logs, truth], logs, calls: made, seconds: seconds() };
  }
  const { world, text } = readWorld(path);
  const wanted = calls ?? world.calls;
  if (!Number.isSafeInteger(wanted) || wanted < 1)
    throw new RangeError(`generateDemo requires calls to be a whole number >= 1, got ${String(calls)}`);
  if (truthCalls !== 0) checkTruthCalls("generateDemo", "truthCalls", truthCalls);
  random(seed);
  mkdirSync(out, { recursive: true });
  // Written to a temporary folder and moved when complete: if interrupted, the old files remain.
  const apart = scratchWithin(out);
  try {
    const made = writeWorld(apart.path, { world, text, wanted, seed, truthCalls, progress });
    moveFiles(apart.path, out, made.names);
    const files = made.names.map((name) => join(out, name));
    return {
      files,
      logs: files.filter((file) => /\.(jsonl|csv)(\.gz)?$/.test(file)),
      calls: made.calls,
      seconds: seconds(),
    };
  } finally {
    apart.remove();
  }
}

interface Wanted {
  world: World;
  text: string;
  wanted: number;
  seed: number;
  truthCalls: number;
  progress: (done: number, all: number) => void;
}

function writeWorld(
  folder: string,
  { world, text, wanted, seed, truthCalls, progress }: Wanted,
): { names: string[]; calls: number } {
  const files: string[] = [];
  const target = (name: string) => {
    files.push(name);
    return join(folder, name);
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
    const judged = Object.values(world.workloads).some(({ labels }) => isLabelled(labels))
      ? scoreWriter(open("scores.csv"), world, ids, random(seed, 4))
      : undefined;
    const requested = Object.values(world.workloads).some(({ labels }) => tellsOfRequests(labels))
      ? requestWriter(open("requests.scores.csv"), ids, seed)
      : undefined;
    for (const [name, work] of Object.entries(world.workloads)) {
      const own: Writer[] = [writerOf(world, name, open(work.file), ids), outcomes];
      if (hasSpans(work)) own.push(spanWriter(open(`${stem(work.file)}.spans.jsonl`), ids));
      if (judged !== undefined) own.push(judged);
      if (requested !== undefined) own.push(requested);
      writers.set(name, own);
    }
    const talk = textsOf(seed);
    for (const task of traffic(world, { seed, calls: wanted })) {
      const said = talk(task);
      for (const writer of writers.get(task.lane.workload)!) writer.add(task, said);
      const before = done;
      done += task.calls.length;
      if (Math.floor(done / 10_000) > Math.floor(before / 10_000)) progress(done, wanted + truthCalls);
    }
    for (const writer of [...writers.values()].flat()) writer.close();
  } finally {
    for (const sink of sinks) sink.close();
  }
  const write = (name: string, text: string) => writeFileSync(target(name), text);
  for (const work of Object.values(world.workloads))
    if (work.format === "csv")
      write(`${stem(work.file)}.mapping.json`, `${JSON.stringify(csvMapping(work), null, 2)}\n`);
  if (world.study !== null) {
    const study = studyLog(world, world.study, ids, seed);
    write("study.jsonl", study.calls);
    write("study.tasks.csv", study.tasks);
    write("study.scores.csv", study.scores);
  }
  if (world.preferences !== null) write("preferences.jsonl", preferencesLog(world, world.preferences, seed));
  if (Object.keys(world.benchmarks).length > 0)
    write("benchmarks.csv", benchmarksCsv(publish(world.benchmarks, random(seed, 6))));
  write("prices.csv", pricesCsv(world));
  write("world.json", text);
  if (truthCalls > 0) {
    const truth = truthOf(world, {
      calls: truthCalls,
      progress: (made, all) => progress(wanted + made, wanted + all),
    });
    write("truth.json", `${JSON.stringify(truth, null, 1)}\n`);
  }
  return { names: files, calls: done };
}
