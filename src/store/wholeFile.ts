import { existsSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Writes a file as a whole: if the process ends midway, or the disk fills up, the previous file is still there.
 * Anything but a regular file, such as a device, is written to directly.
 *
 * @throws RangeError for no name, and for a folder that there is not; Error, with this file's name, if it cannot be written
 */
export function writeWhole(file: string, content: string | Uint8Array): void {
  if (file === "") throw new RangeError('writing requires the name of a file, got ""');
  if (!existsSync(dirname(file)))
    throw new RangeError(`writing requires a folder that there is, got ${dirname(file)} (for ${file})`);
  const before = statSync(file, { throwIfNoEntry: false });
  if (before !== undefined && !before.isFile()) {
    writeFileSync(file, content);
    return;
  }
  // A link stays a link: its target is replaced.
  const target = before === undefined ? file : realpathSync(file);
  const beside = `${target}.${process.pid}.part`;
  try {
    writeFileSync(beside, content, { mode: before?.mode });
    renameSync(beside, target);
  } catch (error) {
    rmSync(beside, { force: true });
    // The file beside it is nobody's business.
    throw error instanceof Error && "path" in error ? Object.assign(error, { path: file }) : error;
  }
}
