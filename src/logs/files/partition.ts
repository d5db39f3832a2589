import { createHash } from "node:crypto";
import { basename, dirname, isAbsolute, relative, resolve } from "node:path";

/**
 * Columns given by the folders of a partitioned data set, by name; null if the folder says that there is no value.
 */
export type Partition = Record<string, string | null>;

// The name that Hive, Spark and others give the folder of rows without a value.
const none = "__HIVE_DEFAULT_PARTITION__";

/** The columns in a file's path: year and model for .../year=2026/model=gpt-4o/part-0.parquet, always as texts. */
export function partitionOf(path: string): Partition {
  const partition: Partition = Object.create(null);
  for (const folder of dirname(resolve(path)).split(/[\\/]/)) {
    const equals = folder.indexOf("=");
    if (equals < 1) continue;
    const value = decoded(folder.slice(equals + 1));
    partition[decoded(folder.slice(0, equals))] = value === none ? null : value;
  }
  return partition;
}

/**
 * The folder that holds the partitions of a file, such as "lake" of lake/day=1/part-0.jsonl: the first above it that is
 * not one; undefined if the file's own folder is none. Relative if the path is.
 */
export function rootOf(path: string): string | undefined {
  const own = dirname(resolve(path));
  let root = own;
  while (basename(root).indexOf("=") > 0) root = dirname(root);
  if (root === own) return undefined;
  return isAbsolute(path) ? root : relative("", root) || ".";
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * The hash of a file's content together with what its path adds: identical files of two partitions hold different
 * records.
 */
export function withPartition(sha256: string, partition: Partition): string {
  const columns = Object.entries(partition).sort(([a], [b]) => (a < b ? -1 : 1));
  if (columns.length === 0) return sha256;
  return createHash("sha256").update(sha256).update(JSON.stringify(columns)).digest("hex");
}
