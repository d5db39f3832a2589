import { piecesOf } from "./pieces";

/** Calls back with the bytes of each wanted line, in the file's order. Lines end at LF alone, as the engine's do. */
export async function eachLine(
  file: string,
  wanted: ReadonlySet<number>,
  onLine: (line: number, bytes: Buffer) => Promise<void>,
): Promise<void> {
  let line = 1;
  let left = wanted.size;
  let parts: Buffer[] = [];
  const end = async () => {
    if (wanted.has(line)) {
      await onLine(line, Buffer.concat(parts));
      left -= 1;
    }
    parts = [];
    line += 1;
  };
  for await (const bytes of piecesOf(file)) {
    for (let start = 0; start < bytes.length; ) {
      const newline = bytes.indexOf(10, start);
      const stop = newline < 0 ? bytes.length : newline;
      if (wanted.has(line)) parts.push(bytes.subarray(start, stop));
      if (newline < 0) break;
      await end();
      if (left === 0) return;
      start = newline + 1;
    }
  }
  if (parts.length > 0) await end();
}
