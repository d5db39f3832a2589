import { closeSync, createReadStream, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { Room } from "./room";

const pieceSize = 1 << 22;

let made = 0;

/** The path for a new file in a folder, under a unique name: a separate folder for each would cost more. */
export function scratchFile(folder: string, name: string): string {
  made += 1;
  return join(folder, `${made}-${name}`);
}

/** A file piece by piece. */
export function piecesOf(file: string): AsyncIterable<Buffer> {
  return createReadStream(file, { highWaterMark: 1 << 20 });
}

/**
 * Writes a file from many short texts or bytes, within a size limit: they are buffered, and the file is closed
 * when the work is done or fails.
 */
export async function writing<T>(
  file: string,
  work: (write: (piece: string | Buffer) => void) => Promise<T>,
  room?: Room,
): Promise<T> {
  const out = openSync(file, "w");
  let pieces: Buffer[] = [];
  let size = 0;
  const flush = () => {
    if (size > 0) writeSync(out, Buffer.concat(pieces, size));
    pieces = [];
    size = 0;
  };
  try {
    const done = await work((piece) => {
      const bytes = typeof piece === "string" ? Buffer.from(piece) : piece;
      room?.take(bytes.length);
      pieces.push(bytes);
      size += bytes.length;
      if (size >= pieceSize) flush();
    });
    flush();
    return done;
  } finally {
    closeSync(out);
  }
}
