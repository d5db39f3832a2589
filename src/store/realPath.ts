import { realpathSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";

/** The path of a file without links, whether or not the file is there yet. */
export function realPath(file: string): string {
  const path = resolve(file);
  try {
    return realpathSync(path);
  } catch {
    const folder = dirname(path);
    return folder === path ? path : join(realPath(folder), basename(path));
  }
}
