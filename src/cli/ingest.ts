import { existsSync } from "node:fs";
import type { Command } from "commander";
import { type IngestedFile, type IngestResult, ingest } from "../logs/ingest";
import { emptiedText } from "../logs/load/emptied";
import { progress } from "../notebook/progress";
import { counted, grouped } from "../stats/text";
import { nameList } from "../store/nameList";
import { type FilledTable, filledTables } from "../store/schema";
import { failedAlike } from "./failedAlike";
import { failed } from "./failure";
import { print } from "./output";
import { withOwnStore } from "./ownStore";
import { printPreviews } from "./preview";
import { ingestOptions, type ReadFlags, withReadOptions } from "./readOptions";
import { recordsLine, sumOfRecords } from "./records";

interface Flags extends ReadFlags {
  also?: boolean;
  outcomesFrom?: string;
  preview?: boolean;
}

/** `fieldnotes ingest`: logs, scores, benchmarks and prices into the store. */
export function addIngest(program: Command): void {
  withReadOptions(
    program
      .command("ingest")
      .description("read exported logs, scores, benchmarks and prices into the store")
      .argument(
        "<path...>",
        "files, pipes, folders or globs, - for standard input: JSONL, JSON, CSV, Parquet or Arrow, also .gz and .zst",
      ),
  )
    .option(
      "--also",
      "keep what the same files gave when they were read differently; by default it is replaced",
    )
    .option(
      "--outcomes-from <names>",
      "whose outcome of a task counts where files disagree and none is newer: files, patterns or formats, the most trusted first",
    )
    .option("--preview", "show ten rows as they would be read, with units, and write nothing")
    .action(async (paths: string[], flags: Flags, command: Command) => {
      const { db, json } = command.optsWithGlobals<{ db: string; json?: boolean }>();
      if (flags.preview) return printPreviews(paths, flags, json === true);
      const shown = progress("ingest");
      try {
        const result = await withOwnStore(db, (store) =>
          ingest(store, paths, {
            ...ingestOptions(flags),
            also: flags.also,
            outcomesFrom: nameList(flags.outcomesFrom),
            onProgress: ({ done, of }) => shown.update(done, of),
          }),
        );
        shown.end();
        print(json === true, result, () =>
          [
            ...lines(result.files),
            `${total(result.files)}${into(db)}${twice(result)}${beyond(result)}`,
            ...result.notes,
          ].join("\n"),
        );
        if (result.files.some(({ status }) => status === "failed")) process.exitCode = failed;
      } finally {
        shown.end();
      }
    });
}

const mostListed = 40;

// With very many files, similar ones share a line; those that need attention get their own.
function lines(files: IngestedFile[]): string[] {
  if (files.length <= mostListed) return failedAlike(files).map(line);
  const byOutcome = new Map<string, IngestedFile[]>();
  const own: string[] = [];
  for (const file of files) {
    if ((file.reason ?? file.emptied) !== undefined && own.length < mostListed) own.push(line(file));
    else if (!byOutcome.get(whatOf(file))?.push(file)) byOutcome.set(whatOf(file), [file]);
  }
  const summed = [...byOutcome].map(([, some]) =>
    line({ ...sumOf(some), path: counted(some.length, "file") }),
  );
  return [...own, ...summed];
}

function sumOf(files: IngestedFile[]): IngestedFile {
  const names = ["calls", "tasks", "scores", "others", "replaced", "rejected"] as const;
  const sums = names.map((name) => [name, files.reduce((sum, file) => sum + file[name], 0)]);
  const records = sumOfRecords(files.flatMap((file) => file.records ?? []));
  return {
    ...files[0],
    ...Object.fromEntries(sums),
    tables: sumOfTables(files),
    emptied: undefined,
    ...(records.read === 0 ? {} : { records }),
    reason: undefined,
  };
}

function sumOfTables(files: readonly IngestedFile[]): IngestedFile["tables"] {
  const sum: IngestedFile["tables"] = {};
  for (const { tables } of files)
    for (const table of filledTables) if (tables[table]) sum[table] = (sum[table] ?? 0) + tables[table];
  return sum;
}

/** The rows of each table by what they are. */
const rowNames: Record<FilledTable, string> = {
  calls: "calls",
  tasks: "tasks",
  scores: "scores",
  spans: "spans",
  texts: "texts",
  items: "eval items",
  preferences: "comparisons",
  sides: "sides of comparisons",
  benchmarks: "benchmark scores",
  prices: "prices",
};

const rowsText = (tables: IngestedFile["tables"]): string[] =>
  filledTables.flatMap((table) => countText(tables[table] ?? 0, rowNames[table]));

const countText = (count: number, name: string): string[] =>
  count === 0 ? [] : [`${grouped(count)} ${count === 1 ? name.replace(/s( of .*)?$/, "$1") : name}`];

function whatOf({ status, format }: IngestedFile): string {
  return status === "failed" ? "failed" : `${status} as ${format ?? "nothing"}`;
}

/** Counts of rows in words, those that are not 0. */
export function countsOf({
  tables,
  replaced = 0,
  rejected,
}: Pick<IngestedFile, "tables" | "rejected"> & { replaced?: number }): string[] {
  return [...rowsText(tables), ...countText(replaced, "replaced"), ...countText(rejected, "rejected")];
}

function line(file: IngestedFile): string {
  const { records } = file;
  const summary = [whatOf(file), ...countsOf(file)].join(", ");
  // If every record gave rows or is among the rejects, there is nothing to add.
  const left =
    records === undefined || records.read === records.rows + records.rejected
      ? ""
      : `\n  of ${counted(records.read, "record")} ${recordsLine(records)}`;
  const emptied = (file.emptied ?? []).map((one) => `\n  ${emptiedText(one)}; ${one.first}`);
  return `${file.path}: ${summary}${left}${emptied.join("")}${file.reason === undefined ? "" : `\n  ${file.reason}`}`;
}

function total(files: IngestedFile[]): string {
  const calls = files.reduce((sum, file) => sum + file.calls, 0);
  // A leaderboard or a price list brings no calls, and the store has those of other files.
  const rows = calls > 0 ? [] : rowsText(sumOfTables(files));
  const what = rows.join(", ") || `${grouped(calls)} call${calls === 1 ? "" : "s"}`;
  return `${what} of ${files.length} ${files.length === 1 ? "file" : "files"}`;
}

/** If nothing came in, no new store is left behind. */
const into = (db: string): string =>
  db === ":memory:" || existsSync(db) ? ` in ${db}` : `: nothing was read, so ${db} was not created`;

function twice({ loggedTwice }: IngestResult): string {
  return loggedTwice === 0
    ? ""
    : `; ${grouped(loggedTwice)} of them wrap another call for the same request and are left out`;
}

function beyond({ beyond }: IngestResult): string {
  return beyond === 0
    ? ""
    : `; ${grouped(beyond)} ${beyond === 1 ? "row" : "rows"} of earlier ingests had a value that cannot be: it is empty now`;
}
