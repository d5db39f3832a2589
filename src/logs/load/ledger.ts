import { basename } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { quoteName } from "../../store/quote";
import { rowsOf, run } from "../../store/run";
import { type FilledTable, filledTables } from "../../store/schema";
import { noteFolder } from "../../store/sources";
import { addRows, noRows, type RowCounts } from "./options";

/** How a file was read: together with its content this is the file's identity. */
export interface ReadConfig {
  format: string;
  mapping: string | null;
  constants: string;
}

/** A file that was read before, in any way. */
export interface Earlier {
  id: number;
  path: string;
  sha256: string;
  size: number;
  options: string | null;
  format: string;
  /** It was read in exactly the same way. */
  sameConfig: boolean;
}

/** A file that is about to be stored. */
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

// Within a source an id stands for one thing: files that were read in the same way, and earlier states of the file
// itself.
const sameSource = `((${sameConfig}) or path in (select unnest(from_json($paths::json, '["VARCHAR"]'))))`;

/** The files of one source: a subquery for their ids, and the values that a statement with it binds. */
export interface Source {
  ids: string;
  bound: Record<string, string | null>;
}

/**
 * The source of files that are read in the same way.
 *
 * @param also what the same files gave before, read in another way, stays as well: it is another source
 */
export function sourceOf(config: ReadConfig, paths: readonly string[], also: boolean): Source {
  return also
    ? { ids: `select ingest_id from ingests where ${sameConfig}`, bound: { ...config } }
    : {
        ids: `select ingest_id from ingests where ${sameSource}`,
        bound: { ...config, paths: JSON.stringify(paths) },
      };
}

/**
 * The name of a log before rotation: for app.jsonl.1, app.jsonl-20260302.gz and app.jsonl.old it is app.jsonl.
 * Written so that the engine reads it as JavaScript does.
 */
const rotation = "([-._](\\d{4}-\\d\\d-\\d\\d|\\d+|old|bak))?([.](gz|zst))?$";

/** True if two paths may be one log, before and after rotation. */
export function mayBeRotated(one: string, other: string): boolean {
  return unrotated(one) === unrotated(other);
}

const unrotated = (path: string) => basename(path).replace(new RegExp(rotation), "");

/**
 * What was read before: the number of files of the same source, and those that may be one of the given files, or
 * its beginning. A moved log keeps its name; content is compared by its hash, or by its size if the hash is
 * unknown.
 */
export async function earlierIngests(
  connection: DuckDBConnection,
  config: ReadConfig,
  files: readonly { path: string; size: number; sha256?: string }[],
): Promise<{ count: number; known: Earlier[] }> {
  const list = (name: string, type: string) => `(select unnest(from_json($${name}::json, '["${type}"]')))`;
  const [{ count, all }] = await rowsOf<{ count: number; all: number }>(
    connection,
    `select count(*) filter (${sameSource}) as count, count(*) as "all" from ingests`,
    { ...config, paths: JSON.stringify(files.map(({ path }) => path)) },
  );
  if (all === 0) return { count, known: [] };
  const known = await rowsOf<Earlier>(
    connection,
    `select ingest_id as id, path, sha256, size, options, format, (${sameConfig}) as "sameConfig" from ingests
     where format <> 'evalset labels' and (sha256 in ${list("hashes", "VARCHAR")} or size in ${list("sizes", "BIGINT")}
       or regexp_replace(parse_filename(path), $rotation, '') in ${list("names", "VARCHAR")}) order by ingest_id`,
    {
      ...config,
      rotation,
      hashes: JSON.stringify(files.flatMap(({ sha256 }) => sha256 ?? [])),
      sizes: JSON.stringify(files.filter(({ sha256 }) => sha256 === undefined).map(({ size }) => size)),
      names: JSON.stringify(files.map(({ path }) => unrotated(path))),
    },
  );
  return { count, known };
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
  await noteFolder(
    connection,
    entries.map(({ path }) => path),
  );
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

/** Rows that files brought and that still exist, by the files' ids. */
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
  const rows = await rowsOf<{ id: number; table: FilledTable | "rejects"; rows: number }>(
    connection,
    tables.join(" union all "),
    { ids: JSON.stringify(ids) },
  );
  for (const { id, table, rows: count } of rows) {
    const of = counts.get(id);
    if (of === undefined) continue;
    if (table === "rejects") of.rejected += count;
    else addRows(of, table, count);
  }
  return counts;
}

/** What stands for the options of a file that has to be read again: some of its rows had been replaced by a file that is gone. */
export const toReadAgain = "to be read again";

/**
 * Lets files be read again that gave rows to one that is to be taken out, and those of their source that came after them,
 * whose rows had replaced theirs; returns their paths, in the order in which they were read.
 */
export async function markReplaced(connection: DuckDBConnection, gone: readonly number[]): Promise<string[]> {
  const ids = gone.join(", ");
  const left = filledTables.map(
    (table) => `select ingest_id, count(*) as rows from ${quoteName(table)} group by ingest_id`,
  );
  const again = await rowsOf<{ id: number; path: string }>(
    connection,
    `with kept as (select ingest_id, sum(rows) as rows from (${left.join(" union all ")}) group by ingest_id),
     giving as (
       select ingests.ingest_id as id
       from ingests join ingests as taker on ingests.ingest_id < taker.ingest_id
         and ingests.format = taker.format and ingests.mapping is not distinct from taker.mapping
         and ingests.constants = taker.constants
       left join kept on kept.ingest_id = ingests.ingest_id
       where taker.ingest_id in (${ids}) and taker.replaced > 0 and ingests.ingest_id not in (${ids})
         and coalesce(kept.rows, 0) < ingests.rows
     )
     select distinct later.ingest_id as id, later.path
     from giving join ingests on ingests.ingest_id = giving.id
     join ingests as later on later.ingest_id >= ingests.ingest_id and later.format = ingests.format
       and later.mapping is not distinct from ingests.mapping and later.constants = ingests.constants
     where later.ingest_id not in (${ids}) order by id`,
  );
  if (again.length > 0)
    await run(
      connection,
      `update ingests set options = '${toReadAgain}' where ingest_id in (${again.map(({ id }) => id).join(", ")})`,
    );
  return again.map(({ path }) => path);
}

/** Removes a file with all its rows, and returns how many there were. */
export async function takeOut(connection: DuckDBConnection, id: number): Promise<number> {
  let rows = 0;
  for (const table of filledTables) {
    rows += await run(connection, `delete from ${quoteName(table)} where ingest_id = ${id}`);
  }
  for (const table of ["rejects", "fates", "ingests"])
    await run(connection, `delete from ${table} where ingest_id = ${id}`);
  return rows;
}
