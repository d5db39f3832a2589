import type { DuckDBConnection } from "@duckdb/node-api";
import { quoteName } from "../../store/quote";
import { EngineError, isEngineStopped } from "../../store/reason";
import { rowsOf } from "../../store/run";
import { DamageError } from "./damage";
import { pathSql } from "./path";
import type { Room } from "./room";

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
 * Takes from a limit what a Parquet file unpacks to: its records and values by their number, since a few bytes may
 * repeat one for a billion rows, and its texts with their length.
 *
 * @throws RoomError beyond the limit; DamageError if its footer cannot be read
 */
export async function takeParquet(connection: DuckDBConnection, file: string, room: Room): Promise<void> {
  try {
    const chunks = await rowsOf<Chunk>(connection, chunksOf(file));
    const first = chunks[0]?.path;
    const rows = sum(chunks.map(({ path, rows }) => (path === first ? rows : 0)));
    room.take(ofRecord * rows + sum(chunks.map(({ values }) => values)));
    // A text that is stored once may stand in every record. Where that cannot be much, nothing is counted.
    const limit = room.apart();
    try {
      limit.take(sum(chunks.map(({ values, bytes, isCoded }) => bytes * (isCoded ? values : 1))));
    } catch {
      const columns = new Set(chunks.filter(({ isCoded }) => isCoded).map(({ path }) => path));
      for (const column of columns) await takeTexts(connection, file, column, room);
    }
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

const chunksOf = (file: string) => `select path_in_schema as path, row_group_num_rows::double as rows,
    num_values::double as values, total_uncompressed_size::double as bytes,
    type = 'BYTE_ARRAY' and encodings ilike '%dictionary%' as "isCoded"
  from parquet_metadata(${pathSql(file)})`;

const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0);

async function takeTexts(
  connection: DuckDBConnection,
  file: string,
  column: string,
  room: Room,
): Promise<void> {
  const columns = await parquetColumns(connection, file);
  const found = columns.find(
    ({ column_name, column_type }) => column_name === column && column_type === "VARCHAR",
  );
  if (found === undefined) return;
  const [{ bytes }] = await rowsOf<{ bytes: number | null }>(
    connection,
    `select sum(strlen(${quoteName(column)}))::double as bytes from ${relation(file)}`,
  );
  room.take(bytes ?? 0);
}

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
