import type { DuckDBConnection, DuckDBMaterializedResult, DuckDBValue } from "@duckdb/node-api";
import { isBusy } from "./limit";
import { EngineError, engineError } from "./reason";

/** Values bound to the `$name` parameters of a statement. */
export type Parameters = Record<string, string | number | bigint | boolean | null>;

/** A row as plain JavaScript: numbers, strings, booleans, Dates, arrays, objects. */
export type PlainRow = Record<string, unknown>;

/**
 * Runs one statement and returns its rows as plain objects. 64-bit integers become numbers if that is exact, else
 * strings of digits.
 */
export async function rowsOf<R = PlainRow>(
  connection: DuckDBConnection,
  sql: string,
  parameters: Parameters = {},
): Promise<R[]> {
  const result = await resultOf(connection, sql, parameters);
  return (await result.getRowObjectsJS()).map((row) => plain(row)) as R[];
}

/** True if the query has a row: "from calls where cost = 0". */
export async function anyRow(
  connection: DuckDBConnection,
  query: string,
  parameters: Parameters = {},
): Promise<boolean> {
  const [{ any }] = await rowsOf<{ any: boolean }>(
    connection,
    `select exists (${query}) as "any"`,
    parameters,
  );
  return any;
}

/** Runs one statement for its effect. */
export async function run(
  connection: DuckDBConnection,
  sql: string,
  parameters: Parameters = {},
): Promise<number> {
  return (await resultOf(connection, sql, parameters)).rowsChanged;
}

/**
 * Runs one statement: every statement goes through here, so that no failure reaches the user in the engine's
 * words.
 *
 * @throws EngineError if it fails
 */
export async function resultOf(
  connection: DuckDBConnection,
  sql: string,
  parameters: Parameters = {},
): Promise<DuckDBMaterializedResult> {
  if (isBusy(connection))
    throw new EngineError("the engine is still running the statement it was told to stop");
  const used = Object.fromEntries(Object.entries(parameters).filter(([name]) => sql.includes(`$${name}`)));
  try {
    return await connection.run(sql, used as Record<string, DuckDBValue>);
  } catch (error) {
    throw engineError(error);
  }
}

function plain(value: unknown): unknown {
  if (typeof value === "bigint") {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value.toString();
  }
  if (Array.isArray(value)) return value.map(plain);
  if (value !== null && typeof value === "object" && Object.getPrototypeOf(value) === Object.prototype) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
  }
  return value;
}
