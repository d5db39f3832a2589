import { realpathSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { isDatabase } from "./magic";
import type { Store } from "./open";
import { rowsOf } from "./run";

/** Files that no output may replace, by their real paths, and why. */
const sources = new Map<string, string>();

/** Notes files as read in this run. */
export function noteRead(files: readonly string[]): void {
  for (const file of files) sources.set(realPath(file), "was read in this run");
}

/** Notes the files from which a store was made. */
export async function noteIngests(store: Store): Promise<void> {
  if (store.engine !== undefined) return;
  const rows = await rowsOf<{ path: string }>(
    store.connection,
    "select distinct path from ingests where path is not null",
  );
  // A relative path started at the folder of that ingest, which is this one or the store's.
  const folders = [".", ...(store.path === ":memory:" ? [] : [dirname(resolve(store.path))])];
  for (const { path } of rows)
    for (const folder of folders) {
      const file = realPath(resolve(folder, path));
      if (!sources.has(file)) sources.set(file, `is in ${store.path} (table ingests)`);
    }
}

/** A command starts with nothing read. */
export function forgetSources(): void {
  sources.clear();
}

/**
 * Throws if a file must not be replaced: a store, a file that was read in this run, or one from which a store was made.
 *
 * @param isOwn the file is an earlier result that the caller replaces although it was read: only a store is refused
 */
export function checkReplaceable(file: string, isOwn = false): void {
  const real = realPath(file);
  const refuse = (why: string) =>
    new RangeError(`writing requires a file that may be replaced, got ${file}, which ${why}; name another`);
  if (isDatabase(real)) throw refuse("is a DuckDB database");
  if (real.endsWith(".wal") && isDatabase(real.slice(0, -4))) throw refuse("belongs to a DuckDB database");
  const why = isOwn ? undefined : sources.get(real);
  if (why !== undefined) throw refuse(why);
}

function realPath(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return resolve(file);
  }
}
