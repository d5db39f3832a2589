import type { DuckDBConnection } from "@duckdb/node-api";
import { type Parameters, resultOf } from "./run";

/** A result by columns: numbers, bigints or texts, null where empty. Far cheaper than rows if there are many. */
export type Columns<Name extends string> = { rows: number } & Record<Name, ArrayLike<unknown>>;

/** Runs one statement and returns its columns. */
export async function columnsOfResult<Name extends string>(
  connection: DuckDBConnection,
  sql: string,
  parameters: Parameters = {},
): Promise<Columns<Name>> {
  const result = await resultOf(connection, sql, parameters);
  // Asked for once: the engine is called for it.
  const chunks = (await result.fetchAllChunks()).map((chunk) => ({ chunk, count: chunk.rowCount }));
  const names = result.columnNames();
  const rows = chunks.reduce((sum, { count }) => sum + count, 0);
  const columns: Record<string, unknown[]> = {};
  for (const [at, name] of names.entries()) {
    const values = new Array<unknown>(rows);
    let row = 0;
    for (const { chunk, count } of chunks) {
      const vector = chunk.getColumnVector(at);
      for (let i = 0; i < count; i++) values[row++] = vector.getItem(i);
    }
    columns[name] = values;
  }
  return { ...columns, rows } as unknown as Columns<Name>;
}
