import { quoteName } from "./quote";
import { type Column, columnsOf, schema, schemaVersion, type TableName } from "./schema";

/** The statements that create the tables of a store. No keys: a unique index costs more than the whole ingest. */
export function tableStatements(tables: readonly TableName[], temporary = false): string[] {
  return tables.map((table) => {
    const columns = Object.entries(columnsOf(table)).map(
      ([name, column]) => `${quoteName(name)} ${column.type}${compression(column)}`,
    );
    return `create ${temporary ? "temp " : ""}table if not exists ${table} (${columns.join(", ")})`;
  });
}

/** The statements that create an empty store. */
export function createStatements(): string[] {
  return [
    ...tableStatements(Object.keys(schema) as TableName[]),
    "create table fieldnotes (version INTEGER)",
    `insert into fieldnotes values (${schemaVersion})`,
  ];
}

// Named here so that the engine need not try every compression of a column, which takes a third of the time of
// writing one.
export function compression({ type, varied }: Pick<Column, "type" | "varied">): string {
  const text = varied === true ? "fsst" : "dictionary";
  const compression = { BIGINT: "bitpacking", TIMESTAMP: "bitpacking", DOUBLE: "alp", VARCHAR: text };
  return type === "BOOLEAN" ? "" : ` using compression ${compression[type]}`;
}
