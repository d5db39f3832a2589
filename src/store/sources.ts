import { createHash } from "node:crypto";
import { readFileSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { isDatabase } from "./magic";
import type { Store } from "./open";
import { type Parameters, rowsOf } from "./run";

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
  if (isDatabase(real)) throw refusal(file, "is a DuckDB database");
  if (real.endsWith(".wal") && isDatabase(real.slice(0, -4)))
    throw refusal(file, "belongs to a DuckDB database");
  const why = isOwn ? undefined : (sources.get(real) ?? whyOfContent(real));
  if (why !== undefined) throw refusal(file, why);
}

const refusal = (file: string, why: string) =>
  new RangeError(`writing requires a file that may be replaced, got ${file}, which ${why}; name another`);

/** Throws if a statement names the file that it would replace: in its text or its parameters, alone or by a pattern. */
export async function checkNotNamed(
  store: Store,
  { sql, parameters }: { sql: string; parameters: Parameters },
  file: string,
): Promise<void> {
  if (statSync(file, { throwIfNoEntry: false }) === undefined) return;
  const quoted = [...sql.matchAll(/'((?:[^']|'')*)'|"((?:[^"]|"")*)"|\$(\w*)\$([\s\S]*?)\$\3\$/g)].map(
    ([, text, name, , plain]) => text?.replaceAll("''", "'") ?? name?.replaceAll('""', '"') ?? plain,
  );
  for (const name of [...quoted, ...Object.values(parameters).flat()]) {
    if (typeof name !== "string" || name === "") continue;
    const isPattern = store.engine === undefined && /[*?[]/.test(name);
    const files = isPattern
      ? await rowsOf<{ file: string }>(store.connection, "select file from glob($name)", { name })
      : [{ file: name }];
    if (files.some((one) => realPath(one.file) === realPath(file)))
      throw refusal(file, "the statement reads");
  }
}

/** Why a file must stay whose content a store was made from. */
function whyOfContent(file: string): string | undefined {
  const ofSize = contents.get(statSync(file, { throwIfNoEntry: false })?.size ?? -1);
  if (ofSize === undefined) return undefined;
  return ofSize.sha256.has(createHash("sha256").update(readFileSync(file)).digest("hex"))
    ? ofSize.why
    : undefined;
}

/** The path of a file without links, whether or not the file is there yet. */
export function realPath(file: string): string {
  const path = resolve(file);
  try {
    return realpathSync(path);
  } catch {
    const folder = dirname(path);
    return folder === path ? path : join(realPath(folder), basename(path));
  }
}
