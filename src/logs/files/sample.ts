import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { type Dialect, dialectOf, named, recordsOf } from "./csv";
import { parsedJson } from "./parse";
import { head } from "./plain";

/** The container format of a plain file's records. */
export type Container = "lines" | "json" | "csv" | "parquet";

/** What the start of a file, and a little of its middle and end, show. */
export interface Sample {
  container: Container;
  /** Some of its records, as JavaScript values. Empty for Parquet, which has its own types. */
  records: unknown[];
  /** The smallest number of keys in a record. */
  fewestKeys: number;
  dialect?: Dialect;
  /** True if there was only white space. */
  blank: boolean;
}

const pieceSize = 1 << 18;
const mostRecords = 2_000;
/** A longer first line is skipped; the lines after it are read. */
export const longestFirst = 1 << 26;

/** Looks at a plain file: the container of its records, and some of them. */
export function sampleOf(file: string): Sample {
  const none: Sample = { container: "parquet", records: [], fewestKeys: 0, blank: false };
  if (head(file, 4).toString("latin1") === "PAR1") return none;
  const { start, rest } = pieces(file);
  const trimmed = start.trimStart();
  if (trimmed === "" && rest.length === 0) return { ...none, container: "lines", blank: true };
  const lines = wholeLines(start, rest);
  const values = lines.slice(0, mostRecords).map((line) => parsedJson(line));
  const records = values.filter(isRecord);
  if (holdsLines(values, trimmed, rest.length === 0 ? start : undefined)) {
    const fewestKeys = Math.min(...records.map((record) => Object.keys(record).length));
    return { ...none, container: "lines", records, fewestKeys };
  }
  if (trimmed.startsWith("{") || trimmed.startsWith("[")) return { ...none, container: "json" };
  const dialect = dialectOf(start);
  const rows = recordsOf(start, dialect, rest.length === 0).slice(0, mostRecords);
  // The header alone shows the fields.
  return { ...none, container: "csv", records: [named(dialect.header, []), ...rows], dialect };
}

// JSON lines if the first line is a record, or is damaged and followed by records.
function holdsLines(values: unknown[], trimmed: string, whole: string | undefined): boolean {
  const [first, ...others] = values;
  if (isRecord(first)) return true;
  const next = others.slice(0, 20);
  const found = next.filter(isRecord).length;
  if (found === 0) return false;
  if (first !== undefined || !/^[{[]/.test(trimmed)) return true;
  // A document over several lines may have a line that parses as a record, but most do not.
  if (whole !== undefined && parsedJson(whole) !== undefined) return false;
  return 2 * found > next.length;
}

function pieces(file: string): { start: string; rest: string[] } {
  const descriptor = openSync(file, "r");
  try {
    const { size } = fstatSync(descriptor);
    const at = (position: number, bytes: number) => {
      const buffer = Buffer.alloc(Math.max(0, Math.min(bytes, size - position)));
      return buffer.subarray(0, readSync(descriptor, buffer, 0, buffer.length, position)).toString("utf8");
    };
    const start = at(0, pieceSize);
    if (size <= pieceSize) return { start, rest: [] };
    // The first line may be longer than the piece, so it is read whole, with what follows it.
    let whole = start;
    let read = pieceSize;
    for (let bytes = 4 * pieceSize; !whole.includes("\n") && whole.length < size; bytes *= 4) {
      if (bytes > longestFirst) break;
      whole = at(0, bytes);
      read = bytes;
    }
    // No record is read twice: an id that seems to repeat names no call.
    const middle = Math.max(read, Math.floor(size / 2));
    const end = Math.max(middle + pieceSize, size - pieceSize / 4);
    return { start: whole, rest: [at(middle, pieceSize), at(end, pieceSize / 4)] };
  } finally {
    closeSync(descriptor);
  }
}

function wholeLines(start: string, rest: string[]): string[] {
  const first = start.split("\n");
  // Beyond the first piece, lines cut off at either end are left out; so is the last of the first piece, if others
  // follow.
  if (rest.length > 0 && first.length > 1) first.pop();
  const more = rest.map((piece, at) => piece.split("\n").slice(1, at === rest.length - 1 ? undefined : -1));
  return [...first, ...more.flat()].filter((line) => line.trim() !== "");
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}
