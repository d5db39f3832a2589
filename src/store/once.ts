import type { DuckDBConnection } from "@duckdb/node-api";
import { rowsOf } from "./run";

/** What connections to one store know already, by the statement that asked for it. */
type Known = Map<string, Promise<readonly unknown[]>>;

const knownBy = new WeakMap<DuckDBConnection, Known>();

/** Lets connections to a store that does not change ask once for what `rowsOnce` reads. */
export function shareReads(connection: DuckDBConnection, known: Known): void {
  knownBy.set(connection, known);
}

/**
 * The rows of a statement that depends on the store alone, which every measure asks anew: from a store that is open
 * read-only they are read once. Nobody may change them.
 */
export async function rowsOnce<R>(connection: DuckDBConnection, sql: string): Promise<readonly R[]> {
  const known = knownBy.get(connection);
  if (known === undefined) return rowsOf<R>(connection, sql);
  const found = known.get(sql) ?? rowsOf<R>(connection, sql);
  known.set(sql, found);
  try {
    return (await found) as readonly R[];
  } catch (error) {
    known.delete(sql);
    throw error;
  }
}
