import { checkStore, type Store } from "./open";
import { type Parameters, type PlainRow, rowsOf } from "./run";

/**
 * Runs one SQL statement over the store's tables and returns its rows; `query<{ model: string; n: number }>(...)`
 * gives their types.
 *
 * @param parameters values for the statement's `$name` parameters; never write values into the text
 * @returns plain objects: numbers, texts, booleans, Dates, arrays; whole numbers too large for a number as text
 * @throws the engine's message about a statement that it cannot run
 * @example
 * const store = await openDemo();
 * const rows = await query(store, "select count(*) as n from calls where model = $model", { model: "quillon-7" });
 * rows[0].n // 1481
 */
export async function query<R = PlainRow>(
  store: Store,
  sql: string,
  parameters: Parameters = {},
): Promise<R[]> {
  checkStore("query", store);
  return rowsOf<R>(store.connection, sql, parameters);
}
