import type { Command } from "commander";
import { summarise } from "../explore/summarise";
import { print, tableText } from "./output";
import { withReadOptions } from "./readOptions";
import { type SourceFlags, withStore } from "./withStore";

/** `fieldnotes summarise`: what the columns of a table or a statement hold. */
export function addSummarise(program: Command): void {
  const command = program
    .command("summarise")
    .description(
      "what the columns of a table or of a query's result hold: types, missing values, quantiles, frequent values",
    )
    .argument("<sql>", "a table (docs/schema.md lists them) or one statement")
    .argument("[file...]", "logs to read without a store");
  withReadOptions(command).action(async (sql: string, files: string[], _flags: unknown, used: Command) => {
    const flags = used.optsWithGlobals<SourceFlags & { json?: boolean }>();
    const table = await withStore(files, flags, (store) => summarise(store, sql));
    print(flags.json === true, table, () => tableText(table));
  });
}
