import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { fingerprint } from "../files/fingerprint";
import { withPartition } from "../files/partition";
import { type Earlier, mayBeRotated } from "./ledger";
import type { Prepared } from "./prepare";

/** A file with its identity. */
export interface Identified extends Prepared {
  sha256: string;
  /** The earlier ingest with the same content, read with the same options. */
  unchanged?: number;
  /** Earlier ingests of the same content, or of its beginning: their rows are read again with the rest. */
  contained: Earlier[];
  /** Of these, the ones that stay in the store as well. */
  beside: Earlier[];
}

/** A file's identity, and which of the earlier files it contains. */
export async function identify(
  file: Prepared,
  known: readonly Earlier[],
  also: boolean,
): Promise<Identified> {
  const { ready, seen, partition, options, small } = file;
  const shorter = known.filter((one) => one.size <= seen.size && mayBeBegun(file, one));
  const { sha256: content, prefixes } =
    small !== undefined && shorter.length === 0
      ? { sha256: small.sha256, prefixes: new Map<number, string>() }
      : await fingerprint(
          ready.file,
          shorter.map(({ size }) => size),
        );
  const sha256 = withPartition(content, partition);
  const same = known.filter((one) => one.sha256 === sha256);
  const unchanged = same.find((one) => one.sameConfig && one.options === options);
  if (unchanged !== undefined) return { ...file, sha256, contained: [], beside: [], unchanged: unchanged.id };
  const begun = shorter.filter(
    (one) => withPartition(prefixes.get(one.size) ?? "", partition) === one.sha256,
  );
  const all = [...new Set([...begun, ...same])].sort((a, b) => a.id - b.id);
  const stays = (one: Earlier) => also && !one.sameConfig;
  return {
    ...file,
    sha256,
    contained: all.filter((one) => !stays(one)),
    beside: all.filter(stays),
  };
}

/** True if a file may be an earlier state of another: the same log by its name, before or after it was rotated. */
function mayBeBegun({ path, ready, small }: Prepared, earlier: Earlier): boolean {
  if (basename(earlier.path) === basename(path)) return true;
  if (!mayBeRotated(earlier.path, path)) return false;
  // Among many small files with numbered names, hardly one ends where a line of another does.
  return small === undefined || endsLine(ready.file, earlier.size);
}

// True if a line ends at or before a size.
function endsLine(file: string, size: number): boolean {
  const bytes = readFileSync(file);
  return bytes[size - 1] === 10 || bytes[size] === 10 || bytes.length === size;
}
