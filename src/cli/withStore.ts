import { readFileSync } from "node:fs";
import type { Command } from "commander";
import { connect } from "../engines";
import { attach } from "../facts/attach";
import { isUncompleted } from "../logs/complete/complete";
import { completeStore, ingest } from "../logs/ingest";
import { lakes } from "../logs/lakes";
import { progress } from "../notebook/progress";
import { open, type Store } from "../store/open";
import { messageOf } from "../store/reason";
import { say } from "./output";
import { ingestOptions, type ReadFlags } from "./readOptions";

/** Where the calls come from: files given on the command line, otherwise the store. */
export interface SourceFlags extends ReadFlags {
  db: string;
  join?: string;
  on?: string;
  engine?: string;
  map?: string;
}

/** Adds the options for calls that stay on another engine. */
export function withEngineOptions(command: Command): Command {
  return command
    .optionsGroup("Calls in another database:")
    .option(
      "--engine <url>",
      "measure them there: clickhouse://host:8123/database or trino://host:8080/catalog/schema (docs/engines.md)",
    )
    .option(
      "--map <what>",
      `with --engine: the layout of its tables (${Object.keys(lakes).join(", ")}), or a JSON file that says which tables hold calls, tasks and scores`,
    );
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
  if (flags.map !== undefined && flags.engine === undefined) throw new RangeError("--map requires --engine");
  const store =
    flags.engine !== undefined
      ? await engineStore(flags.engine, files, flags)
      : files.length === 0
        ? await openComplete(flags.db)
        : await open(":memory:");
  try {
    if (files.length > 0) await read(store, files, flags);
    if (flags.engine === undefined) await joinTable(store, flags);
    return await work(store);
  } finally {
    store.close();
  }
}

/** The engine that a URL names, with its tables as described by a map. */
function engineStore(url: string, files: string[], { map, join }: SourceFlags): Promise<Store> {
  if (files.length > 0) throw new RangeError(`--engine requires no files, got ${files[0]}`);
  if (join !== undefined)
    throw new RangeError("--engine requires its own tables, got --join; join it in --map");
  if (map === undefined) return connect(url);
  if (lakes[map] !== undefined) return connect(url, lakes[map]);
  let tables: Record<string, string>;
  try {
    tables = JSON.parse(readFileSync(map, "utf8"));
  } catch (error) {
    throw new TypeError(
      `--map requires ${Object.keys(lakes).join(", ")} or a JSON file, such as {"calls": "select ... from events"} (${messageOf(error)})`,
    );
  }
  return connect(url, tables);
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

async function read(store: Store, files: string[], flags: SourceFlags): Promise<void> {
  const shown = progress("reading");
  const result = await ingest(store, files, {
    ...ingestOptions(flags),
    onProgress: ({ done, of }) => shown.update(done, of),
  }).finally(() => shown.end());
  for (const file of result.files) {
    if (file.status === "failed") throw new Error(`${file.path}: ${file.reason}`);
    if (file.reason !== undefined) say(`${file.path}: ${file.reason}`);
  }
}
