import { type Command, Option } from "commander";
import { summarise } from "../explore/summarise";
import { counted } from "../stats/text";
import type { Store } from "../store/open";
import { ownCodeIn } from "../store/ownCode";
import { checkIsStatement } from "../store/query";
import { type PlainRow, rowsOf } from "../store/run";
import { writeOut } from "../store/writeOut";
import { renamed } from "./oldNames";
import { print, tableText } from "./output";
import { withReadOptions } from "./readOptions";
import { type SourceFlags, withStore } from "./withStore";

interface Flags extends SourceFlags {
  out?: string;
  json?: boolean;
  ownViews?: boolean;
  summary?: boolean;
}

/** `fieldnotes query`: a statement of your own over the tables. */
export function addQuery(program: Command): void {
  const command = program
    .command("query")
    .description("run SQL over the store's tables (docs/schema.md lists them)")
    .argument("<sql>", "one statement; with --summary, or a table")
    .argument("[file...]", "logs to query without a store")
    .option("--out <file>", "write the rows to a .parquet, .csv, .json, .jsonl, .arrow or .feather file")
    .addOption(
      renamed(
        new Option(
          "--summary",
          "instead of the rows, what their columns hold: types, missing values, quantiles, frequent values",
        ).conflicts(["out", "ownViews"]),
        "summarise",
      ),
    )
    .option("--own-views", "run the views and macros that are in the store, which may read any file");
  withReadOptions(command).action(async (sql: string, files: string[], _flags: Flags, used: Command) => {
    const flags = used.optsWithGlobals<Flags>();
    const { out } = flags;
    if (flags.summary === true) {
      const table = await withStore(files, flags, (store) => summarise(store, sql));
      print(flags.json === true, table, () => tableText(table));
      return;
    }
    checkIsStatement(sql);
    const onStore = <T>(work: (store: Store) => Promise<T>) =>
      withStore(files, flags, async (store) => {
        if (!flags.ownViews) await checkStatement(store, sql);
        return work(store);
      });
    if (out !== undefined) {
      const written = await onStore((store) => writeOut(store, sql, out));
      print(flags.json === true, { out, rows: written }, () => `${counted(written, "row")} in ${out}`);
      return;
    }
    const rows = await onStore((store) => rowsOf(store.connection, sql));
    print(flags.json === true, { rows }, () =>
      rows.length === 0 ? "no rows" : tableText(rows.map(printable)),
    );
  });
}

// What is in a store of someone else is data: a view of theirs would run with the rights of who asks.
async function checkStatement(store: Store, sql: string): Promise<void> {
  const [name] = await ownCodeIn(store.connection, sql);
  if (name !== undefined)
    throw new RangeError(
      `query requires --own-views for ${JSON.stringify(name)}, a view or macro in the store: it may read any file, so ` +
        "use it if the store is your own",
    );
}

function printable(row: PlainRow): PlainRow {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, cell(value)]));
}

function cell(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  return value !== null && typeof value === "object" ? JSON.stringify(value) : value;
}
