import type { DuckDBConnection } from "@duckdb/node-api";
import { rowsOf } from "./run";

/** What connections to one store know already, by the statement that asked for it. */
type Known = Map<string, Promise<readonly unknown[]>>;

const knownBy = new WeakMap<DuckDBConnection, Known>();

/** Lets connections to a store that does not change ask once for what `rowsOnce` reads. */
export function shareReads(connection: DuckDBConnection, known: Known): void {
  knownBy.set(connection, known);
}

/** Lets a connection ask anew: where its temporary tables replace the store's. */
export function readsAlone(connection: DuckDBConnection): void {
  knownBy.delete(connection);
}

/**
 * The rows of a statement that depends on the store alone, which every measure asks: the connections that `connect` of a
 * read-only store gives read them once. Nobody may change them.
 */
export async function rowsOnce<R>(connection: DuckDBConnection, sql: string): Promise<readonly R[]> {
  const known = knownBy.get(connection);
  if (known === undefined) return rowsOf<R>(connection, sql);
  const theirs = known.get(sql) as Promise<readonly R[]> | undefined;
  // Another connection may have been stopped or closed while it asked.
  if (theirs !== undefined) return theirs.catch(() => rowsOf<R>(connection, sql));
  const found = rowsOf<R>(connection, sql);
  known.set(sql, found);
  try {
    return await found;
  } catch (error) {
    known.delete(sql);
    throw error;
  }
}
