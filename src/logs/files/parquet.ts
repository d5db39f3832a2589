import type { DuckDBConnection } from "@duckdb/node-api";
import { EngineError, isEngineStopped } from "../../store/reason";
import { rowsOf } from "../../store/run";
import { DamageError } from "./damage";
import { pathSql } from "./path";

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
