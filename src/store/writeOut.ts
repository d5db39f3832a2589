import { extname } from "node:path";
import { writeArrow } from "./arrow";
import type { Store } from "./open";
import type { Parameters } from "./query";
import { quoteText } from "./quote";

/** Endings of files and how the engine writes them. */
const formats: Record<string, string> = {
  ".parquet": "format parquet, compression zstd",
  ".csv": "format csv, header true",
  ".json": "format json, array true",
  ".jsonl": "format json",
};

/**
 * Writes the result of a statement to a file, by its ending: .parquet, .csv, .json, .jsonl, or .arrow and .feather.
 *
 * @returns the rows written
 * @throws RangeError for another ending
 */
export async function writeOut(
  store: Store,
  sql: string,
  file: string,
  parameters: Parameters = {},
): Promise<number> {
  const ending = extname(file).toLowerCase();
  if (ending === ".arrow" || ending === ".feather") return writeArrow(store, sql, file, parameters);
  const format = formats[ending];
  if (format === undefined) {
    const known = [...Object.keys(formats), ".arrow", ".feather"].join(", ");
    throw new RangeError(`writeOut requires a file ending in ${known}, got "${file}"`);
  }
  const result = await store.connection.run(`copy (${sql}) to ${quoteText(file)} (${format})`, parameters);
  return result.rowsChanged;
}
