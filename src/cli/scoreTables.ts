import { existsSync, readFileSync } from "node:fs";
import { type Command, InvalidArgumentError } from "commander";
import { findColumn } from "../measures/benchmark/benchmarkColumn";
import { readScores, type Scores } from "../measures/benchmark/benchmarkTable";
import type { Measure } from "../measures/measure";
import { commandNamed, inCommandWords, spelled } from "./commandWords";
import { ofMeasure } from "./help";
import { optionOf, withMeasureOptions } from "./measureOptions";
import { renamed } from "./oldNames";
import { withReadOptions } from "./readOptions";
import { ownTitle, type Topic } from "./topics";

/** The options for tables of scores, as commander returns them. */
export interface TableFlags {
  table: string[];
  model?: string;
  models?: string;
  same: Record<string, string>;
  exactNames?: boolean;
  shared?: boolean;
}

/** What the command line knows of a measure of leaderboards. */
export type Board = Pick<Measure, "name" | "was" | "about" | "options" | "words">;

/** Adds the command of what compares scores: of tables, of files, or of a store's benchmarks. */
export function addBoard(program: Command, { name, was, about, options = {}, words }: Board): Command {
  const command = renamed(commandNamed(program, name), was)
    .description(about)
    .argument("[file...]", "files with scores, to read without a store");
  ofMeasure(command, name);
  withReadOptions(withTables(command));
  for (const [option, described] of Object.entries(options))
    if (!described.hidden) command.addOption(optionOf(option, described));
  return withMeasureOptions(command, words);
}

/** Sets what the command of a board does; an error names the command and its options. */
export function boardAction<F extends object>(
  command: Command,
  act: (files: string[], flags: F) => Promise<void>,
): void {
  command.action(async (files: string[], _flags: F, used: Command) => {
    try {
      await act(files, used.optsWithGlobals<F>());
    } catch (error) {
      throw inCommandWords(error, { name: spelled(used) }, used);
    }
  });
}

/** Adds the options that say which tables are read and how model names are matched. */
export function withTables(command: Command): Command {
  return command
    .optionsGroup("tables" satisfies Topic)
    .option(
      "--table <file>",
      "a table of scores (CSV, JSON, JSON lines) or a folder of them; repeatable, joined on the model",
      gathered,
      [],
    )
    .option("--model <column>", "the column of models' names (default: the usual names, else the first)")
    .option("--models <list|file>", "only these models: a,b,c, or a file with one a line")
    .option("--shared", "only models that every table has")
    .option("--same <a=b>", "two names of one model, repeatable", pair, {})
    .option("--exact-names", "match names only if they are spelled the same")
    .optionsGroup(ownTitle);
}

/** The tables, read and joined; undefined if none is given. */
export function tablesOf({ table, model, models, same, exactNames, shared }: TableFlags): Scores | undefined {
  if (table.length === 0) return undefined;
  const exact = exactNames === true;
  return readScores(table, {
    model,
    same,
    exact,
    shared,
    models: models === undefined ? undefined : namesIn(models),
  });
}

/** Names given in a list, or one per line in a file; "#" starts a comment. */
export function namesIn(given: string): string[] {
  const text = existsSync(given) ? readFileSync(given, "utf8") : given;
  return text
    .split(existsSync(given) ? /\r?\n/ : ",")
    .map((name) => name.replace(/^#.*/, "").trim())
    .filter(Boolean);
}

/** The parts of a list; commas inside brackets or quotes do not separate. */
export function listIn(given: string): string[] {
  return (given.match(/(?:"[^"]*"|\([^)]*\)|\[[^\]]*\]|[^,])+/g) ?? [])
    .map((name) => name.trim().replace(/^"(.*)"$/, "$1"))
    .filter(Boolean);
}

/** The columns in a list; if a name contains a comma, as in "BBH, cot (3-shot)", the longest match counts. */
export function columnsIn(given: string, { columns }: Scores): string[] {
  const parts = listIn(given);
  const found: string[] = [];
  while (parts.length > 0) {
    let count = parts.length;
    while (count > 1 && findColumn(columns, parts.slice(0, count).join(", ")) === undefined) count--;
    found.push(parts.splice(0, count).join(", "));
  }
  return found;
}

function gathered(given: string, before: string[]): string[] {
  return [...before, given];
}

function pair(given: string, before: Record<string, string>): Record<string, string> {
  const equals = given.indexOf("=");
  if (equals < 1) throw new InvalidArgumentError(`expected name=name, got "${given}"`);
  return { ...before, [given.slice(0, equals).trim()]: given.slice(equals + 1).trim() };
}
