import { closeSync, createReadStream, createWriteStream, openSync, readSync } from "node:fs";
import type { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { isDiskFull } from "../../store/reason";
import { archiveRecords } from "./archive";
import { piecesOf, scratchFile } from "./pieces";
import { type Room, RoomError } from "./room";
import { zstdDecoder } from "./zstd";

/** The first bytes of a file, enough to recognise its type. */
export function head(file: string, bytes = 16): Buffer {
  const descriptor = openSync(file, "r");
  try {
    const buffer = Buffer.alloc(bytes);
    return buffer.subarray(0, readSync(descriptor, buffer, 0, bytes, 0));
  } finally {
    closeSync(descriptor);
  }
}

const starts = (bytes: Buffer, magic: string) => bytes.toString("hex").startsWith(magic);

/**
 * A file that the readers can use directly: uncompressed, UTF-8, without byte-order mark. Returns the file itself
 * if it is one, else a copy in the given folder, within a size limit. A truncated compressed file is an error
 * here; the engine would silently read what is there.
 */
export async function plainFile(file: string, folder: string, room: Room): Promise<string> {
  const first = head(file);
  if (starts(first, "1f8b")) return copied(file, folder, createGunzip(), "gzip", room);
  if (starts(first, "28b52ffd")) return copied(file, folder, await zstdDecoder(), "zstd", room);
  if (!starts(first, "504b0304")) return withoutMark(file, folder);
  const lines = scratchFile(folder, "unpacked");
  await archiveRecords(file, lines, zstdDecoder, room);
  return lines;
}

async function copied(
  file: string,
  folder: string,
  decoder: Transform,
  kind: string,
  room: Room,
): Promise<string> {
  const copy = scratchFile(folder, "uncompressed");
  try {
    await pipeline(piecesOf(file), decoder, within(room), createWriteStream(copy));
  } catch (error) {
    if (isDiskFull(error) || error instanceof RoomError) throw error;
    throw new Error(
      `the ${kind} file is damaged or was cut short (${(error as Error).message}); export it again`,
    );
  }
  return withoutMark(copy, folder);
}

function within(room: Room) {
  return async function* (pieces: AsyncIterable<Buffer>) {
    for await (const piece of pieces) {
      room.take(piece.length);
      yield piece;
    }
  };
}

async function withoutMark(file: string, folder: string): Promise<string> {
  const first = head(file);
  const encodings = { fffe: "utf-16le", feff: "utf-16be", efbbbf: "utf-8" };
  const encoding = Object.entries(encodings).find(([mark]) => starts(first, mark))?.[1];
  if (encoding === undefined) return file;
  const copy = scratchFile(folder, "unmarked");
  // UTF-8 stays as it is, so that invalid bytes are reported later.
  if (encoding === "utf-8") {
    await pipeline(createReadStream(file, { start: 3 }), createWriteStream(copy));
    return copy;
  }
  const decoder = new TextDecoder(encoding);
  async function* decode() {
    for await (const piece of piecesOf(file)) yield decoder.decode(piece, { stream: true });
    yield decoder.decode();
  }
  await pipeline(decode, createWriteStream(copy));
  return copy;
}
