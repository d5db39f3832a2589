import type { DuckDBConnection } from "@duckdb/node-api";
import { rowsOf } from "./run";

/** What connections to one store know already, by the statement that asked for it; undefined where nothing may be kept. */
export interface Known {
  rows: Map<string, Promise<readonly unknown[]>> | undefined;
}

const knownBy = new WeakMap<DuckDBConnection, Known>();

/** Lets connections to one store ask once for what `rowsOnce` reads, until a connection of this process writes. */
export function shareReads(connection: DuckDBConnection, known: Known): void {
  knownBy.set(connection, known);
}

/** Lets a connection ask anew: where its temporary tables replace the store's. */
export function readsAlone(connection: DuckDBConnection): void {
  knownBy.delete(connection);
}

/**
 * The rows of a statement that depends on the store alone, which every measure asks: the connections that a store's
 * `connect` gives read them once, until something is written. Nobody may change them.
 */
export async function rowsOnce<R>(connection: DuckDBConnection, sql: string): Promise<readonly R[]> {
  const known = knownBy.get(connection)?.rows;
  if (known === undefined) return rowsOf<R>(connection, sql);
  const theirs = known.get(sql) as Promise<readonly R[]> | undefined;
  // Another connection may have been stopped or closed while it asked.
  if (theirs !== undefined) return theirs.catch(() => rowsOf<R>(connection, sql));
  const found = rowsOf<R>(connection, sql);
  known.set(sql, found);
  try {
    return await found;
  } catch (error) {
    if (known.get(sql) === found) known.delete(sql);
    throw error;
  }
}

// Quoted names and texts, and comments, hold words that are no statements.
const quoted = /'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(\w*)\$[\s\S]*?\$\1\$|--[^\n]*|\/\*[\s\S]*?\*\//g;
// A connection's own tables and settings are not the store's.
const readsOnly =
  /^\s*(?:$|(?:select|from|with|explain|describe|show|summarize|set|reset)\b|create\s+(?:or\s+replace\s+)?temp)/i;
const writesWithin = /\b(?:insert\s+into|delete\s+from|merge\s+into|update(?=\s+\S+\s+set\b))\s+([^\s(]+)/gi;
const makesOwn = /^\s*create\s+(?:or\s+replace\s+)?temp(?:orary)?\s+table\s+(?:if\s+not\s+exists\s+)?(\w+)/i;

/**
 * True if statements change nothing that other connections see; false also where that is not plain.
 *
 * @param own the temporary tables that the connection has made, which hide the store's of the same name
 */
function isRead(sql: unknown, own: Set<string>): boolean {
  if (typeof sql !== "string") return false;
  const bare = sql.replace(quoted, (found) => (/^[-/]/.test(found) ? " " : "x"));
  const isOne = (statement: string): boolean => {
    const written = [...statement.matchAll(writesWithin)];
    if (!written.every(([, name]) => own.has(name.toLowerCase()))) return false;
    const made = makesOwn.exec(statement)?.[1].toLowerCase();
    // Every quoted name reads "x" here.
    if (made !== undefined && made !== "x") own.add(made);
    return readsOnly.test(statement) || written.some(({ index }) => statement.slice(0, index).trim() === "");
  };
  if (bare.split(";").every(isOne)) return true;
  // It may have dropped some of them, or undone what made them.
  own.clear();
  return false;
}

/** These have written when they are done. */
const asking = ["run", "runAndRead", "runAndReadAll", "runAndReadUntil"] as const;
/** What these give may write later, unseen. */
const keeping = [
  ...["prepare", "extractStatements", "runUntilLast", "createAppender"],
  ...["stream", "streamAndRead", "streamAndReadAll", "streamAndReadUntil"],
  ...["start", "startThenRead", "startThenReadAll", "startThenReadUntil"],
  ...["startStream", "startStreamThenRead", "startStreamThenReadAll", "startStreamThenReadUntil"],
] as const;

/**
 * The connection as one that forgets what is known of a store when it writes, be it by a statement of the user's; for good
 * where it could write unseen.
 */
export function forgettingOnWrites(connection: DuckDBConnection, known: Known): DuckDBConnection {
  const own = new Set<string>();
  const methods = connection as unknown as Record<string, (...given: unknown[]) => Promise<unknown>>;
  const asked = asking.map((name) => async (...given: unknown[]) => {
    if (isRead(given[0], own)) return methods[name](...given);
    known.rows?.clear();
    try {
      return await methods[name](...given);
    } finally {
      known.rows?.clear();
    }
  });
  const kept = keeping.map((name) => (...given: unknown[]) => {
    if (name === "createAppender" || !isRead(given[0], own)) known.rows = undefined;
    return methods[name](...given);
  });
  const all = [...asking, ...keeping].map((name, at) => [name, [...asked, ...kept][at]]);
  return Object.assign(Object.create(connection), Object.fromEntries(all));
}
