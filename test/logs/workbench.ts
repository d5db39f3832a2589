import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type IngestedFile, type IngestOptions, ingest } from "../../src/logs/ingest";
import { open, type Store } from "../../src/store/open";
import { rowsOf } from "../../src/store/run";

/** A folder and an empty store in memory, both removed when the work is done. */
export interface Workbench {
  folder: string;
  store: Store;
  /** Writes a file into the folder and returns its path. */
  write(name: string, content: string | Uint8Array): string;
  /** Ingests the files at the paths. */
  take(paths: string | string[], options?: IngestOptions): Promise<IngestedFile[]>;
  /** Writes one file and ingests it. */
  read(name: string, content: string | Uint8Array, options?: IngestOptions): Promise<IngestedFile>;
  rows<R = Record<string, unknown>>(sql: string): Promise<R[]>;
  /** The rejects as "line: reason". */
  rejects(): Promise<string[]>;
}

export async function workbench(work: (bench: Workbench) => Promise<void>, path = ":memory:"): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "fieldnotes-test-"));
  const store = await open(path);
  const write = (name: string, content: string | Uint8Array) => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  const take = async (paths: string | string[], options?: IngestOptions) =>
    (await ingest(store, paths, options)).files;
  const rows = <R>(sql: string) => rowsOf<R>(store.connection, sql);
  try {
    await work({
      folder,
      store,
      write,
      take,
      read: async (name, content, options) => (await take(write(name, content), options))[0],
      rows,
      rejects: async () =>
        (await rows<{ line: number; reason: string }>("select line, reason from rejects order by line")).map(
          ({ line, reason }) => `${line}: ${reason}`,
        ),
    });
  } finally {
    store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A mapping of the fields id, m and ms that most of the tests' records have. */
export const simple = {
  table: "calls" as const,
  columns: { call_id: "id", model: "m", duration: "ms / 1000" },
};

/** JSON lines. */
export function jsonl(...records: unknown[]): string {
  return records
    .map((record) => `${typeof record === "string" ? record : JSON.stringify(record)}\n`)
    .join("");
}
