import type { DuckDBConnection } from "@duckdb/node-api";
import { quoteName } from "../../store/quote";
import { EngineError, isEngineStopped } from "../../store/reason";
import { rowsOf } from "../../store/run";
import { DamageError } from "./damage";
import { pathSql } from "./path";
import type { Room } from "./room";

/** A Parquet file as a relation. */
export const relation = (file: string) => `read_parquet(${pathSql(file)}, hive_partitioning = false)`;

/** What is wrong with a file whose statement failed. */
export const inOurWords = (error: unknown) =>
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

/** A row group's part of a column. */
export interface Chunk {
  path: string;
  rows: number;
  values: number;
  bytes: number;
  /** Its values may be numbers of texts in a dictionary. */
  isCoded: boolean;
}

/**
 * The parts of a Parquet file.
 *
 * @throws DamageError if its footer cannot be read
 */
export async function chunksOf(connection: DuckDBConnection, file: string): Promise<Chunk[]> {
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

/**
 * Why a statement over a Parquet file failed: the file, if the values of the columns that are read cannot be, else what
 * the statement said.
 */
export async function parquetFault(
  connection: DuckDBConnection,
  file: string,
  columns: readonly string[],
  error: unknown,
): Promise<unknown> {
  if (!(error instanceof EngineError) || isEngineStopped(error) || columns.length === 0) return error;
  try {
    const hashes = columns.map((name) => `max(hash(${quoteName(name)}))`);
    await rowsOf(connection, `select ${hashes.join(", ")} from ${relation(file)}`);
    return error;
  } catch (own) {
    return inOurWords(own);
  }
}
