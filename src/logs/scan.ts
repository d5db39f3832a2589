import { createHash } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";

/** What one pass over a plain file tells. */
export interface Scan {
  sha256: string;
  size: number;
  /** Lines that hold more than white space. */
  lines: number;
  /** Numbers of the lines that hold nothing but white space, from 1. */
  blanks: number[];
  /** Bytes of the longest line. */
  longest: number;
  /** True where some line nests deeper than the engine's fast readers survive. */
  deep: boolean;
  /** Hash of the first bytes, at each of the asked sizes: tells a file that has only grown. */
  prefixes: Map<number, string>;
}

const chunkSize = 1 << 20;
// The engine's fast readers die, and with them the process, at some 30,000 levels. A shorter line cannot hold
// as many, so only longer ones are looked through.
const longLine = 20_000;
const deepest = 1_000;
const newline = 10;

/** Reads a file once: its hash, its lines, and whether the fast readers may see it. */
export function scan(file: string, prefixSizes: readonly number[] = []): Scan {
  const hash = createHash("sha256");
  const wanted = [...new Set(prefixSizes)].sort((a, b) => a - b);
  const result: Scan = {
    sha256: "",
    size: 0,
    lines: 0,
    blanks: [],
    longest: 0,
    deep: false,
    prefixes: new Map(),
  };
  const depth = depthCounter();
  let line = 0;
  let length = 0;
  let blank = true;
  const endLine = () => {
    line += 1;
    if (blank) result.blanks.push(line);
    else result.lines += 1;
    result.longest = Math.max(result.longest, length);
    length = 0;
    blank = true;
    depth.reset();
  };
  const descriptor = openSync(file, "r");
  try {
    const buffer = Buffer.allocUnsafe(chunkSize);
    let read: number;
    while ((read = readSync(descriptor, buffer, 0, chunkSize, null)) > 0) {
      const chunk = buffer.subarray(0, read);
      let hashed = 0;
      for (; wanted.length > 0 && wanted[0] <= result.size + read; wanted.shift()) {
        hash.update(chunk.subarray(hashed, wanted[0] - result.size));
        hashed = wanted[0] - result.size;
        result.prefixes.set(wanted[0], hash.copy().digest("hex"));
      }
      hash.update(chunk.subarray(hashed));
      result.size += read;
      for (let start = 0; start < read; ) {
        const end = chunk.indexOf(newline, start);
        const stop = end < 0 ? read : end;
        if (blank) blank = isBlank(chunk, start, stop);
        // Short lines inside one chunk cannot nest deep; all others are counted from their first byte.
        if (end < 0 || length > 0 || stop - start > longLine) depth.feed(chunk, start, stop);
        length += stop - start;
        if (end < 0) break;
        endLine();
        start = end + 1;
      }
      if (depth.most() > deepest) result.deep = true;
    }
    if (length > 0) endLine();
  } finally {
    closeSync(descriptor);
  }
  result.deep ||= depth.most() > deepest;
  result.sha256 = hash.digest("hex");
  return result;
}

function isBlank(chunk: Buffer, start: number, stop: number): boolean {
  for (let at = start; at < stop; at++) {
    const byte = chunk[at];
    if (byte !== 32 && byte !== 13 && byte !== 9) return false;
  }
  return true;
}

// Counts open brackets outside of strings.
function depthCounter() {
  let depth = 0;
  let most = 0;
  let inString = false;
  let escaped = false;
  return {
    feed(chunk: Buffer, start: number, stop: number) {
      for (let at = start; at < stop; at++) {
        const byte = chunk[at];
        if (inString) {
          if (escaped) escaped = false;
          else if (byte === 92) escaped = true;
          else if (byte === 34) inString = false;
        } else if (byte === 34) inString = true;
        else if (byte === 91 || byte === 123) {
          depth += 1;
          if (depth > most) most = depth;
        } else if (byte === 93 || byte === 125) depth -= 1;
      }
    },
    reset() {
      depth = 0;
      inString = false;
      escaped = false;
    },
    most: () => most,
  };
}
