import { writeFileSync } from "node:fs";
import type * as Arrow from "apache-arrow";
import type { DuckDBType, DuckDBVector } from "@duckdb/node-api";
import type { Store } from "./open";
import type { Parameters } from "./query";

/**
 * The result of a statement as an Apache Arrow table, its types kept: 64-bit integers, timestamps in microseconds,
 * texts as dictionaries, nulls. Types that Arrow has no counterpart for here come as text.
 *
 * @example
 * const table = await toArrow(await open(":memory:"), "select 1::bigint as one");
 * table.numRows // 1
 */
export async function toArrow(store: Store, sql: string, parameters: Parameters = {}): Promise<Arrow.Table> {
  const arrow = await import("apache-arrow");
  const result = await store.connection.run(sql, parameters);
  const chunks = await result.fetchAllChunks();
  const columns: Record<string, Arrow.Vector> = {};
  for (const [at, name] of result.deduplicatedColumnNames().entries()) {
    const vectors = chunks.map((chunk) => chunk.getColumnVector(at));
    columns[name] = columnOf(arrow, result.columnType(at), vectors);
  }
  return new arrow.Table(columns);
}

/**
 * Writes the result of a statement as an Arrow (Feather v2) file, which pyarrow, polars and others read.
 *
 * @returns the rows written
 */
export async function writeArrow(store: Store, sql: string, file: string, parameters: Parameters = {}): Promise<number> {
  const { tableToIPC } = await import("apache-arrow");
  const table = await toArrow(store, sql, parameters);
  writeFileSync(file, tableToIPC(table, "file"));
  return table.numRows;
}
