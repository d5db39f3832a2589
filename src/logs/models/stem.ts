import { basename } from "node:path";
import { modelName } from "./modelName";

/** The name of a file without its folders and extensions. */
export function stem(path: string): string {
  return basename(path.replaceAll("\\", "/")).replace(
    /\.(jsonl?|ndjson|csv|tsv|parquet|arrow|feather|gz|zst)\b.*$/i,
    "",
  );
}

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
