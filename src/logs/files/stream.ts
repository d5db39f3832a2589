import { constants, createReadStream, createWriteStream, type Stats, statSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as wait } from "node:timers/promises";
import { scratchFile } from "./pieces";

/** The name that stands for the standard input. */
export const standardInput = "-";

const ofStandardInput = /^\/(dev\/stdin|dev\/fd\/0|proc\/(self|\d+)\/fd\/0)$/;
const isStandardInput = (path: string) => path === standardInput || ofStandardInput.test(path);

/** True if the path can be read only once, from beginning to end: a pipe, or the standard input. */
export function isStream(path: string): boolean {
  if (path === standardInput) return true;
  const stat = statOf(path);
  return stat !== undefined && !stat.isFile() && !stat.isDirectory();
}

/** The file's status from the system; undefined if it has none, as for a link that is broken or circular. */
export function statOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

// A pipe found in a folder may have no writer, so it is not waited for.
const patience = 3_000;

/**
 * The file to read for a path: the file itself, or a copy in the folder of what comes through a pipe or the
 * standard input, since the readers look at it more than once.
 *
 * @param isNamed the path was given as it is, rather than found in a folder
 * @throws if it is neither a file nor a stream, or the stream is empty
 */
export async function spooled(path: string, folder: string, isNamed: boolean): Promise<string> {
  const stat = path === standardInput ? undefined : statSync(path);
  if (stat?.isFile()) return path;
  const stream = await streamOf(path, stat, isNamed);
  const copy = scratchFile(folder, "spooled");
  await pipeline(stream, createWriteStream(copy));
  if (statSync(copy).size === 0) throw new Error("nothing came through it before it ended");
  return copy;
}

async function streamOf(path: string, stat: Stats | undefined, isNamed: boolean): Promise<Readable> {
  if (isStandardInput(path)) return process.stdin;
  if (!stat?.isFIFO()) throw new Error("it is neither a file nor a pipe: a device or a socket is not read");
  if (isNamed) return createReadStream(path);
  return Readable.from(piecesOfPipe(path));
}

// Opened normally, a pipe without a writer would block for ever, and nothing could interrupt that.
async function* piecesOfPipe(path: string): AsyncGenerator<Buffer> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    let isBegun = false;
    for (let waited = 0; isBegun || waited < patience; ) {
      const piece = await nextPiece(handle);
      if (piece !== undefined && piece.length > 0) {
        isBegun = true;
        yield piece;
        continue;
      }
      // No bytes, either for good because the writer has closed it, or just for now.
      if (isBegun && piece !== undefined) return;
      await wait(pause);
      waited += pause;
    }
  } finally {
    await handle.close();
  }
  throw new Error(
    "it is a pipe that nothing is written to; name it to wait for it, or take it out of the folder",
  );
}

const pause = 5;

/** The content of a pipe, empty if nobody has it open for writing; undefined if nothing is there yet. */
async function nextPiece(handle: FileHandle): Promise<Buffer | undefined> {
  const buffer = Buffer.allocUnsafe(1 << 16);
  try {
    const { bytesRead } = await handle.read(buffer);
    return buffer.subarray(0, bytesRead);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
    return undefined;
  }
}
