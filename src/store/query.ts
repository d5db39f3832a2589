import { checkStore, type Store } from "./open";
import { type Parameters, type PlainRow, rowsOf } from "./run";

/**
 * Runs one SQL statement over the store's tables and returns its rows; `query<{ model: string; n: number }>(...)`
 * gives their types.
 *
 * @param parameters values for the statement's `$name` parameters; never write values into the text
 * @returns plain objects: numbers, texts, booleans, Dates, arrays; whole numbers too large for a number as text
 * @throws RangeError without a statement; the engine's message about a statement that it cannot run
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
  checkIsStatement(sql);
  return rowsOf<R>(store.connection, sql, parameters);
}

const onlyComments = /^(?:[\s;]|--.*(?:\n|$)|\/\*[\s\S]*?\*\/)*$/;

/** Fails if a text holds no statement but comments: the engine would not say so. */
export function checkIsStatement(sql: string): void {
  if (onlyComments.test(sql))
    throw new RangeError('query requires an SQL statement, such as "select count(*) from calls", got none');
}
