import type { FilledTable } from "../../store/schema";
import type { Mapping } from "../records/mapping";
import type { OutputSchemas, ReadSchemas } from "../records/schemaValid";
import type { Emptied } from "./emptied";

/** How files are read. */
export interface IngestOptions {
  /** A format by name; default: recognised for each file. */
  format?: string;
  /** A mapping, or the file of one; default: the one beside the log, if any. */
  mapping?: string | Mapping | Mapping[];
  /** Constants for canonical columns: { provider: "groq" }. */
  set?: Record<string, string>;
  /** "keep" stores prompts and outputs in texts; "none" (default) stores only their length, hash and form. */
  text?: "none" | "keep";
  /**
   * JSON Schemas that outputs are checked against, by workload, each a file or the schema itself; "*" for all
   * others: fills schema_valid. No text is stored for it. Default: none.
   */
  schemas?: OutputSchemas;
  /** If true, a file with a single unreadable record is not stored at all. Default false. */
  strict?: boolean;
  /** The maximum bytes that a file may unpack to. Default: 100 times its own size, at least 256 MB. */
  unpack?: number;
  /** Also read files outside a folder that links in it point to. Default false. */
  links?: boolean;
  /** Called before using a mapping that was found beside a log instead of being named. */
  onMapping?: (found: { file: string; mapping: string }) => void;
  /**
   * If true, rows that the same file gave before, read in another way, stay as well. Default false: they are
   * replaced.
   */
  also?: boolean;
  /**
   * Whose outcome of a task counts where files disagree and none is newer: names of files, patterns of them or formats,
   * the most trusted first. The store keeps the order. Default: no order, so such an outcome is unknown.
   */
  outcomesFrom?: readonly string[];
  /** Called before each file, and after the last. */
  onProgress?: (progress: { file: string; done: number; of: number }) => void;
}

/** The options of an ingest, with its mapping and schemas read. */
export type ReadOptions = Omit<IngestOptions, "mapping" | "schemas"> & {
  mapping?: Mapping[];
  schemas?: ReadSchemas;
  /** The paths as they were given; any other file was found in a folder or by a glob. */
  named?: ReadonlySet<string>;
  /** Where files may be, by their real paths; anywhere if links are followed. */
  roots?: readonly string[];
};

/** Rows by table. */
export interface RowCounts {
  calls: number;
  tasks: number;
  scores: number;
  /** Rows of all other tables. */
  others: number;
  /** Rows of each table that has any. */
  tables: Partial<Record<FilledTable, number>>;
}

export const noRows = (): RowCounts => ({ calls: 0, tasks: 0, scores: 0, others: 0, tables: {} });

/** Adds rows of a table. */
export function addRows(counts: RowCounts, table: FilledTable, rows: number): void {
  if (rows === 0) return;
  counts[table === "calls" || table === "tasks" || table === "scores" ? table : "others"] += rows;
  counts.tables[table] = (counts.tables[table] ?? 0) + rows;
}

/** The outcome of a file's records, each counted once: `read` is the sum of all others. */
export interface Fates {
  read: number;
  /** Records that gave rows. */
  rows: number;
  /** Records that the file repeats: the later one counts, of outcomes the newest. */
  twice: number;
  /** Records in rejects, wholly or in part. */
  rejected: number;
  /** Records without any of the data that is read, by their kind if the log names one. */
  nothing: Record<string, number>;
}

export const noFates = (): Fates => ({ read: 0, rows: 0, twice: 0, rejected: 0, nothing: {} });

/** What came of one file. */
export interface IngestedFile extends RowCounts {
  path: string;
  /** The format it was read as, "mapping" for a mapping, null if none was recognised. */
  format: string | null;
  status: "ingested" | "unchanged" | "failed";
  /** The mapping found beside it and used. */
  mapping?: string;
  /** Rows of this or earlier files that were replaced. */
  replaced: number;
  /** Records kept in rejects. */
  rejected: number;
  /** Columns left empty in some rows, since what the file has for them cannot be; absent if there are none. */
  emptied?: Emptied[];
  /** The outcome of its records; absent if the file could not be split into records. */
  records?: Fates;
  /** Why it failed, or what the reader should know. */
  reason?: string;
}

/** The result for a file that brought nothing. */
export function failed(path: string, format: string | null, reason: string): IngestedFile {
  return { path, format, status: "failed", ...noRows(), replaced: 0, rejected: 0, reason };
}
