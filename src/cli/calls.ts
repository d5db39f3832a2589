import type { Command, Option } from "commander";
import { type Calls, type CallsOptions, calls } from "../measures/calls";
import type { Row, Table } from "../measures/table";
import { callUnits } from "../page/callUnits";
import { didYouMean } from "../store/nearest";
import type { Store } from "../store/open";
import { whole } from "./measureOptions";
import { print, tableText } from "./output";
import { withReadOptions } from "./readOptions";
import { ownTitle, type Topic } from "./topics";
import { type SourceFlags, withStore } from "./withStore";

/** `fieldnotes calls`: the calls that meet a condition. */
export function addCalls(program: Command): void {
  const command = program
    .command("calls")
    .description(
      "list calls, slowest or most expensive first; for the calls behind a row: fieldnotes MEASURE --calls ROW",
    )
    .argument("[file...]", "logs to read without a store")
    .option("--where <predicate>", "calls that meet this SQL predicate", "true")
    .option("--order <column>", 'a column of calls, largest first; "cost asc" for smallest first', "duration")
    .option("--limit <number>", "most calls listed", whole, 20);
  withReadOptions(command).action(async (files: string[], _flags: unknown, used: Command) => {
    const flags = used.optsWithGlobals<SourceFlags & CallsOptions & { json?: boolean }>();
    const { where, order, limit } = flags;
    const found = await withStore(files, flags, (store) => calls(store, { where, order, limit }));
    print(flags.json === true, found, () => callsText(found));
  });
}

/** Adds the options that ask for the calls behind a row; where it has several columns, with one that names the column. */
export function withCallsOptions(command: Command, column?: Option): void {
  command
    .optionsGroup("rows" satisfies Topic)
    .option(
      "--calls <row>",
      "list calls instead of the table: a row's number, or the values of its first columns",
    );
  if (column !== undefined) command.addOption(column);
  command
    .option("--limit <number>", "with --calls: most calls listed (default: 20)", whole)
    .optionsGroup(ownTitle);
}

/** The calls behind the row of a table that a person named. */
export function callsOf(
  store: Store,
  table: Table,
  selector: string,
  options: Pick<CallsOptions, "column" | "limit"> = {},
): Promise<Calls> {
  return calls(store, { row: rowNamed(table, selector), ...options });
}

/** Calls as a table for the terminal. */
export const callsText = (found: Calls): string => tableText(found, { units: callUnits });

/** A row by its number from 1, or by the values of its first columns. */
function rowNamed({ by, rows, measure }: Table, selector: string): Row {
  const names = rows.map((row) => by.map((name) => String(row[name] ?? "not given")).join(","));
  const at =
    /^\d+$/.test(selector) && !names.includes(selector)
      ? Number(selector) - 1
      : names.indexOf(selector.replaceAll(", ", ","));
  if (rows[at] !== undefined) return rows[at];
  if (rows.length === 0)
    throw new RangeError(
      `${measure.replaceAll(" ", "-")} found no rows, so there are no calls behind row "${selector}"`,
    );
  throw new RangeError(
    `${measure.replaceAll(" ", "-")} requires --calls to be a row from 1 to ${rows.length}, or the values of its first columns (${names.slice(0, 3).join("; ")}${names.length > 3 ? "; ..." : ""}), got "${selector}"${didYouMean(selector, names)}`,
  );
}
