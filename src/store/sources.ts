import { createHash } from "node:crypto";
import { readFileSync, realpathSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { isDatabase } from "./magic";
import type { Store } from "./open";
import { rowsOf } from "./run";

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
  // A relative path started at the folder of that ingest, which is this one or the store's.
  const folders = [".", ...(store.path === ":memory:" ? [] : [dirname(resolve(store.path))])];
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
  const refuse = (why: string) =>
    new RangeError(`writing requires a file that may be replaced, got ${file}, which ${why}; name another`);
  if (isDatabase(real)) throw refuse("is a DuckDB database");
  if (real.endsWith(".wal") && isDatabase(real.slice(0, -4))) throw refuse("belongs to a DuckDB database");
  const why = isOwn ? undefined : (sources.get(real) ?? whyOfContent(real));
  if (why !== undefined) throw refuse(why);
}

/** Why a file must stay whose content a store was made from. */
function whyOfContent(file: string): string | undefined {
  const ofSize = contents.get(statSync(file, { throwIfNoEntry: false })?.size ?? -1);
  if (ofSize === undefined) return undefined;
  return ofSize.sha256.has(createHash("sha256").update(readFileSync(file)).digest("hex"))
    ? ofSize.why
    : undefined;
}

function realPath(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return resolve(file);
  }
}
