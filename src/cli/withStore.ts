import { existsSync, readFileSync } from "node:fs";
import type { Command } from "commander";
import { connect } from "../engines";
import { sharpen } from "../explore/sharpen";
import { attach } from "../facts/attach";
import { isUncompleted } from "../logs/complete/complete";
import { completeStore, type IngestResult, ingest } from "../logs/ingest";
import { lakes } from "../logs/lakes";
import { progress } from "../notebook/progress";
import { counted } from "../stats/text";
import { open, type Store } from "../store/open";
import { messageOf } from "../store/reason";
import { failedAlike } from "./failedAlike";
import { failed } from "./failure";
import { onEngine } from "./interrupt";
import { say } from "./output";
import { ingestOptions, type ReadFlags } from "./readOptions";
import { ownTitle, type Topic } from "./topics";

/** Where the calls come from: files given on the command line, otherwise the store. */
export interface SourceFlags extends ReadFlags {
  db: string;
  join?: string;
  on?: string;
  engine?: string;
  map?: string;
  scratch?: string;
  /** Seconds in which an answer is given, from as many users as that takes. */
  within?: number;
}

/** The store of a command that names none. */
export const presetStore = "fieldnotes.duckdb";

/** Throws for what belongs to an engine where there is none. */
export function checkMap({ map, scratch, engine }: Pick<SourceFlags, "map" | "scratch" | "engine">): void {
  if (map !== undefined && engine === undefined) throw new RangeError("--map requires --engine");
  if (scratch !== undefined && engine === undefined) throw new RangeError("--scratch requires --engine");
}

/** Adds the options for calls that stay on another engine. */
export function withEngineOptions(command: Command): Command {
  return command
    .optionsGroup("engine" satisfies Topic)
    .option(
      "--engine <url>",
      "measure them there: clickhouse://host:8123/database or trino://host:8080/catalog/schema (docs/engines.md)",
    )
    .option(
      "--map <what>",
      `with --engine: the layout of its tables (${Object.keys(lakes).join(", ")}), or a JSON file that says which tables hold calls, tasks and scores`,
    )
    .option(
      "--scratch <schema>",
      "with --engine trino://…: a schema, or catalog.schema, where tables of intermediate rows may be created and dropped again",
    )
    .optionsGroup(ownTitle);
}

/**
 * Runs work on the store, opened for reading, or, if files are given, on an in-memory store of them. Reports on stderr
 * what could not be read from the files.
 */
export async function withStore<T>(
  files: string[],
  flags: SourceFlags,
  work: (store: Store) => Promise<T>,
): Promise<T> {
  checkMap(flags);
  if (flags.engine !== undefined && files.length > 0)
    throw new RangeError(`--engine requires no files, got ${files[0]}`);
  if (flags.engine !== undefined) return workThere(flags.engine, flags, work);
  const store = files.length === 0 ? await openComplete(flags.db) : await open(":memory:");
  try {
    if (files.length > 0) await read(store, files, flags);
    return await answered(store, flags, async (part) => {
      await joinTable(part, flags);
      return work(part);
    });
  } finally {
    store.close();
  }
}

/** Runs work on an engine. */
function workThere<T>(
  url: string,
  flags: SourceFlags,
  work: (store: Store) => Promise<T>,
  benchmarks?: Store,
): Promise<T> {
  return onEngine(async () => {
    const store = await engineStore(url, flags, benchmarks);
    try {
      return await answered(store, flags, work);
    } finally {
      store.close();
    }
  });
}

/** The answer of all calls, or the last one that begins within the time that was given. */
async function answered<T>(
  store: Store,
  { within }: SourceFlags,
  work: (part: Store) => Promise<T>,
): Promise<T> {
  if (within === undefined) return work(store);
  const answers: T[] = [];
  for await (const { value } of sharpen(store, work, { within })) answers[0] = value;
  return answers[0];
}

/**
 * The same for work that compares the calls with benchmarks: on an engine, these are those of the files, or otherwise of
 * the store.
 */
export async function withBenchmarks<T>(
  files: string[],
  flags: SourceFlags,
  work: (store: Store) => Promise<T>,
): Promise<T> {
  if (flags.engine === undefined) return withStore(files, flags, work);
  const benchmarks = await benchmarkStore(files, flags);
  try {
    return await workThere(flags.engine, flags, work, benchmarks);
  } finally {
    benchmarks?.close();
  }
}

/** A store of the benchmarks in files; without files the store of --db, if there is one. */
async function benchmarkStore(files: string[], flags: SourceFlags): Promise<Store | undefined> {
  if (files.length === 0)
    return existsSync(flags.db) || flags.db !== presetStore ? openComplete(flags.db) : undefined;
  const store = await open(":memory:");
  try {
    const { calls, files: brought } = await read(store, files, flags);
    const scores = brought.reduce((sum, { others }) => sum + others, 0);
    if (calls > 0 || scores === 0)
      throw new RangeError(
        `--engine requires files of benchmarks alone, got ${calls > 0 ? "calls" : "none"} in ${files.join(", ")}; the calls are those of the engine`,
      );
    return store;
  } catch (error) {
    store.close();
    throw error;
  }
}

/** The engine that a URL names, with its tables as described by a map, and the benchmarks of a store. */
function engineStore(url: string, { map, join, scratch }: SourceFlags, benchmarks?: Store): Promise<Store> {
  if (join !== undefined)
    throw new RangeError(
      "--engine reads only tables of the engine, got --join; write the join into the query of --map",
    );
  if (map === undefined) return connect(url, { benchmarks, scratch });
  if (lakes[map] !== undefined) return connect(url, { ...lakes[map], benchmarks, scratch });
  let tables: Record<string, string>;
  try {
    tables = JSON.parse(readFileSync(map, "utf8"));
  } catch (error) {
    throw new TypeError(
      `--map requires ${Object.keys(lakes).join(", ")} or a JSON file, such as {"calls": "select ... from events"} (${messageOf(error)})`,
    );
  }
  if (tables.benchmarks !== undefined)
    throw new RangeError(
      "--map requires tables of calls, tasks, scores, got benchmarks; name files of them, or a store with --db",
    );
  return connect(url, { ...tables, benchmarks, scratch });
}

async function joinTable(store: Store, { join, on }: SourceFlags): Promise<void> {
  if ((join === undefined) !== (on === undefined))
    throw new RangeError(
      `--join requires --on, the column that the table and calls have in common, got only ${join === undefined ? "--on" : "--join"}`,
    );
  if (join !== undefined && on !== undefined) await attach(store, join, { on });
}

/** The store opened for reading; if its last ingest was interrupted, it is completed first. */
async function openComplete(db: string): Promise<Store> {
  const store = await open(db, { readOnly: true });
  if (!(await isUncompleted(store.connection))) return store;
  store.close();
  const writable = await open(db);
  try {
    await completeStore(writable);
  } finally {
    writable.close();
  }
  return open(db, { readOnly: true });
}

async function read(store: Store, files: string[], flags: SourceFlags): Promise<IngestResult> {
  const shown = progress("reading");
  const result = await ingest(store, files, {
    ...ingestOptions(flags),
    onProgress: ({ done, of }) => shown.update(done, of),
  }).finally(() => shown.end());
  const unread = result.files.filter(({ status }) => status === "failed");
  const [first] = unread;
  if (first !== undefined && unread.length === result.files.length)
    throw new Error(`${first.path}: ${first.reason}`);
  for (const { path, reason } of failedAlike(result.files))
    if (reason !== undefined) say(`${path}: ${reason}`);
  if (first !== undefined) {
    say(`read ${result.files.length - unread.length} of ${counted(result.files.length, "file")}`);
    process.exitCode = failed;
  }
  return result;
}
