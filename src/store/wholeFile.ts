import { chmodSync, existsSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { privateMode } from "./privateMode";
import { checkReplaceable } from "./sources";

/** Who else a new file is for, and what it may replace. */
export interface Writing {
  /** The file is an earlier result of the caller's own, which it replaces although it was read or ingested. */
  isOwn?: boolean;
  /** Only its owner may read it, since it holds texts of a log; else who may is for the process's umask to say. */
  isPrivate?: boolean;
}

/**
 * Writes a file as a whole: if the process ends midway, or the disk fills up, the previous file is still there.
 * Anything but a regular file, such as a device, is written to directly.
 *
 * @throws RangeError for no name, for a folder that there is not, and for a file that must not be replaced
 * (`checkReplaceable`); Error, with this file's name, if it cannot be written
 */
export function writeWhole(file: string, content: string | Uint8Array, writing: Writing = {}): void {
  const place = placeOf(file, writing);
  if (place === undefined) {
    writeFileSync(file, content);
    return;
  }
  try {
    writeFileSync(place.part, content, { mode: place.mode });
    if (place.mode !== undefined) chmodSync(place.part, place.mode);
    renameSync(place.part, place.target);
  } catch (error) {
    throw withoutPart(error, place.part, file);
  }
}

/** The same for what writes the file by itself, given the path to write to. */
export async function writeWholeBy<T>(file: string, write: (path: string) => Promise<T>): Promise<T> {
  const place = placeOf(file);
  if (place === undefined) return write(file);
  try {
    const result = await write(place.part);
    if (place.mode !== undefined) chmodSync(place.part, place.mode);
    renameSync(place.part, place.target);
    return result;
  } catch (error) {
    throw withoutPart(error, place.part, file);
  }
}

/** Moves a finished file to its place, under the same rules. */
export function moveWhole(from: string, file: string, isOwn = false): void {
  checkReplaceable(file, isOwn);
  renameSync(from, file);
}

interface Place {
  /** The file to replace. A link stays a link: its target is replaced. */
  target: string;
  /** The file beside it that is written. */
  part: string;
  mode?: number;
}

/** Where a file is written; undefined if directly. */
function placeOf(file: string, { isOwn = false, isPrivate = false }: Writing = {}): Place | undefined {
  if (file === "") throw new RangeError('writing requires the name of a file, got ""');
  if (!existsSync(dirname(file)))
    throw new RangeError(`writing requires a folder that there is, got ${dirname(file)} (for ${file})`);
  checkReplaceable(file, isOwn);
  const before = statSync(file, { throwIfNoEntry: false });
  if (before !== undefined && !before.isFile()) return undefined;
  const target = before === undefined ? file : realpathSync(file);
  return {
    target,
    part: `${target}.${process.pid}.part`,
    mode: before?.mode ?? (isPrivate ? privateMode : undefined),
  };
}

// The file beside it is nobody's business.
function withoutPart(error: unknown, part: string, file: string): unknown {
  rmSync(part, { force: true });
  if (!(error instanceof Error)) return error;
  error.message = error.message.replaceAll(part, file);
  return "path" in error ? Object.assign(error, { path: file }) : error;
}
