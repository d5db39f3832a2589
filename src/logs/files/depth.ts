import { piecesOf, writing } from "./pieces";

const quote = 34;
const backslash = 92;

/** Counts how deep the brackets of JSON text nest, outside of its strings, over pieces of one line after another. */
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

/** Nesting that is read no more: time and memory of parsers grow with it, and no record of a log nests so deep. */
export const deepest = 200_000;

/** Writes a file's lines anew, those that nest too deep for any reader as one that is none. Returns where they are. */
export async function withoutDeepest(file: string, to: string): Promise<string> {
  const newline = 10;
  await writing(to, async (write) => {
    let line: Buffer[] = [];
    const endLine = () => {
      const bytes = Buffer.concat(line);
      const depth = depthCounter();
      if (bytes.length > deepest) depth.feed(bytes, 0, bytes.length);
      write(depth.most() > deepest ? "[\n" : Buffer.concat([bytes, Buffer.from("\n")]));
      line = [];
    };
    for await (const piece of piecesOf(file)) {
      let start = 0;
      for (let end = piece.indexOf(newline); end >= 0; end = piece.indexOf(newline, start)) {
        line.push(piece.subarray(start, end));
        endLine();
        start = end + 1;
      }
      line.push(piece.subarray(start));
    }
    if (line.some(({ length }) => length > 0)) endLine();
  });
  return to;
}
