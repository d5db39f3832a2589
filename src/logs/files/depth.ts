import { depthCounter } from "../../store/nesting";
import { piecesOf, writing } from "./pieces";

/**
 * Nesting beyond which records are not read: the time and memory of parsers grow with it, and no real log nests so
 * deep.
 */
export const deepest = 200_000;

/**
 * Rewrites a file's lines, replacing those that nest too deep for any reader by a line that is not a record.
 * Returns the numbers of those lines.
 */
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
