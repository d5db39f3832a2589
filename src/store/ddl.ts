import { quoteName } from "./quote";
import { type Column, columnsOf, schema, schemaVersion, type TableName } from "./schema";

/** The statements that create the tables of a store. No keys: a unique index costs more than the whole ingest. */
export function tableStatements(tables: readonly TableName[]): string[] {
  return tables.map((table) => {
    const columns = Object.entries(columnsOf(table)).map(
      ([name, column]) => `${quoteName(name)} ${column.type}${compression(column)}`,
    );
    return `create table if not exists ${table} (${columns.join(", ")})`;
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

/** The tables and columns as a Markdown page. */
export function schemaDocument(): string {
  const sections = (Object.keys(schema) as TableName[]).map((table) => {
    const rows = Object.entries(columnsOf(table)).map(
      ([name, c]) => `| \`${name}\` | ${c.type} | ${c.about} |`,
    );
    return `## ${table}\n\n${schema[table].about}.\n\n| column | type | holds |\n|---|---|---|\n${rows.join("\n")}\n`;
  });
  return [
    "# The tables of a store\n",
    "Seconds, US dollars, UTC. A column the log does not have is empty, never zero. Other fields of a log are kept in",
    'calls under their own names: `"attributes.tenant"` ([exports.md](exports.md)); those of a file of tasks or scores, in tasks and scores.',
    `Written from \`src/store/schema.ts\` (version ${schemaVersion}) by \`npm run docs\`.\n`,
    ...sections,
  ].join("\n");
}
