import { basename } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { rowsOf, run } from "../../store/query";
import { quoteName } from "../../store/quote";
import { filledTables } from "../../store/schema";

/** How a file was read: with its content this is the file's identity. */
export interface Way {
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
}

/** A file that is about to be in. */
export interface Entry extends Way {
  path: string;
  sha256: string;
  /** What else was asked, null for nothing. */
  asked: string | null;
  size: number;
  rows: number;
  replaced: number;
  rejected: number;
}

const sameWay = "format = $format and mapping is not distinct from $mapping and constants = $constants";

/** Files read in the same way that may be the beginning of this one. A log that is moved keeps its name. */
export async function sameName(connection: DuckDBConnection, way: Way, path: string): Promise<Earlier[]> {
  const name = basename(path);
  const earlier = await rowsOf<Earlier>(
    connection,
    `select ingest_id as id, path, sha256, size from ingests where ${sameWay} and suffix(path, $name)`,
    { ...way, name },
  );
  return earlier.filter((one) => basename(one.path) === name);
}

/** What was read in the same way before: how many files, and how many of them are of a size. */
export async function earlierIngests(
  connection: DuckDBConnection,
  way: Way,
  size: number,
): Promise<{ files: number; sameSize: number }> {
  const [found] = await rowsOf<{ files: number; sameSize: number }>(
    connection,
    `select count(*) as files, count(*) filter (size = $size) as "sameSize" from ingests where ${sameWay}`,
    { ...way, size },
  );
  return found;
}

/** The file of the same content that was read in the same way before, if there is one, and what was asked then. */
export async function sameContent(
  connection: DuckDBConnection,
  way: Way,
  sha256: string,
): Promise<{ id: number; asked: string | null } | undefined> {
  const [same] = await rowsOf<{ id: number; asked: string | null }>(
    connection,
    `select ingest_id as id, asked from ingests where sha256 = $sha256 and ${sameWay} order by ingest_id limit 1`,
    { ...way, sha256 },
  );
  return same;
}

/** The ids of the files that were read in the same way, as a subquery for a statement that binds the way. */
export const sameSource = `select ingest_id from ingests where ${sameWay}`;

/** The next free id. */
export async function nextId(connection: DuckDBConnection): Promise<number> {
  const [{ id }] = await rowsOf<{ id: number }>(
    connection,
    "select coalesce(max(ingest_id), 0) + 1 as id from ingests",
  );
  return id;
}

/** Writes a file down as in. */
export async function enter(connection: DuckDBConnection, id: number, entry: Entry): Promise<void> {
  await run(
    connection,
    `insert into ingests values (${id}, $path, $sha256, $format, $mapping, $constants, $asked, $size, $rows, $replaced,
       $rejected, current_timestamp at time zone 'UTC')`,
    { ...entry },
  );
}

/** Files read in the same way that have the content of one of many, or its name. */
export async function earlierOf(
  connection: DuckDBConnection,
  way: Way,
  files: readonly { path: string; sha256: string }[],
): Promise<(Earlier & { asked: string | null })[]> {
  const list = (name: string) => `(select unnest(from_json($${name}::json, '["VARCHAR"]')))`;
  return rowsOf<Earlier & { asked: string | null }>(
    connection,
    `select ingest_id as id, path, sha256, size, asked from ingests
     where ${sameWay} and (sha256 in ${list("hashes")} or parse_filename(path) in ${list("names")})`,
    {
      ...way,
      hashes: JSON.stringify(files.map(({ sha256 }) => sha256)),
      names: JSON.stringify(files.map(({ path }) => basename(path))),
    },
  );
}

/** Writes many files down as in. */
export async function enterAll(
  connection: DuckDBConnection,
  entries: (Entry & { id: number })[],
): Promise<void> {
  await run(
    connection,
    `insert into ingests select one.id, one.path, one.sha256, one.format, one.mapping, one.constants, one.asked, one.size,
       one.rows, one.replaced, one.rejected, current_timestamp at time zone 'UTC'
     from (select unnest(from_json($entries::json, '[{"id":"BIGINT","path":"VARCHAR","sha256":"VARCHAR","format":"VARCHAR",
       "mapping":"VARCHAR","constants":"VARCHAR","asked":"VARCHAR","size":"BIGINT","rows":"BIGINT","replaced":"BIGINT",
       "rejected":"BIGINT"}]')) as one)`,
    { entries: JSON.stringify(entries) },
  );
}

/** How many rows of each kind a file brought that are still there. */
export interface Counts {
  calls: number;
  tasks: number;
  scores: number;
  others: number;
  rejected: number;
}

/** Rows that files brought and that are still there, by the files' ids. */
export async function countsOf(
  connection: DuckDBConnection,
  ids: readonly number[],
): Promise<Map<number, Counts>> {
  const kind = (table: string) =>
    ["calls", "tasks", "scores"].includes(table) ? table : table === "rejects" ? "rejected" : "others";
  const tables = [...filledTables, "rejects"].map(
    (table) => `select ingest_id as id, '${kind(table)}' as kind, count(*) as rows from ${quoteName(table)}
      where ingest_id in (select unnest(from_json($ids::json, '["BIGINT"]'))) group by ingest_id`,
  );
  const rows = await rowsOf<{ id: number; kind: keyof Counts; rows: number }>(
    connection,
    tables.join(" union all "),
    { ids: JSON.stringify(ids) },
  );
  const counts = new Map<number, Counts>(
    ids.map((id) => [id, { calls: 0, tasks: 0, scores: 0, others: 0, rejected: 0 }]),
  );
  for (const one of rows) (counts.get(one.id) as Counts)[one.kind] += one.rows;
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
