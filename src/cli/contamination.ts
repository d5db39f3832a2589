import type { Command } from "commander";
import { contamination, contaminationOfTable } from "../measures/benchmark/contaminationOf";
import { number } from "./measureOptions";
import { aboutOf } from "./measures";
import { print, tableText } from "./output";
import { withReadOptions } from "./readOptions";
import { type TableFlags, tablesOf, withTables } from "./scoreTables";
import { type SourceFlags, withStore } from "./withStore";

interface Flags extends TableFlags, SourceFlags {
  public?: string;
  private?: string;
  publicSe?: string;
  privateSe?: string;
  publicItems?: string;
  privateItems?: string;
  lowerIsBetter?: boolean;
  benchmark?: string;
  date?: string;
  level: number;
  json?: boolean;
}

/** `fieldnotes contamination`: which models do better in public than in private. */
export function addContamination(program: Command): void {
  const command = program
    .command("contamination")
    .description(aboutOf("contamination"))
    .argument("[file...]", "files with scores, to read without a store");
  withReadOptions(withTables(command))
    .option("--public <name>", "the public benchmark, or the column of --table")
    .option("--private <name>", "the private or fresh one")
    .option("--public-se <column>", "standard errors of the public scores")
    .option("--private-se <column>", "standard errors of the private scores")
    .option("--public-items <column>", "items behind the public scores, which are then shares")
    .option("--private-items <column>", "items behind the private scores")
    .option("--lower-is-better", "lower scores are better")
    .option("--benchmark <name>", "one benchmark before and after --date, instead of two")
    .option("--date <day>", "scores dated before it are public, from it on fresh: 2026-01-31")
    .option(
      "--level <share>",
      "confidence of the intervals and, jointly, of all models that stand out",
      number,
      0.95,
    )
    .action(async (files: string[], _flags: Flags, used: Command) => {
      const flags = used.optsWithGlobals<Flags>();
      const table = await contaminationOfFlags(files, flags);
      print(flags.json === true, table, () => tableText(table));
    });
}

async function contaminationOfFlags(files: string[], flags: Flags) {
  const { level, benchmark, date, publicSe, privateSe, publicItems, privateItems, lowerIsBetter } = flags;
  const [open, hidden] = [flags.public, flags.private];
  const table = tablesOf(flags);
  if (open !== undefined && hidden !== undefined) {
    if (table !== undefined) {
      const sure = { publicSe, privateSe, publicItems, privateItems };
      return contaminationOfTable(table, { public: open, private: hidden, ...sure, lowerIsBetter, level });
    }
    return withStore(files, flags, (store) => contamination(store, { public: open, private: hidden, level }));
  }
  if (table === undefined && benchmark !== undefined && date !== undefined)
    return withStore(files, flags, (store) => contamination(store, { benchmark, date, level }));
  throw new RangeError(
    "contamination requires --public and --private, or --benchmark and --date; with --table both are columns",
  );
}
