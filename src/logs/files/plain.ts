import { closeSync, createReadStream, createWriteStream, openSync, readSync } from "node:fs";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { isDiskFull } from "../../store/reason";
import { archiveRecords } from "./archive";
import { piecesOf, scratchFile } from "./pieces";
import { type Room, RoomError } from "./room";
import { NeedError, unzstd } from "./zstd";

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
  // It may begin with a frame to skip, as those of pzstd do.
  if (/^(28b52ffd|5.2a4d18)/.test(first.toString("hex"))) return copied(file, folder, unzstd, "zstd", room);
  if (!starts(first, "504b0304")) return withoutMark(file, folder);
  const lines = scratchFile(folder, "unpacked");
  await archiveRecords(file, lines, room);
  return lines;
}

async function copied(
  file: string,
  folder: string,
  decoder: ReturnType<typeof createGunzip> | typeof unzstd,
  kind: string,
  room: Room,
): Promise<string> {
  const copy = scratchFile(folder, "uncompressed");
  try {
    await pipeline(piecesOf(file), decoder, within(room), createWriteStream(copy));
  } catch (error) {
    if (isDiskFull(error) || error instanceof RoomError) throw error;
    if (error instanceof NeedError)
      throw new Error(`${error.message}: unpack it yourself (zstd -d), or export it again`);
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

// By the mark at its beginning or, without one, by where the zeros stand in its first two characters, which a log has in
// ASCII.
const encodings: [begin: RegExp, encoding: "utf-8" | "utf-16le" | "utf-16be" | "utf-32"][] = [
  [/^(\xff\xfe\0\0|\0\0\xfe\xff|([\t\n\r -~]\0\0\0){2}|(\0\0\0[\t\n\r -~]){2})/, "utf-32"],
  [/^(\xff\xfe|([\t\n\r -~]\0){2})/, "utf-16le"],
  [/^(\xfe\xff|(\0[\t\n\r -~]){2})/, "utf-16be"],
  [/^\xef\xbb\xbf/, "utf-8"],
];

/**
 * The encoding of a text, if its first bytes tell: by a mark, which UTF-16 may lack.
 *
 * @throws Error for UTF-32, which is not read
 */
export function encodingOf(first: Buffer): "utf-8" | "utf-16le" | "utf-16be" | undefined {
  const begin = first.toString("latin1");
  const encoding = encodings.find(([pattern]) => pattern.test(begin))?.[1];
  if (encoding === "utf-32")
    throw new Error(
      "it is text in UTF-32, and files can be in UTF-8 or UTF-16: convert it, for instance with " +
        "iconv -f UTF-32 -t UTF-8 FILE > NEWFILE",
    );
  return encoding;
}

async function withoutMark(file: string, folder: string): Promise<string> {
  const encoding = encodingOf(head(file));
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
