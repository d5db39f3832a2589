import type { DuckDBConnection } from "@duckdb/node-api";
import { createStatements, tableStatements } from "./ddl";
import { allNames, checkNoViews, checkOwnCode, tableNames } from "./ownCode";
import { rowsOf, run } from "./run";
import { columnsOf, filledTables, schema, schemaVersion, type TableName } from "./schema";

/**
 * Fails if a store is not of this layout; otherwise makes what it lacks, or, if it may not be written, returns the
 * statements that give a connection empty tables in its place.
 */
export async function checkLayout(
  connection: DuckDBConnection,
  path: string,
  readOnly: boolean,
): Promise<string[]> {
  // Its layout is looked at first, and nothing but its layout: a store of another version has tables of its own.
  const tables = await tableNames(connection);
  await checkNoViews(connection, path, new Set(["fieldnotes"]));
  if (tables.includes("fieldnotes")) {
    const version = await versionOf(connection);
    const isBefore = version === schemaVersion - 1 && !readOnly;
    if (isBefore || version === schemaVersion) {
      await checkOwnCode(connection, path);
      if (isBefore) await bringUp(connection);
      // Tables that earlier versions lacked are empty for readers of such a store.
      const there = new Set(tables);
      const missing = tableStatements(
        (Object.keys(schema) as TableName[]).filter((table) => !there.has(table)),
        readOnly,
      );
      if (readOnly) return missing;
      for (const statement of missing) await run(connection, statement);
      await addColumns(connection);
      return [];
    }
    throw new Error(
      `open ${path}: this version reads stores of layout ${schemaVersion}, and this one has layout ` +
        `${version ?? "unknown"}. ` +
        (version === schemaVersion - 1
          ? "The next ingest into it brings it up to date: fieldnotes ingest FILE (any log that is already in it works)"
          : "Ingest the logs again into a new store (--db NEW.duckdb), or open it with the version of fieldnotes that wrote it"),
    );
  }
  const [first] = await allNames(connection);
  if (first !== undefined || readOnly) {
    throw new Error(
      `open ${path}: this is a DuckDB database, but not a fieldnotes store (it has ` +
        `${first === undefined ? "no tables" : `tables such as "${first}"`}). ` +
        "Choose another file with --db; a table of it can be exported to Parquet and ingested",
    );
  }
  // In one transaction: a process killed here leaves an empty database, which is simply created again.
  await run(connection, "begin");
  for (const statement of createStatements()) await run(connection, statement);
  await run(connection, "commit");
  return [];
}

/** The layout of a store; undefined if it does not say it as every version does. */
async function versionOf(connection: DuckDBConnection): Promise<number | undefined> {
  const rows = await rowsOf<{ version: unknown }>(connection, "select version from fieldnotes limit 2").catch(
    () => [],
  );
  const [row] = rows;
  return rows.length === 1 && typeof row.version === "number" ? row.version : undefined;
}

// The layout before this one lacked columns and hashed options under another name, so logs that may fill them are
// read again when they are next ingested.
async function bringUp(connection: DuckDBConnection): Promise<void> {
  const columns = Object.entries(added).flatMap(([table, names]) =>
    names.map((name) => {
      const { type } = columnsOf(table as TableName)[name];
      return `alter table ${table} add column if not exists ${name} ${type};`;
    }),
  );
  const tables = Object.keys(added).map((table) => `select ingest_id from ${table}`);
  await run(
    connection,
    `begin; alter table ingests rename column asked to options; ${columns.join(" ")}
     update ingests set options = concat_ws(', ', options, 'read before layout ${schemaVersion}')
       where ingest_id in (${tables.join(" union all ")});
     update fieldnotes set version = ${schemaVersion}; commit`,
  );
}

// A store of this layout may date from before tools or forms of answers were recorded, or when one odd field rejected its
// record. Read-only, it counts as having none; otherwise each log that may hold some is read again when it is next ingested.
async function addColumns(connection: DuckDBConnection): Promise<void> {
  const had = await rowsOf<{ name: string }>(
    connection,
    "select table_name || '.' || column_name as name from duckdb_columns() where database_name = current_database()",
  );
  const names = new Set(had.map(({ name }) => name));
  for (const { columns, before, logs } of addedSince) {
    const missing = columns.filter((name) => !names.has(name));
    if (missing.length === 0) continue;
    const add = missing.map((name) => {
      const [table, column] = name.split(".");
      return `alter table ${table} add column ${column} varchar;`;
    });
    await run(
      connection,
      `begin; ${add.join(" ")}
       update ingests set options = concat_ws(', ', options, 'read before ${before}') where format <> 'evalset labels' and ${logs}; commit`,
    );
  }
}

/** Columns that this layout got later, and the logs that may fill them. */
const addedSince = [
  { columns: ["spans.tool", "spans.arguments_hash"], before: "tools were kept", logs: "true" },
  {
    columns: filledTables.map((table) => `${table}.emptied`),
    before: "odd fields were left empty",
    logs: "rejected > 0",
  },
  {
    columns: ["calls.output_form"],
    before: "forms of answers were kept",
    logs: "ingest_id in (select ingest_id from calls where output_hash is not null)",
  },
];

/** What this layout has that the previous one lacked. */
const added: Partial<Record<TableName, readonly string[]>> = {
  calls: ["retry_after"],
  benchmarks: ["harness", "shots"],
};
