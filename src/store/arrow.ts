import type * as Arrow from "apache-arrow";
import { arrowColumn } from "./arrowColumn";
import type { Store } from "./open";
import { type Parameters, resultOf } from "./run";
import { withoutReading } from "./sources";
import { writeWhole } from "./wholeFile";

/**
 * The result of a statement as an Apache Arrow table with its types kept: 64-bit integers, timestamps to the
 * microsecond with their zone, decimals, dates, lists, nulls; texts become dictionaries. Other types become text.
 *
 * @example
 * const store = await openDemo();
 * (await toArrow(store, "select model from calls")).numRows // 8920
 */
export async function toArrow(store: Store, sql: string, parameters: Parameters = {}): Promise<Arrow.Table> {
  const arrow = await import("apache-arrow");
  const result = await resultOf(store.connection, sql, parameters);
  const chunks = await result.fetchAllChunks();
  const columns: Record<string, Arrow.Vector> = {};
  for (const [at, name] of result.deduplicatedColumnNames().entries()) {
    const values = chunks.flatMap((chunk) => chunk.getColumnValues(at));
    columns[name] = arrowColumn(arrow, result.columnType(at), values);
  }
  return new arrow.Table(columns);
}

/**
 * Writes the result of a statement as an Arrow file (Feather v2), which pyarrow, polars and others can read.
 *
 * @returns the number of rows written
 */
export async function writeArrow(
  store: Store,
  sql: string,
  file: string,
  parameters: Parameters = {},
): Promise<number> {
  const { tableToIPC } = await import("apache-arrow");
  const table = await withoutReading(store, file, () => toArrow(store, sql, parameters));
  writeWhole(file, tableToIPC(table, "file"));
  return table.numRows;
}
