import { existsSync, readFileSync } from "node:fs";
import { writeWhole } from "../store/wholeFile";

/** Writes a file for its owner; throws if it exists with other content, which someone may have filled in. */
export function writeUnfilled(file: string, text: string, force = false): void {
  if (!force && existsSync(file) && readFileSync(file, "utf8") !== text)
    throw new Error(
      `${file} already exists, and someone may have filled it in; choose another --out, or --force`,
    );
  writeWhole(file, text, { isPrivate: true });
}
