import { chmodSync, existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { inspect } from "node:util";
import type { DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { engineSettings } from "./engineSettings";
import { checkLayout } from "./layout";
import { countOpen, openHere, removeUnmade, takeLeftovers } from "./leftovers";
import { isDatabase, kinOf } from "./magic";
import { forgettingOnWrites, type Known, shareReads } from "./once";
import { privateMode } from "./privateMode";
import { realPath } from "./realPath";
import { reasonOf } from "./reason";
import { run } from "./run";

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
  /**
   * Cap on the engine's memory, for example "2GB": what needs more works on disk. Default: FIELDNOTES_MEMORY, otherwise most
   * of the machine's.
   */
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
  if (path.trim() === "")
    throw new RangeError('open requires the path of a store, such as "fieldnotes.duckdb", got an empty text');
  const { memory } = options;
  const inMemory = path === ":memory:";
  const file = inMemory ? path : resolve(path);
  const readOnly = options.readOnly === true || isGiven(file);
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
  const isOpen = () => (openHere.get(file) ?? 0) > 0;
  if (!inMemory && !isOpen()) await removeUnmade(path, file, readOnly);
  const isFirst = !isOpen();
  const before = inMemory || existsSync(file) ? undefined : kinOf(file).find((kin) => existsSync(kin));
  if (before !== undefined)
    throw new Error(
      `open ${path}: a new store requires that nothing has the names of its engine's files, got ${before}; ` +
        "move that file away, or name another store",
    );
  // The engine would open a log as a database with the log as a view. A file that is open here is not looked at again:
  // the system ends a process's locks on a file when the process closes it once.
  if (!inMemory && isFirst && existsSync(file) && isDatabase(file) === false) {
    throw new Error(
      `open: not a DuckDB database: ${path}. ` +
        "To measure a log without a store, give it as a file: fieldnotes latency FILE",
    );
  }
  countOpen(file, 1);
  const isNew = !inMemory && !existsSync(file);
  const instance = await openInstance(path, file, readOnly && !inMemory, memory).catch((error) => {
    countOpen(file, -1);
    throw error;
  });
  // Only one process writes a store: files of the engine beside it are left from a killed process.
  if (!inMemory && !readOnly && isFirst) takeLeftovers(file);
  if (isNew) makePrivate(file);
  const known: Known = (!inMemory && knownOf.get(file)) || { rows: new Map() };
  if (!inMemory) knownOf.set(file, known);
  const connected = async () => {
    const one = await instance.connect();
    return readOnly && !inMemory ? one : forgettingOnWrites(one, known);
  };
  const connection = await connected();
  const opened: DuckDBConnection[] = [connection];
  let closed = false;
  let store: Store | undefined;
  const close = () => {
    if (closed) return;
    closed = true;
    if (store !== undefined) openStores()?.delete(store);
    for (const one of opened) one.closeSync();
    instance.closeSync();
    countOpen(file, -1);
    if (openHere.get(file) === 0) knownOf.delete(file);
  };
  let missing: string[] = [];
  try {
    await run(connection, "set global TimeZone = 'UTC'");
    missing = await checkLayout(connection, path, readOnly);
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
    const one = await connected();
    for (const statement of missing) await run(one, statement);
    shareReads(one, known);
    return one;
  };
  store = {
    path,
    readOnly,
    get connection() {
      checkOpen();
      return connection;
    },
    connect,
    close,
  };
  openStores()?.add(store);
  if (readOnly && !inMemory) unchanging.add(store);
  return store;
}

/** What is known of each file that is open in this process, once or several times. */
const knownOf = new Map<string, Known>();

const unchanging = new WeakSet<Store>();

/** True for a file that is open read-only, and for no store that stands for another one. */
export const isUnchanging = (store: Store): boolean => unchanging.has(store);

/**
 * The stores that are open in this process, a notebook's kernel; undefined elsewhere. It completes their names, and closes
 * them when it ends: otherwise the engine's files stay beside them.
 */
export const openStores = () =>
  (globalThis as { [key: symbol]: Set<Store> | undefined })[Symbol.for("fieldnotes.openStores")];

/** The environment variable that names the store which this process, a notebook's kernel, may only read. */
export const givenVariable = "FIELDNOTES_GIVEN_STORE";

/** Lets only its owner read a file; where the file system has no such modes, it stays as it is. */
function makePrivate(file: string): void {
  try {
    chmodSync(file, privateMode);
  } catch {
    // The store is made all the same.
  }
}

function isGiven(file: string): boolean {
  const given = process.env[givenVariable];
  return given !== undefined && realPath(file) === realPath(given);
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
  if (store.readOnly && isGiven(store.path))
    throw new Error(
      `${caller} requires a store that may be written, got ${store.path}: the store given with --db is read-only in ` +
        "notebooks; write into it with fieldnotes ingest FILE, or name another store in the notebook",
    );
  if (store.readOnly)
    throw new Error(
      `${store.path} was opened read-only: close it and open it again with await open(${JSON.stringify(store.path)})`,
    );
}

function kindOf(given: unknown): string {
  if (given instanceof Promise) return "a promise: await is missing";
  return typeof given === "string" ? `the text ${JSON.stringify(given)}` : inspect(given, { depth: 0 });
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
  const settings = engineSettings(readOnly, memory);
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
