import { basename } from "node:path";
import { modelName } from "./modelName";

/** What a name has after its stem, written so that the engine reads it as JavaScript does. */
const ending = "[.](jsonl?|ndjson|csv|tsv|parquet|arrow|feather|gz|zst)\\b.*$";

/** The name of a file without its folders and extensions. */
export function stem(path: string): string {
  return basename(path.replaceAll("\\", "/")).replace(new RegExp(ending, "i"), "");
}

/** SQL for the stem of a path. */
export const stemSql = (path: string): string =>
  `regexp_replace(parse_filename(${path}, false, 'both_slash'), '${ending}', '', 'i')`;

const day = /(?<!\d)(20\d\d)([-_.]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?!\d)/;

/**
 * SQL for the day in the name of a file of scores, as in table_2024_07_31.csv or leaderboard_20240731.csv;
 * undefined if there is none, or if the name is a model's and the day its release.
 */
export function dayIn(path: string): string | undefined {
  const name = stem(path);
  const found = day.exec(name);
  if (found === null || modelName(name).by !== null) return undefined;
  return `timestamp '${found[1]}-${found[3]}-${found[4]}'`;
}
