import type { Command } from "commander";
import { counted } from "../stats/text";
import { type PlainRow, rowsOf } from "../store/run";
import { writeOut } from "../store/writeOut";
import { print, tableText } from "./output";
import { withReadOptions } from "./readOptions";
import { type SourceFlags, withStore } from "./withStore";

interface Flags extends SourceFlags {
  out?: string;
  json?: boolean;
}

/** `fieldnotes query`: a statement of your own over the tables. */
export function addQuery(program: Command): void {
  const command = program
    .command("query")
    .description("run SQL over the store's tables (docs/schema.md lists them)")
    .argument("<sql>", "one statement")
    .argument("[file...]", "logs to query without a store")
    .option("--out <file>", "write the rows to a .parquet, .csv, .json, .jsonl, .arrow or .feather file");
  withReadOptions(command).action(async (sql: string, files: string[], _flags: Flags, used: Command) => {
    const flags = used.optsWithGlobals<Flags>();
    const { out } = flags;
    if (out !== undefined) {
      const written = await withStore(files, flags, (store) => writeOut(store, sql, out));
      print(flags.json === true, { out, rows: written }, () => `${counted(written, "row")} in ${out}`);
      return;
    }
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
