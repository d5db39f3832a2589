import { closeSync, existsSync, openSync, readSync, rmSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { inspect } from "node:util";
import type { DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { createStatements, tableStatements } from "./ddl";
import { shareReads } from "./once";
import { reasonOf } from "./reason";
import { rowsOf, run } from "./run";
import { offline } from "./sandbox";
import { columnsOf, schema, schemaVersion, type TableName } from "./schema";

/** An open store: a DuckDB database with the canonical tables. */
export interface Store {
  /** The file, or ":memory:". */
  readonly path: string;
  readonly readOnly: boolean;
  /** The engine that answers queries, "ClickHouse"; absent for DuckDB itself. */
  readonly engine?: string;
  /** The main connection. Measures use their own connections, so that they can run side by side. */
  readonly connection: DuckDBConnection;
  /** Another connection to the same database. */
  connect(): Promise<DuckDBConnection>;
  /** Closes the database and frees its file for other processes. */
  close(): void;
}

/** How a store is opened. */
export interface OpenOptions {
  /** Opens an existing store read-only, so that other readers may open it too. Default false. */
  readOnly?: boolean;
  /** Cap on the engine's memory, for example "2GB". Default: the engine's own, which is most of the machine's. */
  memory?: string;
}

/**
 * Opens a store, creating it if it does not exist.
 *
 * @param path the database's file, or ":memory:" for a store that lives only as long as the process
 * @returns the store; close it to free the file
 * @throws if the file is locked by another process, was written by another version, or is not a store
 * @example
 * const store = await open(":memory:");
 * (await query(store, "select count(*) as n from calls"))[0].n // 0
 */
export async function open(path = "fieldnotes.duckdb", options: OpenOptions = {}): Promise<Store> {
  if (typeof path !== "string")
    throw new TypeError(
      `open requires the path of a store, such as "fieldnotes.duckdb", got ${kindOf(path)}`,
    );
  const { readOnly = false, memory } = options;
  const inMemory = path === ":memory:";
  const file = inMemory ? path : resolve(path);
  if (readOnly && !inMemory && !existsSync(file)) {
    throw new Error(
      `open ${path}: no such store: ${file}; ` +
        "name the right one (on the command line with --db; in a notebook, paths start at its folder), " +
        "or make it with: fieldnotes ingest FILE",
    );
  }
  if (!inMemory && !existsSync(dirname(file))) {
    throw new Error(`open ${path}: no such folder: ${dirname(file)}; create it first`);
  }
  if (!inMemory && existsSync(file) && !isDatabase(file)) {
    throw new Error(
      `open: not a DuckDB database: ${path}. ` +
        "To measure a log without a store, give it as a file: fieldnotes latency FILE",
    );
  }
  const instance = await openInstance(path, file, readOnly && !inMemory, memory);
  if (!inMemory && !readOnly) takeLeftovers(file);
  openHere.set(file, (openHere.get(file) ?? 0) + 1);
  const connection = await instance.connect();
  const opened: DuckDBConnection[] = [connection];
  const known = new Map();
  let closed = false;
  const close = () => {
    if (closed) return;
    closed = true;
    for (const one of opened) one.closeSync();
    instance.closeSync();
    openHere.set(file, (openHere.get(file) ?? 1) - 1);
  };
  let missing: string[] = [];
  try {
    await run(connection, "set global TimeZone = 'UTC'");
    missing = await checkVersion(connection, path, readOnly);
    for (const statement of missing) await run(connection, statement);
  } catch (error) {
    close();
    throw error;
  }
  const checkOpen = () => {
    if (!closed) return;
    throw new Error(`the store ${path} is closed; open it again: await open(${JSON.stringify(path)})`);
  };
  const connect = async () => {
    checkOpen();
    const one = await instance.connect();
    for (const statement of missing) await run(one, statement);
    // A store in memory may be written however it was opened.
    if (readOnly && !inMemory) shareReads(one, known);
    return one;
  };
  const store: Store = {
    path,
    readOnly,
    get connection() {
      checkOpen();
      return connection;
    },
    connect,
    close,
  };
  if (readOnly && !inMemory) unchanging.add(store);
  return store;
}

const unchanging = new WeakSet<Store>();

/** True for a file that is open read-only, and for no store that stands for another one. */
export const isUnchanging = (store: Store): boolean => unchanging.has(store);

/** The environment variable that caps the engine's threads in this process and those that it starts. */
export const threadsVariable = "FIELDNOTES_THREADS";

// How often this process has each file open.
const openHere = new Map<string, number>();

// Only one process writes a store: files of the engine beside it are left from a killed process, unless this
// process has it open.
function takeLeftovers(file: string): void {
  if ((openHere.get(file) ?? 0) === 0) rmSync(`${file}.tmp`, { recursive: true, force: true });
}

/** Fails if the argument is not an open store, most often because of a missing `await`. */
export function checkStore(caller: string, store: unknown): void {
  if (typeof (store as Store | undefined)?.connect === "function") return;
  throw new TypeError(
    `${caller} requires an open store, got ${kindOf(store)}; ` +
      'open it first: const store = await open("fieldnotes.duckdb")',
  );
}

/** Fails also if the store cannot be written. */
export function checkWritable(caller: string, store: Store): void {
  checkStore(caller, store);
  if (store.readOnly)
    throw new Error(
      `${store.path} was opened read-only: close it and open it again with await open(${JSON.stringify(store.path)})`,
    );
}

function kindOf(given: unknown): string {
  if (given instanceof Promise) return "a promise: await is missing";
  return typeof given === "string" ? `the text ${JSON.stringify(given)}` : inspect(given, { depth: 0 });
}

// The engine would open a log as a database with the log as a view. An empty file is one about to be created.
function isDatabase(file: string): boolean {
  if (!statSync(file).isFile()) return false;
  const descriptor = openSync(file, "r");
  try {
    const start = Buffer.alloc(12);
    const read = readSync(descriptor, start, 0, 12, 0);
    return read === 0 || start.subarray(8).toString("latin1") === "DUCK";
  } finally {
    closeSync(descriptor);
  }
}

async function openInstance(
  path: string,
  file: string,
  readOnly: boolean,
  memory?: string,
): Promise<DuckDBInstance> {
  // Loaded here rather than at the top: the engine takes longer to load than everything else, and import() takes
  // twice as long.
  const { DuckDBInstance } = require("@duckdb/node-api") as typeof import("@duckdb/node-api");
  const settings: Record<string, string> = { ...offline };
  if (readOnly) settings.access_mode = "READ_ONLY";
  if (memory) settings.memory_limit = memory;
  const threads = process.env[threadsVariable];
  if (threads !== undefined && !/^[1-9]\d{0,3}$/.test(threads))
    throw new RangeError(`open requires ${threadsVariable} to be a whole number from 1, got "${threads}"`);
  if (threads !== undefined) settings.threads = threads;
  try {
    // Two instances of one file in one process do not see each other's writes, so always go through the cache.
    return file === ":memory:"
      ? await DuckDBInstance.create(file, settings)
      : await DuckDBInstance.fromCache(file, settings);
  } catch (error) {
    throw explained(path, error as Error);
  }
}

function explained(path: string, error: Error): Error {
  const lock = /Conflicting lock is held in (.+?) \(PID (\d+)\)/.exec(error.message);
  if (lock) {
    return new Error(
      `open ${path}: only one process can open a store that is being written; it is held by ${lock[1]} ` +
        `(process ${lock[2]}). Close that process (a notebook's kernel keeps its store open) and run this again`,
      { cause: error },
    );
  }
  // The engine takes a file that is too small to be a database for another kind of data.
  if (/different configuration/i.test(error.message)) {
    return new Error(
      `open ${path}: it is already open in this process in another mode; close that one first`,
      {
        cause: error,
      },
    );
  }
  return new Error(`open ${path}: ${reasonOf(error)}`, { cause: error });
}

/**
 * Fails if a store is not of this layout; otherwise makes what it lacks, or, if it may not be written, returns the
 * statements that give a connection empty tables in its place.
 */
async function checkVersion(
  connection: DuckDBConnection,
  path: string,
  readOnly: boolean,
): Promise<string[]> {
  const tables = await rowsOf<{ name: string }>(
    connection,
    "select table_name as name from information_schema.tables where table_catalog = current_database()",
  );
  if (tables.some(({ name }) => name === "fieldnotes")) {
    const [row] = await rowsOf<{ version: number }>(connection, "select version from fieldnotes").catch(
      () => [],
    );
    const isBefore = row?.version === schemaVersion - 1 && !readOnly;
    if (isBefore) await bringUp(connection);
    if (isBefore || row?.version === schemaVersion) {
      // Tables that earlier versions lacked are empty for readers of such a store.
      const there = new Set(tables.map(({ name }) => name));
      const missing = tableStatements(
        (Object.keys(schema) as TableName[]).filter((table) => !there.has(table)),
      );
      if (readOnly) return missing.map((one) => one.replace(/^create table/, "create temp table"));
      for (const statement of missing) await run(connection, statement);
      if (there.has("spans")) await addTools(connection);
      return [];
    }
    throw new Error(
      `open ${path}: this version reads stores of layout ${schemaVersion}, and this one has layout ` +
        `${row?.version ?? "unknown"}. ` +
        (row?.version === schemaVersion - 1
          ? "The next ingest into it brings it up to date: fieldnotes ingest FILE (any log that is already in it works)"
          : "Ingest the logs again into a new store (--db NEW.duckdb), or open it with the version of fieldnotes that wrote it"),
    );
  }
  if (tables.length > 0 || readOnly) {
    throw new Error(
      `open ${path}: this is a DuckDB database, but not a fieldnotes store (it has ` +
        `${tables.length === 0 ? "no tables" : `tables such as "${tables[0].name}"`}). ` +
        "Choose another file with --db; a table of it can be exported to Parquet and ingested",
    );
  }
  // In one transaction: a process killed here leaves an empty database, which is simply created again.
  await run(connection, "begin");
  for (const statement of createStatements()) await run(connection, statement);
  await run(connection, "commit");
  return [];
}

// The layout before this one lacked columns and hashed options under another name, so logs that may fill them are
// read again when they are next ingested.
async function bringUp(connection: DuckDBConnection): Promise<void> {
  const columns = Object.entries(added).flatMap(([table, names]) =>
    names.map((name) => {
      const { type } = columnsOf(table as TableName)[name];
      return `alter table ${table} add column if not exists ${name} ${type};`;
    }),
  );
  const tables = Object.keys(added).map((table) => `select ingest_id from ${table}`);
  await run(
    connection,
    `begin; alter table ingests rename column asked to options; ${columns.join(" ")}
     update ingests set options = concat_ws(', ', options, 'read before layout ${schemaVersion}')
       where ingest_id in (${tables.join(" union all ")});
     update fieldnotes set version = ${schemaVersion}; commit`,
  );
}

// A store of this layout may date from before tools were recorded. Read-only, it counts as having none; otherwise
// each of its logs is read again when it is next ingested, since any may contain some.
async function addTools(connection: DuckDBConnection): Promise<void> {
  const [{ columns }] = await rowsOf<{ columns: string[] }>(
    connection,
    "select list(name) as columns from pragma_table_info('spans')",
  );
  const missing = ["tool", "arguments_hash"].filter((name) => !columns.includes(name));
  if (missing.length === 0) return;
  const add = missing.map((name) => `alter table spans add column ${name} varchar;`);
  await run(
    connection,
    `begin; ${add.join(" ")}
     update ingests set options = concat_ws(', ', options, 'read before tools were kept') where format <> 'evalset labels'; commit`,
  );
}

/** What this layout has that the previous one lacked. */
const added: Partial<Record<TableName, readonly string[]>> = {
  calls: ["retry_after"],
  benchmarks: ["harness", "shots"],
};
