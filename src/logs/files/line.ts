import { piecesOf } from "./pieces";

/** The requested lines of a file with their numbers, in file order. Lines end at LF alone, as in the engine. */
export async function* linesOf(file: string, wanted: ReadonlySet<number>): AsyncGenerator<[number, Buffer]> {
  let line = 1;
  let left = wanted.size;
  let parts: Buffer[] = [];
  for await (const bytes of piecesOf(file)) {
    for (let start = 0; start < bytes.length; ) {
      const newline = bytes.indexOf(10, start);
      const stop = newline < 0 ? bytes.length : newline;
      if (wanted.has(line)) parts.push(bytes.subarray(start, stop));
      if (newline < 0) break;
      if (wanted.has(line)) {
        yield [line, Buffer.concat(parts)];
        left -= 1;
        parts = [];
      }
      if (left === 0) return;
      line += 1;
      start = newline + 1;
    }
  }
  if (parts.length > 0) yield [line, Buffer.concat(parts)];
}
