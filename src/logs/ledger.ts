import { basename } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { rowsOf, run } from "../store/query";
import { quoteName } from "../store/quote";
import { filledTables } from "../store/schema";

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

/** Rows that a file brought and that are still there. */
export async function countsOf(connection: DuckDBConnection, id: number) {
  const count = (table: string) => `(select count(*) from ${table} where ingest_id = ${id})`;
  const others = filledTables.filter((table) => !["calls", "tasks", "scores"].includes(table));
  const [counts] = await rowsOf<{
    calls: number;
    tasks: number;
    scores: number;
    others: number;
    rejected: number;
  }>(
    connection,
    `select ${count("calls")} as calls, ${count("tasks")} as tasks, ${count("scores")} as scores,
       ${others.map(count).join(" + ")} as others, ${count("rejects")} as rejected`,
  );
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
