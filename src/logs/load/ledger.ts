import { basename } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { rowsOf, run } from "../../store/query";
import { quoteName } from "../../store/quote";
import { filledTables } from "../../store/schema";
import { countedAs, noRows, type RowCounts } from "./options";

/** How a file was read: with its content this is the file's identity. */
export interface ReadConfig {
  format: string;
  mapping: string | null;
  constants: string;
}

/** A file that was read the same way before. */
export interface Earlier {
  id: number;
  path: string;
  sha256: string;
  size: number;
  options: string | null;
}

/** A file that is about to be in. */
export interface Entry extends ReadConfig {
  id: number;
  path: string;
  sha256: string;
  options: string | null;
  size: number;
  rows: number;
  replaced: number;
  rejected: number;
}

const sameConfig = "format = $format and mapping is not distinct from $mapping and constants = $constants";

/** The ids of the files that were read in the same way, as a subquery for a statement that binds the read config. */
export const sameSource = `select ingest_id from ingests where ${sameConfig}`;

/**
 * What was read in the same way before: how many files, and those that may be one of the given files, or its
 * beginning. A log that is moved keeps its name; content is compared by its hash, or its size where that is not known.
 */
export async function earlierIngests(
  connection: DuckDBConnection,
  config: ReadConfig,
  files: readonly { path: string; size: number; sha256?: string }[],
): Promise<{ count: number; alike: Earlier[] }> {
  const [{ count }] = await rowsOf<{ count: number }>(
    connection,
    `select count(*) as count from ingests where ${sameConfig}`,
    { ...config },
  );
  if (count === 0) return { count, alike: [] };
  const list = (name: string, type: string) => `(select unnest(from_json($${name}::json, '["${type}"]')))`;
  const alike = await rowsOf<Earlier>(
    connection,
    `select ingest_id as id, path, sha256, size, asked as options from ingests where ${sameConfig}
       and (sha256 in ${list("hashes", "VARCHAR")} or size in ${list("sizes", "BIGINT")}
         or parse_filename(path) in ${list("names", "VARCHAR")}) order by ingest_id`,
    {
      ...config,
      hashes: JSON.stringify(files.flatMap(({ sha256 }) => sha256 ?? [])),
      sizes: JSON.stringify(files.filter(({ sha256 }) => sha256 === undefined).map(({ size }) => size)),
      names: JSON.stringify(files.map(({ path }) => basename(path))),
    },
  );
  return { count, alike };
}

/** The next free id. */
export async function nextId(connection: DuckDBConnection): Promise<number> {
  const [{ id }] = await rowsOf<{ id: number }>(
    connection,
    "select coalesce(max(ingest_id), 0) + 1 as id from ingests",
  );
  return id;
}

/** Writes files down as in. */
export async function enter(connection: DuckDBConnection, entries: readonly Entry[]): Promise<void> {
  await run(
    connection,
    `insert into ingests select one.id, one.path, one.sha256, one.format, one.mapping, one.constants, one.options,
       one.size, one.rows, one.replaced, one.rejected, current_timestamp at time zone 'UTC'
     from (select unnest(from_json($entries::json, '[{"id":"BIGINT","path":"VARCHAR","sha256":"VARCHAR","format":"VARCHAR",
       "mapping":"VARCHAR","constants":"VARCHAR","options":"VARCHAR","size":"BIGINT","rows":"BIGINT","replaced":"BIGINT",
       "rejected":"BIGINT"}]')) as one)`,
    { entries: JSON.stringify(entries) },
  );
}

/** Rows that files brought and that are still there, by the files' ids. */
export async function rowsLeft(
  connection: DuckDBConnection,
  ids: readonly number[],
): Promise<Map<number, RowCounts & { rejected: number }>> {
  const counts = new Map(ids.map((id) => [id, { ...noRows(), rejected: 0 }]));
  if (ids.length === 0) return counts;
  const tables = [...filledTables, "rejects"].map(
    (table) => `select ingest_id as id, '${table}' as "table", count(*) as rows from ${quoteName(table)}
      where ingest_id in (select unnest(from_json($ids::json, '["BIGINT"]'))) group by ingest_id`,
  );
  const rows = await rowsOf<{ id: number; table: string; rows: number }>(
    connection,
    tables.join(" union all "),
    { ids: JSON.stringify(ids) },
  );
  for (const { id, table, rows: count } of rows) {
    const of = counts.get(id);
    if (of !== undefined) of[table === "rejects" ? "rejected" : countedAs(table)] += count;
  }
  return counts;
}

/** Takes a file out again with all its rows, and returns how many they were. */
export async function forget(connection: DuckDBConnection, id: number): Promise<number> {
  let rows = 0;
  for (const table of filledTables) {
    rows += await run(connection, `delete from ${quoteName(table)} where ingest_id = ${id}`);
  }
  await run(connection, `delete from rejects where ingest_id = ${id}`);
  await run(connection, `delete from ingests where ingest_id = ${id}`);
  return rows;
}
