import type { Mapping } from "../records/mapping";
import type { OutputSchemas, ReadSchemas } from "../records/schemaValid";

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
  /** The most bytes that a file may unpack to. Default: 100 times its own, at least 256 MB. */
  unpack?: number;
  /** Read also what links in a folder lead to outside of it. Default false. */
  links?: boolean;
  /** Called before a mapping is used that was found beside a log and not named. */
  onMapping?: (found: { file: string; mapping: string }) => void;
  /** What the same file gave before, read in another way, stays beside what it gives now. Default false: it goes. */
  also?: boolean;
  /** Called before each file, and after the last. */
  onProgress?: (progress: { file: string; done: number; of: number }) => void;
}

/** The options of an ingest, its mapping and schemas read. */
export type ReadOptions = Omit<IngestOptions, "mapping" | "schemas"> & {
  mapping?: Mapping[];
  schemas?: ReadSchemas;
  /** The paths as they were given; any other file was found in a folder or by a glob. */
  named?: ReadonlySet<string>;
  /** Where files may be, by their real paths; anywhere where links are followed. */
  roots?: readonly string[];
};

/** Rows by table. */
export interface RowCounts {
  calls: number;
  tasks: number;
  scores: number;
  /** Rows of all other tables. */
  others: number;
}

export const noRows = (): RowCounts => ({ calls: 0, tasks: 0, scores: 0, others: 0 });

/** Where the rows of a table are counted. */
export function countedAs(table: string): keyof RowCounts {
  return table === "calls" || table === "tasks" || table === "scores" ? table : "others";
}

/** What became of the records of a file, each counted once: `read` is the sum of all others. */
export interface Fates {
  read: number;
  /** Records that gave rows. */
  rows: number;
  /** Records that the file tells again further on: the later one counts. */
  twice: number;
  /** Records that stand in rejects, wholly or in part. */
  rejected: number;
  /** Records that hold nothing of what is read, by their kind where the log names one. */
  nothing: Record<string, number>;
}

export const noFates = (): Fates => ({ read: 0, rows: 0, twice: 0, rejected: 0, nothing: {} });

/** What came of one file. */
export interface IngestedFile extends RowCounts {
  path: string;
  /** The format it was read as, "mapping" for a mapping, null if none was found. */
  format: string | null;
  status: "ingested" | "unchanged" | "failed";
  /** The mapping that was found beside it and used. */
  mapping?: string;
  /** Rows of this or earlier files whose place was taken. */
  replaced: number;
  /** Records kept in rejects. */
  rejected: number;
  /** What became of its records; absent where the file could not be split into records. */
  records?: Fates;
  /** Why it failed, or what the reader should know. */
  reason?: string;
}

/** The result of a file that brought nothing. */
export function failed(path: string, format: string | null, reason: string): IngestedFile {
  return { path, format, status: "failed", ...noRows(), replaced: 0, rejected: 0, reason };
}
