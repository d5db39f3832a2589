import { closeSync, openSync, readSync, statSync } from "node:fs";

/** True if a file is a DuckDB database by its first bytes, undefined if it is empty, such as one about to be created. */
export function isDatabase(file: string): boolean | undefined {
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) return false;
  const descriptor = openSync(file, "r");
  try {
    const start = Buffer.alloc(12);
    const read = readSync(descriptor, start, 0, 12, 0);
    return read === 0 ? undefined : start.subarray(8).toString("latin1") === "DUCK";
  } finally {
    closeSync(descriptor);
  }
}

/** True for a database of which a killed process wrote nothing but the beginning: it never held anything. */
export function isUnmade(file: string): boolean {
  // Three heads of 4,096 bytes come first.
  const isShort = (statSync(file, { throwIfNoEntry: false })?.size ?? Number.POSITIVE_INFINITY) < 3 * 4_096;
  return isShort && isDatabase(file) !== false;
}

/** Endings of the files that the engine keeps beside a database, and takes for its own whoever made them. */
const kin = [".wal", ".wal.checkpoint", ".wal.recovery"];

/** Those files of a database. */
export const kinOf = (file: string): string[] => kin.map((ending) => file + ending);

/** True for such a file of a database that is there. */
export const isKin = (file: string): boolean =>
  kin.some((ending) => file.endsWith(ending) && isDatabase(file.slice(0, -ending.length)));
