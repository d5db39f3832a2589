import { basename } from "node:path";

/** The name of a file without its folders and endings. */
export function stem(path: string): string {
  return basename(path.replaceAll("\\", "/")).replace(/\.(jsonl?|ndjson|csv|tsv|parquet|gz|zst)\b.*$/i, "");
}
