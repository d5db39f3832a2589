import type { DuckDBConnection } from "@duckdb/node-api";
import { isBusy } from "./limit";
import { quoteText } from "./quote";
import { isOutOfMemory } from "./reason";
import { rowsOf, run } from "./run";

/** As much engine memory as ingesting needs: beyond it the engine works on disk, at the same speed. */
const enough = 1e9;

/**
 * Works with the engine's memory capped. Work that fails under the cap is repeated with the full memory, so it
 * must leave nothing behind when it fails.
 */
export async function withinMemory<T>(connection: DuckDBConnection, work: () => Promise<T>): Promise<T> {
  const limit = await memoryLimit(connection);
  const cap = (size: string) => run(connection, `set memory_limit = ${quoteText(size)}`);
  if (bytesOf(limit) <= enough) return work();
  try {
    await cap(`${enough}B`);
    return await work();
  } catch (error) {
    if (!isOutOfMemory(error)) throw error;
    await cap(limit);
    return await work();
  } finally {
    if (!isBusy(connection)) await cap(limit);
  }
}

/**
 * True if so many bytes for each row of a table are at most a quarter of the engine's memory.
 *
 * @param table a table of the store, whose rows the engine estimates; false of an empty one, as beside another engine, and
 * of files: how many rows those have is not known here
 */
export async function fitsInMemory(
  connection: DuckDBConnection,
  table: string,
  bytes: number,
): Promise<boolean> {
  const [{ rows }] = await rowsOf<{ rows: number | null }>(
    connection,
    "select sum(estimated_size)::double as rows from duckdb_tables() where table_name = $table",
    { table },
  );
  return rows !== null && rows > 0 && rows * bytes <= bytesOf(await memoryLimit(connection)) / 4;
}

async function memoryLimit(connection: DuckDBConnection): Promise<string> {
  const [{ limit }] = await rowsOf<{ limit: string }>(
    connection,
    "select current_setting('memory_limit') as \"limit\"",
  );
  return limit;
}

/** Bytes of a size in the engine's words, such as "18.5 GiB". */
function bytesOf(size: string): number {
  const [, number, unit] = /^([\d.]+) (\w+)$/.exec(size) ?? [];
  const power = ["bytes", "KiB", "MiB", "GiB", "TiB"].indexOf(unit);
  return power < 0 ? Number.POSITIVE_INFINITY : Number(number) * 1024 ** power;
}
