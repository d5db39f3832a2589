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
