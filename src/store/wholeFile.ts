import { realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";

/**
 * Writes a file as a whole: if the process ends midway, or the disk fills up, the previous file is still there.
 * Anything but a regular file, such as a device, is written to directly.
 */
export function writeWhole(file: string, content: string | Uint8Array): void {
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
    throw error;
  }
}
