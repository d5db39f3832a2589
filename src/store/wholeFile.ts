import { realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";

/**
 * Writes a file as a whole: who ends the process midway, or fills the disk, finds the file that was there before.
 * What is no plain file, such as a device, is written to as it is.
 */
export function writeWhole(file: string, content: string | Uint8Array): void {
  const before = statSync(file, { throwIfNoEntry: false });
  if (before !== undefined && !before.isFile()) {
    writeFileSync(file, content);
    return;
  }
  // A link stays one: what it leads to is replaced.
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
