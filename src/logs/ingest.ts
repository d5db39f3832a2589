import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { withinMemory } from "../store/memory";
import { didYouMean } from "../store/nearest";
import { checkStore, type Store } from "../store/open";
import { transaction } from "../store/transaction";
import { inTurn } from "../store/turn";
import { numberAttempts } from "./complete/attempts";
import { keepLeaves } from "./complete/leaves";
import { fillFromTasks } from "./complete/ofTask";
import { priceCalls } from "./complete/price";
import { filesOf } from "./files/files";
import { formats } from "./formats";
import { inBatches, readBatch } from "./load/batch";
import { type FileOptions, ingestFile, notTaken } from "./load/ingestFile";
import { nameCalls } from "./models/modelNames";
import { checkConstants } from "./records/constants";
import { checkMapping, type Mapping, readMapping } from "./records/mapping";
import { type OutputSchemas, readSchemas, registerSchemas } from "./records/schemaValid";

/** How files are read. */
export interface IngestOptions {
  /** A format by name; default: recognised, file by file. */
  format?: string;
  /** A mapping, or the file of one; default: the one that lies beside the log, if any. */
  mapping?: string | Mapping | Mapping[];
  /** Constants for canonical columns: { provider: "groq" }. */
  set?: Record<string, string>;
  /** "keep" stores prompts and outputs in texts; "none" (default) stores their length and hash alone. */
  text?: "none" | "keep";
  /**
   * JSON Schemas that outputs are held against, by workload, each a file or the schema itself; "*" for all others:
   * fills schema_valid. No text is stored for it. Default: none.
   */
  schemas?: OutputSchemas;
  /** A file with a single record that cannot be read is not taken at all. Default false. */
  strict?: boolean;
  /** Told before each file, and after the last. */
  onProgress?: (progress: { file: string; done: number; of: number }) => void;
}

/** What came of one file. */
export interface IngestedFile {
  path: string;
  /** The format it was read as, "mapping" for a mapping, null where none was found. */
  format: string | null;
  status: "ingested" | "unchanged" | "failed";
  calls: number;
  tasks: number;
  scores: number;
  /** Rows of all other tables. */
  others: number;
  /** Rows of this or earlier files whose place was taken. */
  replaced: number;
  /** Records kept in rejects. */
  rejected: number;
  /** Why it failed, or what the reader should know. */
  reason?: string;
}

/** What came of an ingest. */
export interface IngestResult {
  files: IngestedFile[];
  calls: number;
  rejected: number;
  /** Calls taken out again: another that ran inside them tells the same request. */
  toldTwice: number;
}

/**
 * Reads exported logs, scores, benchmarks and prices into the store.
 *
 * Each file is in with all its rows or not at all; a file whose content was read the same way before is
 * "unchanged"; a record that cannot be read or cast stands in `rejects` and stops nothing.
 *
 * @param paths files, folders or globs; JSONL, JSON, CSV, Parquet or Arrow, also .gz and .zst
 * @throws where a path, a format or an option is none; a file that cannot be read is a "failed" in the result
 * @example
 * const read = await ingest(await open(":memory:"), "data/demo/prices.csv");
 * read.files[0].status // "ingested"
 */
export async function ingest(
  store: Store,
  paths: string | readonly string[],
  options: IngestOptions = {},
): Promise<IngestResult> {
  checkStore("ingest", store);
  if (store.readOnly)
    throw new Error(
      `ingest requires a store that may be written, and ${store.path} was opened with readOnly; ` +
        `close it and open it again: await open(${JSON.stringify(store.path)})`,
    );
  if (options.format !== undefined && !formats.some(({ name }) => name === options.format)) {
    const names = formats.map(({ name }) => name);
    throw new RangeError(
      `format requires one of ${names.join(", ")}, got "${options.format}"${didYouMean(options.format, names)}`,
    );
  }
  const mapping = mappingOf(options.mapping);
  const schemas =
    options.schemas === undefined || Object.keys(options.schemas).length === 0
      ? undefined
      : readSchemas(options.schemas);
  const others = [options.mapping, ...Object.values(options.schemas ?? {})].filter(
    (one) => typeof one === "string",
  );
  const files = filesOf(typeof paths === "string" ? [paths] : paths, others);
  return inTurn(store, () => ingestFiles(store, files, { ...options, mapping, schemas }));
}

async function ingestFiles(
  store: Store,
  files: readonly string[],
  options: FileOptions,
): Promise<IngestResult> {
  await checkConstants(store.connection, options.set ?? {});
  if (options.schemas !== undefined) await registerSchemas(store.connection, options.schemas);
  const results: IngestedFile[] = [];
  for (const some of inBatches(files)) {
    const done = results.length;
    const alone = (file: string, at: number) => {
      options.onProgress?.({ file, done: done + at, of: files.length });
      return guarded(store, file, options);
    };
    results.push(...(await readBatch(store, some, options, alone)));
  }
  let toldTwice = 0;
  // Calls that came, and prices that came for calls of earlier files; also where an earlier run was ended before this.
  if (results.some(({ status }) => status !== "failed")) {
    await transaction(store.connection, async () => {
      await nameCalls(store.connection);
      toldTwice = await keepLeaves(store.connection);
      await fillFromTasks(store.connection);
      await numberAttempts(store.connection);
      await priceCalls(store.connection);
    });
  }
  options.onProgress?.({ file: "", done: files.length, of: files.length });
  return {
    files: results,
    calls: results.reduce((sum, one) => sum + one.calls, 0),
    rejected: results.reduce((sum, one) => sum + one.rejected, 0),
    toldTwice,
  };
}

function mappingOf(given: IngestOptions["mapping"]): Mapping[] | undefined {
  if (given === undefined) return undefined;
  return typeof given === "string" ? readMapping(given) : checkMapping(given, "given");
}

// One file's trouble is that file's result; the others go on.
async function guarded(store: Store, file: string, options: FileOptions): Promise<IngestedFile> {
  const folder = mkdtempSync(join(tmpdir(), "fieldnotes-"));
  const connection = await store.connect();
  try {
    const read = () => ingestFile(connection, file, folder, options);
    // What a store in memory holds is no less for being capped.
    return await (store.path === ":memory:" ? read() : withinMemory(connection, read));
  } catch (error) {
    return notTaken(file, options.format ?? null, (error as Error).message);
  } finally {
    connection.closeSync();
    rmSync(folder, { recursive: true, force: true });
  }
}
