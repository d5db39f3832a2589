import type { Command } from "commander";
import { tableText } from "../page/table";
import { type PlainRow, rowsOf } from "../store/query";
import { print } from "./output";
import { withReadOptions } from "./readOptions";
import { type SourceFlags, withStore } from "./withStore";

interface Flags extends SourceFlags {
  json?: boolean;
}

/** `fieldnotes query`: a statement of your own over the tables. */
export function addQuery(program: Command): void {
  const command = program
    .command("query")
    .description("run SQL over the store's tables (docs/schema.md lists them)")
    .argument("<sql>", "one statement")
    .argument("[file...]", "logs to query without a store");
  withReadOptions(command).action(async (sql: string, files: string[], _flags: Flags, used: Command) => {
    const flags = used.optsWithGlobals<Flags>();
    const rows = await withStore(files, flags, (store) => rowsOf(store.connection, sql));
    print(flags.json === true, { rows }, () =>
      rows.length === 0 ? "no rows" : tableText(rows.map(printable)),
    );
  });
}

function printable(row: PlainRow): PlainRow {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, cell(value)]));
}

function cell(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  return value !== null && typeof value === "object" ? JSON.stringify(value) : value;
}
