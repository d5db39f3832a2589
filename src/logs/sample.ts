import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { type Dialect, dialectOf, recordsOf } from "./csv";
import { head } from "./plain";

/** How a plain file holds its records. */
export type Container = "lines" | "json" | "csv" | "parquet";

/** What the start of a file, and a little of its middle and end, tell. */
export interface Sample {
  container: Container;
  /** Some of its records, as JavaScript values. Empty for Parquet, which tells its own types. */
  records: unknown[];
  dialect?: Dialect;
}

const pieceSize = 1 << 18;

/** Looks at a plain file: what holds its records, and what some of them are. */
export function sampleOf(file: string): Sample {
  const magic = head(file, 4).toString("latin1");
  if (magic === "PAR1") return { container: "parquet", records: [] };
  const { start, rest } = pieces(file);
  const trimmed = start.trimStart();
  if (trimmed.startsWith("{") || trimmed.startsWith("[")) {
    const lines = wholeLines(start, rest);
    const first = parsed(lines[0]);
    // JSON lines, where the first line is a record or, being damaged, is followed by one.
    if (
      isRecord(first) ||
      (trimmed.startsWith("{") && lines.slice(1, 20).some((line) => isRecord(parsed(line))))
    ) {
      return { container: "lines", records: lines.slice(0, 2_000).map(parsed).filter(isRecord) };
    }
    return { container: "json", records: [] };
  }
  if (
    wholeLines(start, rest)
      .slice(0, 20)
      .some((line) => isRecord(parsed(line)))
  ) {
    const lines = wholeLines(start, rest);
    return { container: "lines", records: lines.slice(0, 2_000).map(parsed).filter(isRecord) };
  }
  const dialect = dialectOf(start);
  return { container: "csv", records: recordsOf(start, dialect).slice(0, 2_000), dialect };
}

function pieces(file: string): { start: string; rest: string[] } {
  const descriptor = openSync(file, "r");
  try {
    const { size } = fstatSync(descriptor);
    const at = (position: number, bytes: number) => {
      const buffer = Buffer.alloc(bytes);
      return buffer.subarray(0, readSync(descriptor, buffer, 0, bytes, position)).toString("utf8");
    };
    const start = at(0, pieceSize);
    if (size <= pieceSize) return { start, rest: [] };
    // The first line may be longer than the piece: a record is worth reading up to a point.
    const whole = start.includes("\n") ? start : at(0, Math.min(size, 64 * pieceSize));
    const quarter = pieceSize / 4;
    return {
      start: whole,
      rest: [at(Math.floor(size / 2), quarter), at(Math.max(0, size - quarter), quarter)],
    };
  } finally {
    closeSync(descriptor);
  }
}

function wholeLines(start: string, rest: string[]): string[] {
  const first = start.split("\n");
  // Beyond the first piece, lines cut at either end are left out; so is the last of the first, if others follow.
  if (rest.length > 0 && first.length > 1) first.pop();
  const more = rest.flatMap((piece) => piece.split("\n").slice(1, -1));
  return [...first, ...more].filter((line) => line.trim() !== "");
}

function parsed(line: string | undefined): unknown {
  try {
    return JSON.parse(line ?? "");
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}
