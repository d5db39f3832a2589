import type { Command } from "commander";
import { benchmarkContamination, contaminationOfTable } from "../measures/benchmark/contaminationOf";
import type { OptionsOf } from "../measures/define";
import { print, tableText } from "./output";
import { addBoard, boardAction, type TableFlags, tablesOf } from "./scoreTables";
import { type SourceFlags, withStore } from "./withStore";

interface Columns {
  publicSe?: string;
  privateSe?: string;
  publicItems?: string;
  privateItems?: string;
  lowerIsBetter?: boolean;
}

type Flags = TableFlags &
  SourceFlags &
  Columns &
  OptionsOf<typeof benchmarkContamination> & { json?: boolean };

/** `fieldnotes benchmark contamination`: which models do better in public than in private. */
export function addContamination(program: Command): void {
  const command = addBoard(program, benchmarkContamination.entry)
    .option("--public-se <column>", "standard errors of the public scores")
    .option("--private-se <column>", "standard errors of the private scores")
    .option("--public-items <column>", "items behind the public scores, which are then shares")
    .option("--private-items <column>", "items behind the private scores")
    .option("--lower-is-better", "lower scores are better");
  boardAction<Flags>(command, async (files, flags) => {
    const table = await contaminationOfFlags(files, flags);
    print(flags.json === true, table, () => tableText(table));
  });
}

async function contaminationOfFlags(files: string[], flags: Flags) {
  const { level, benchmark, date, publicSe, privateSe, publicItems, privateItems, lowerIsBetter } = flags;
  const { public: open, private: hidden } = flags;
  const table = tablesOf(flags);
  if (table !== undefined && open !== undefined && hidden !== undefined) {
    const sure = { publicSe, privateSe, publicItems, privateItems };
    return contaminationOfTable(table, { public: open, private: hidden, ...sure, lowerIsBetter, level });
  }
  const isOfTwo = open !== undefined && hidden !== undefined;
  if (table !== undefined || !(isOfTwo || (benchmark !== undefined && date !== undefined)))
    throw new RangeError(
      "benchmark contamination requires --public and --private, or --benchmark and --date; with --table both are columns",
    );
  const sides = { public: open, private: hidden, benchmark, date, level };
  return withStore(files, flags, (store) => benchmarkContamination(store, sides));
}
