import { closeSync, openSync, readSync, statSync } from "node:fs";
import { grouped } from "../../stats/text";
import { depthCounter } from "../../store/nesting";
import { DamageError } from "./damage";
import type { Container } from "./sample";

/** What one pass over a plain file finds. */
export interface Scan {
  size: number;
  /** All its lines. */
  lines: number;
  /** Lines that the readers skip because they contain only white space, from 1. */
  skipped: number[];
  /** Bytes of the longest line. */
  longest: number;
  /** True if some line nests deeper than the engine's fast readers survive. */
  deep: boolean;
  /** True if some JSON line is not an object: the fast reader takes `null` for an empty record. */
  noRecord: boolean;
  /** True if a delimited file has cells over several lines, or unusual line ends. */
  oddCells: boolean;
}

const chunkSize = 1 << 20;
// Their numbers are in memory; no log has so many, unless one follows each record.
const mostSkipped = 1_000_000;
const mostBetween = 3 * mostSkipped;
// The engine's fast readers crash the process at some 30,000 levels, and at a sixteenth of that if threads have
// small stacks. A shorter line cannot contain that many, so only longer ones are checked.
const longLine = 2_000;
const deepest = 1_000;
const newline = 10;
const carriageReturn = 13;
const quote = 34;
const brace = 123;

/**
 * Reads a file once: its lines, and whether the fast readers can handle it.
 *
 * @throws DamageError if more of its lines are empty than of any log
 */
export function scan(file: string, container: Container = "lines"): Scan {
  const result: Scan = {
    size: 0,
    lines: 0,
    skipped: [],
    longest: 0,
    deep: false,
    noRecord: false,
    oddCells: false,
  };
  const isCells = container === "csv";
  if (container === "parquet") return { ...result, size: statSync(file).size };
  const depth = depthCounter();
  let line = 0;
  let length = 0;
  let blank = true;
  let quotes = 0;
  const endLine = () => {
    line += 1;
    if (blank) checkSkipped(result.skipped.push(line), line);
    // In a delimited file only an empty line is skipped, not one of spaces.
    if (isCells && ((blank && length > 1) || quotes % 2 === 1)) result.oddCells = true;
    result.longest = Math.max(result.longest, length);
    length = quotes = 0;
    blank = true;
    depth.reset();
  };
  const look = (chunk: Buffer, start: number, stop: number, isWhole: boolean) => {
    if (blank) {
      const byte = firstByte(chunk, start, stop);
      blank = byte < 0;
      if (!blank && byte !== brace) result.noRecord = true;
    }
    // Short lines inside one chunk cannot nest deep; all others are counted from their first byte.
    if (isCells) {
      quotes += count(chunk, quote, start, stop);
      if (!result.oddCells) result.oddCells = hasLoneReturn(chunk, start, stop, isWhole);
    } else if (!isWhole || length > 0 || stop - start > longLine) depth.feed(chunk, start, stop);
    length += stop - start;
  };
  const descriptor = openSync(file, "r");
  try {
    const buffer = Buffer.allocUnsafe(chunkSize);
    let read: number;
    while ((read = readSync(descriptor, buffer, 0, chunkSize, null)) > 0) {
      const chunk = buffer.subarray(0, read);
      result.size += read;
      for (let start = 0; start < read; ) {
        const end = chunk.indexOf(newline, start);
        look(chunk, start, end < 0 ? read : end, end >= 0);
        if (end < 0) break;
        endLine();
        start = end + 1;
      }
    }
    if (length > 0) endLine();
  } finally {
    closeSync(descriptor);
  }
  result.lines = line;
  result.deep = depth.most() > deepest;
  return result;
}

function checkSkipped(skipped: number, lines: number): void {
  const isBetween = skipped <= 2 * (lines - skipped);
  if (skipped > (isBetween ? mostBetween : mostSkipped))
    throw new DamageError(`more than ${grouped(skipped - 1)} of its lines are empty: export it again`);
}

// The first byte that is not white space, or -1.
function firstByte(chunk: Buffer, start: number, stop: number): number {
  for (let at = start; at < stop; at++) {
    const byte = chunk[at];
    if (byte !== 32 && (byte < 9 || byte > 13)) return byte;
  }
  return -1;
}

function count(chunk: Buffer, byte: number, start: number, stop: number): number {
  let found = 0;
  const part = chunk.subarray(start, stop);
  for (let at = part.indexOf(byte); at >= 0; at = part.indexOf(byte, at + 1)) found += 1;
  return found;
}

function hasLoneReturn(chunk: Buffer, start: number, stop: number, isWhole: boolean): boolean {
  const at = chunk.subarray(start, stop).indexOf(carriageReturn);
  return at >= 0 && !(at === stop - start - 1 && (isWhole || stop === chunk.length));
}
