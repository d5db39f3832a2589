import { existsSync } from "node:fs";
import { join } from "node:path";
import { moveWhole } from "../store/wholeFile";

/** Files that every demo has one of, and whose presence says that a folder's other files are those of an earlier demo. */
const marks = ["world.json", "truth.json"];

/** Moves a demo's finished files into a folder, where they replace those of an earlier demo, but no others. */
export function moveFiles(from: string, out: string, names: readonly string[]): void {
  const isOfDemo = marks.some((mark) => existsSync(join(out, mark)));
  const other = isOfDemo ? undefined : names.find((name) => existsSync(join(out, name)));
  if (other !== undefined)
    throw new RangeError(
      `demo requires a folder without files of others, got ${out}, whose ${other} is not from an earlier demo; name another with --out`,
    );
  // The marks first: whenever this is interrupted, the next run knows the files as its own.
  const isMark = (name: string) => marks.includes(name);
  for (const name of [...names.filter(isMark), ...names.filter((one) => !isMark(one))])
    moveWhole(join(from, name), join(out, name), true);
}
