import type { DuckDBConnection } from "@duckdb/node-api";
import { quoteName } from "../../store/quote";
import { EngineError, isEngineStopped } from "../../store/reason";
import { rowsOf } from "../../store/run";
import { DamageError } from "./damage";
import { pathSql } from "./path";
import { type Room, RoomError } from "./room";

const relation = (file: string) => `read_parquet(${pathSql(file)}, hive_partitioning = false)`;

const inOurWords = (error: unknown) =>
  error instanceof EngineError && !isEngineStopped(error)
    ? new DamageError("the Parquet file is damaged or was cut short; export it again", { cause: error })
    : error;

/**
 * The columns of a Parquet file and their types.
 *
 * @throws DamageError if its footer cannot be read
 */
export async function parquetColumns(
  connection: DuckDBConnection,
  file: string,
): Promise<{ column_name: string; column_type: string }[]> {
  try {
    return await rowsOf(connection, `describe select * from ${relation(file)}`);
  } catch (error) {
    throw inOurWords(error);
  }
}

// A record takes as much to read as so many bytes of JSON, however few a file needs for it.
const ofRecord = 64;

/**
 * Takes from a limit the records and values of a Parquet file, by their number, since a few bytes may repeat one for a
 * billion rows.
 *
 * @throws RoomError beyond the limit; DamageError if its footer cannot be read
 */
export async function takeParquet(connection: DuckDBConnection, file: string, room: Room): Promise<void> {
  const chunks = await chunksOf(connection, file);
  const first = chunks[0]?.path;
  const rows = sum(chunks.map(({ path, rows }) => (path === first ? rows : 0)));
  room.take(ofRecord * rows + sum(chunks.map(({ values }) => values)));
}

/**
 * Takes from a limit the texts of those columns of a Parquet file that are read, with their length: a text that is
 * stored once may stand in every record.
 *
 * @throws RoomError beyond the limit; DamageError if they cannot be read
 */
export async function takeTexts(
  connection: DuckDBConnection,
  file: string,
  columns: ReadonlySet<string>,
  room: Room,
): Promise<void> {
  const chunks = (await chunksOf(connection, file)).filter(({ path }) => columns.has(path));
  // Where that cannot be much, nothing is counted.
  try {
    room.apart().take(sum(chunks.map(({ values, bytes, isCoded }) => bytes * (isCoded ? values : 1))));
    return;
  } catch (error) {
    if (!(error instanceof RoomError)) throw error;
  }
  const lengths = [...new Set(chunks.map(({ path }) => path))].map(
    (column) => `coalesce(sum(strlen(${quoteName(column)})), 0)::double`,
  );
  try {
    const sql = `select ${lengths.join(" + ")} as bytes from ${relation(file)}`;
    const [{ bytes }] = await rowsOf<{ bytes: number }>(connection, sql);
    room.take(bytes);
  } catch (error) {
    throw inOurWords(error);
  }
}

/** A row group's part of a column. */
interface Chunk {
  path: string;
  rows: number;
  values: number;
  bytes: number;
  /** Its values may be numbers of texts in a dictionary. */
  isCoded: boolean;
}

async function chunksOf(connection: DuckDBConnection, file: string): Promise<Chunk[]> {
  try {
    return await rowsOf(
      connection,
      `select path_in_schema as path, row_group_num_rows::double as rows,
        num_values::double as values, total_uncompressed_size::double as bytes,
        type = 'BYTE_ARRAY' and encodings ilike '%dictionary%' as "isCoded"
      from parquet_metadata(${pathSql(file)})`,
    );
  } catch (error) {
    throw inOurWords(error);
  }
}

const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0);

/** Why a statement over a Parquet file failed: the file, if its values cannot be read, else what the statement said. */
export async function parquetFault(
  connection: DuckDBConnection,
  file: string,
  error: unknown,
): Promise<unknown> {
  if (!(error instanceof EngineError) || isEngineStopped(error)) return error;
  try {
    await rowsOf(connection, `select max(hash(columns(*))) from ${relation(file)}`);
    return error;
  } catch (own) {
    return inOurWords(own);
  }
}
