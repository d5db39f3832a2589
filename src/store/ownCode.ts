import type { DuckDBConnection } from "@duckdb/node-api";
import { rowsOf } from "./run";
import { columnsOf, schema, type TableName } from "./schema";

const namesOf = async (connection: DuckDBConnection, sql: string) =>
  (await rowsOf<{ name: string }>(connection, sql)).map(({ name }) => name);

// By their whole names and without any function of a value: a store may have macros of all these names.
const catalog = (what: "tables" | "columns" | "views" | "functions" | "types") =>
  `system.main.duckdb_${what}()`;
const ofStore = "not internal and database_name not in ('temp', 'system')";
// Names without a schema are looked up here.
const inMain = "schema_name = 'main'";

const viewNames = (connection: DuckDBConnection, where = "true") =>
  namesOf(
    connection,
    `select view_name as name from ${catalog("views")} where ${ofStore} and ${where} order by name`,
  );

const macroNames = (connection: DuckDBConnection, where = "true") =>
  namesOf(
    connection,
    `select distinct function_name as name from ${catalog("functions")} where ${ofStore} and ${where} order by name`,
  );

/** The names of a store's tables, whatever macros it has. */
export const tableNames = (connection: DuckDBConnection, where = inMain): Promise<string[]> =>
  namesOf(
    connection,
    `select table_name as name from ${catalog("tables")} where ${ofStore} and ${where} order by name`,
  );

/** Whatever a database has, in any schema: one with a view or a macro alone is somebody's. */
export const allNames = async (connection: DuckDBConnection): Promise<string[]> => [
  ...(await tableNames(connection, "true")),
  ...(await viewNames(connection)),
  ...(await macroNames(connection)),
];

const tables = new Set(["fieldnotes", ...Object.keys(schema)]);

/**
 * Fails for a store in which a view stands in the place of one of our tables: what reads that table would run it.
 *
 * @throws Error with its name
 */
export async function checkNoViews(
  connection: DuckDBConnection,
  path: string,
  of: ReadonlySet<string> = tables,
): Promise<void> {
  const view = (await viewNames(connection, inMain)).find((name) => of.has(name.toLowerCase()));
  if (view !== undefined)
    throw new Error(
      `open ${path}: ${JSON.stringify(view)} is a view in this store, in the place of a table, and would decide what ` +
        `is measured; ingest the logs into a new store (--db NEW.duckdb)`,
    );
}

/**
 * Fails for a store in which a view stands in the place of one of our tables, a column of one is calculated, or a macro
 * or type has the name of one of the engine's: every measure would run it.
 *
 * @throws Error with its name
 */
export async function checkOwnCode(connection: DuckDBConnection, path: string): Promise<void> {
  await checkNoViews(connection, path);
  const macros = new Set((await macroNames(connection, inMain)).map((name) => name.toLowerCase()));
  const engines = macros.size === 0 ? [] : await namesOf(connection, ofEngine);
  const taken = engines.find((name) => macros.has(name.toLowerCase()));
  if (taken !== undefined)
    throw new Error(
      `open ${path}: this store has a macro named like the engine's function ${JSON.stringify(taken)}, which every ` +
        `number would pass; drop it in DuckDB (drop macro "${taken}"), or use another store`,
    );
  const [type] = await namesOf(connection, typesOfEngine);
  if (type !== undefined)
    throw new Error(
      `open ${path}: this store has a type named like the engine's ${JSON.stringify(type)}, as which values would be ` +
        `read; drop it in DuckDB (drop type "${type}"), or use another store`,
    );
  await checkColumns(connection, path);
}

/** Fails if a column of one of our tables is calculated by the store, or is of another type. */
async function checkColumns(connection: DuckDBConnection, path: string): Promise<void> {
  const columns = await rowsOf<{ table: string; column: string; type: string; given: string | null }>(
    connection,
    `select table_name as "table", column_name as "column", data_type as type, column_default as given
     from ${catalog("columns")} where ${ofStore} and ${inMain} order by all`,
  );
  for (const { table, column, type, given } of columns) {
    if (!tables.has(table.toLowerCase())) continue;
    const known = Object.hasOwn(schema, table) ? columnsOf(table as TableName) : {};
    const other = Object.hasOwn(known, column) && known[column].type !== type;
    if (given === null && !other) continue;
    const is = other
      ? `is of type ${type} instead of ${known[column].type}`
      : "is calculated by the store itself";
    throw new Error(
      `open ${path}: the column ${JSON.stringify(column)} of its table ${table} ${is}, as in no store that ` +
        "fieldnotes makes; ingest the logs into a new store (--db NEW.duckdb)",
    );
  }
}

const ofEngine = `select distinct function_name as name from ${catalog("functions")} where internal order by name`;

// The engine's own are listed once for each database, some of them in small letters; a type that a store adds is no
// internal one.
const typesOfEngine = `select distinct type_name as name from ${catalog("types")} where ${ofStore} and type_name
  collate nocase in (select type_name from ${catalog("types")} where internal) order by name`;

/** The store's own views and macros whose names stand in a statement: it may run them. */
export async function ownCodeIn(connection: DuckDBConnection, sql: string): Promise<string[]> {
  const text = sql.toLowerCase().replaceAll('""', '"');
  const names = [...(await viewNames(connection)), ...(await macroNames(connection))];
  const isIn = (name: string) =>
    /^\w+$/.test(name) ? new RegExp(`(?<!\\w)${name}(?!\\w)`).test(text) : text.includes(name);
  return names.filter((name) => isIn(name.toLowerCase())).sort();
}
