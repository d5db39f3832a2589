import { createReadStream } from "node:fs";

const quote = 34;
const backslash = 92;

/** Counts how deep the brackets of JSON text nest, outside its strings, over consecutive pieces of a line. */
export function depthCounter() {
  let depth = 0;
  let most = 0;
  let inString = false;
  let escaped = false;
  const stringEnd = (chunk: Buffer, start: number, stop: number): number => {
    if (escaped) {
      escaped = false;
      return start + 1;
    }
    const found = chunk.indexOf(quote, start);
    const end = found < 0 || found > stop ? stop : found;
    let slashes = 0;
    while (end - slashes > start && chunk[end - slashes - 1] === backslash) slashes += 1;
    const isEscaped = slashes % 2 === 1;
    if (end === stop) {
      escaped = isEscaped;
      return stop;
    }
    inString = isEscaped;
    return end + 1;
  };
  return {
    feed(chunk: Buffer, start: number, stop: number) {
      for (let at = start; at < stop; ) {
        if (inString) {
          at = stringEnd(chunk, at, stop);
          continue;
        }
        const byte = chunk[at++];
        if (byte === quote) inString = true;
        else if (byte === 91 || byte === 123) {
          depth += 1;
          if (depth > most) most = depth;
        } else if (byte === 93 || byte === 125) depth -= 1;
      }
    },
    /** A new line begins. */
    reset() {
      depth = 0;
      inString = escaped = false;
    },
    /** The deepest nesting of any line so far. */
    most: () => most,
  };
}

/**
 * True if a JSON file nests deeper than the given levels: the engine would crash the process while inferring its
 * columns.
 */
export async function nestsBeyond(file: string, levels: number): Promise<boolean> {
  const depth = depthCounter();
  for await (const piece of createReadStream(file, { highWaterMark: 1 << 20 })) {
    depth.feed(piece as Buffer, 0, (piece as Buffer).length);
    if (depth.most() > levels) return true;
  }
  return false;
}
