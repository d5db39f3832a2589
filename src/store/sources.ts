import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { dirname, isAbsolute, relative, resolve } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { isDatabase, isKin } from "./magic";
import type { Store } from "./open";
import { realPath } from "./realPath";
import { rowsOf, run } from "./run";
import { inTurn } from "./turn";

/** Files that no output may replace, by their real paths, and why. */
const sources = new Map<string, string>();
/** The same by content, for logs that were read from another folder: the hashes of files of a size. */
const contents = new Map<number, { sha256: Set<string>; why: string }>();

/** Notes files as read in this run. */
export function noteRead(files: readonly string[]): void {
  for (const file of files) sources.set(realPath(file), "was read in this run");
}

/** Notes the files from which a store was made. */
export async function noteIngests(store: Store): Promise<void> {
  if (store.engine !== undefined) return;
  const rows = await rowsOf<{ path: string; size: number | null; sha256: string | null }>(
    store.connection,
    "select distinct path, size, sha256 from ingests where path is not null",
  );
  const why = `is in ${store.path} (table ingests)`;
  // A relative path started at the folder of that ingest, which a store of before these were noted does not tell: then
  // this one or the store's.
  const home = await folderOf(store.connection);
  const noted = await rowsOf<{ folder: string }>(store.connection, "select folder from ingest_folders").catch(
    () => [],
  );
  const folders = [
    ".",
    ...(home === undefined ? [] : [home, ...noted.map(({ folder }) => resolve(home, folder))]),
  ];
  for (const { path, size, sha256 } of rows) {
    for (const folder of folders) {
      const file = realPath(resolve(folder, path));
      if (!sources.has(file)) sources.set(file, why);
    }
    if (size === null || sha256 === null) continue;
    const ofSize = contents.get(size) ?? { sha256: new Set(), why };
    contents.set(size, ofSize);
    ofSize.sha256.add(sha256);
  }
}

/** Notes in a store the folder where the relative paths of an ingest start, as seen from the store's. */
export async function noteFolder(connection: DuckDBConnection, paths: readonly string[]): Promise<void> {
  const home = await folderOf(connection);
  if (home === undefined || paths.every(isAbsolute)) return;
  await run(connection, "create table if not exists ingest_folders (folder varchar)");
  await run(
    connection,
    "insert into ingest_folders select $folder where $folder not in (select folder from ingest_folders)",
    { folder: relative(home, realPath(".")) },
  );
}

/** The folder of a store; undefined for one in memory. */
async function folderOf(connection: DuckDBConnection): Promise<string | undefined> {
  const [{ path }] = await rowsOf<{ path: string | null }>(
    connection,
    "select path from duckdb_databases() where database_name = current_database()",
  );
  return path === null ? undefined : dirname(realPath(path));
}

/** A command starts with nothing read. */
export function forgetSources(): void {
  sources.clear();
  contents.clear();
}

/**
 * Throws if a file must not be replaced: a store, a file that was read in this run, or one from which a store was made.
 *
 * @param isOwn the file is an earlier result that the caller replaces although it was read: only a store is refused
 */
export function checkReplaceable(file: string, isOwn = false): void {
  const real = realPath(file);
  if (isDatabase(real)) throw refusal(file, "is a DuckDB database");
  if (isKin(real)) throw refusal(file, "belongs to a DuckDB database");
  const why = isOwn ? undefined : (sources.get(real) ?? whyOfContent(real));
  if (why !== undefined) throw refusal(file, why);
}

const refusal = (file: string, why: string) =>
  new RangeError(`writing requires a file that may be replaced, got ${file}, which ${why}; name another`);

/**
 * Runs a statement whose result is to replace a file, and throws if the statement opened that file, however it came by
 * the name: the engine's log tells.
 */
export function withoutReading<T>(store: Store, file: string, work: () => Promise<T>): Promise<T> {
  if (store.engine !== undefined || !statSync(file, { throwIfNoEntry: false })?.isFile()) return work();
  // One at a time, since the log is the whole store's.
  return inTurn(store, async () => {
    const { connection } = store;
    await run(connection, "call enable_logging('FileSystem')");
    try {
      const result = await work();
      const opened = await rowsOf<{ path: string }>(
        connection,
        "select distinct path from duckdb_logs_parsed('FileSystem') where op = 'OPEN'",
      );
      if (opened.some(({ path }) => realPath(path) === realPath(file)))
        throw refusal(file, "the statement reads");
      return result;
    } finally {
      await run(connection, "call disable_logging()");
      await run(connection, "call truncate_duckdb_logs()");
    }
  });
}

/** Why a file must stay whose content a store was made from. */
function whyOfContent(file: string): string | undefined {
  const ofSize = contents.get(statSync(file, { throwIfNoEntry: false })?.size ?? -1);
  if (ofSize === undefined) return undefined;
  return ofSize.sha256.has(createHash("sha256").update(readFileSync(file)).digest("hex"))
    ? ofSize.why
    : undefined;
}
