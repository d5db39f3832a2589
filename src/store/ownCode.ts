import type { DuckDBConnection } from "@duckdb/node-api";
import { quoteText } from "./quote";
import { rowsOf } from "./run";
import { schema } from "./schema";

const namesOf = async (connection: DuckDBConnection, sql: string) =>
  (await rowsOf<{ name: string }>(connection, sql)).map(({ name }) => name);

const ofStore = "not internal and database_name = current_database()";
// Names without a schema are looked up here.
const inMain = "schema_name = 'main'";

const viewNames = (connection: DuckDBConnection, where = "true") =>
  namesOf(connection, `select view_name as name from duckdb_views() where ${ofStore} and ${where}`);

const macroNames = (connection: DuckDBConnection, where = "true") =>
  namesOf(
    connection,
    `select distinct function_name as name from duckdb_functions() where ${ofStore} and ${where}`,
  );

/**
 * Fails for a store in which a view stands in the place of one of our tables, or a macro has the name of one of the
 * engine's functions: every measure would run it.
 *
 * @throws Error with its name
 */
export async function checkOwnCode(connection: DuckDBConnection, path: string): Promise<void> {
  const tables = new Set(["fieldnotes", ...Object.keys(schema)]);
  const view = (await viewNames(connection, inMain)).find((name) => tables.has(name.toLowerCase()));
  if (view !== undefined)
    throw new Error(
      `open ${path}: ${JSON.stringify(view)} is a view in this store, in the place of a table, and would decide what ` +
        `is measured; ingest the logs into a new store (--db NEW.duckdb)`,
    );
  const macros = await macroNames(connection, inMain);
  if (macros.length === 0) return;
  const [taken] = await namesOf(
    connection,
    `select function_name as name from duckdb_functions() where internal and lower(function_name) in (${macros.map((name) => quoteText(name.toLowerCase())).join(", ")}) order by name limit 1`,
  );
  if (taken !== undefined)
    throw new Error(
      `open ${path}: this store has a macro named like the engine's function ${JSON.stringify(taken)}, which every ` +
        `number would pass; drop it in DuckDB (drop macro "${taken}"), or use another store`,
    );
}

/** The store's own views and macros whose names stand in a statement: it may run them. */
export async function ownCodeIn(connection: DuckDBConnection, sql: string): Promise<string[]> {
  const text = sql.toLowerCase().replaceAll('""', '"');
  const names = [...(await viewNames(connection)), ...(await macroNames(connection))];
  const isIn = (name: string) =>
    /^\w+$/.test(name) ? new RegExp(`(?<!\\w)${name}(?!\\w)`).test(text) : text.includes(name);
  return names.filter((name) => isIn(name.toLowerCase())).sort();
}
