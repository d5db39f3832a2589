import { existsSync } from "node:fs";
import type { Command } from "commander";
import { benchmarkTiers } from "../measures/benchmark/saturation";
import { type TierTable, tiersOfBenchmark } from "../measures/benchmark/tiers";
import { type TierTableOptions, tiersOfTable } from "../measures/benchmark/tiersOfTable";
import { number } from "./measureOptions";
import { print, tableText } from "./output";
import { addBoard, type Board, boardAction, namesIn, type TableFlags, tablesOf } from "./scoreTables";
import { type SourceFlags, withStore } from "./withStore";

export interface TierFlags extends TableFlags, SourceFlags, Partial<TierTableOptions> {
  benchmark?: string;
  json?: boolean;
}

/** Adds a command about a leaderboard, with the options that say where its scores and their errors are. */
export function addTierBoard(program: Command, described: Board): Command {
  return addBoard(program, described)
    .option("--score <column>", "the column of scores of --table")
    .option("--se <column>", "standard errors of the scores")
    .option("--low <column>", "lower bounds of the scores, with --high")
    .option("--high <column>", "upper bounds of the scores, with --low")
    .option("--draws <column>", "bootstrap draws of the scores: a list in each cell, or one draw per row")
    .option("--items <column>", "items behind the scores, which are then shares")
    .option("--ceiling <score>", "the highest possible score", number)
    .option("--lower-is-better", "lower scores are better");
}

/** The tiers of the leaderboard that the flags name. */
export async function tiersOfFlags(caller: string, files: string[], flags: TierFlags): Promise<TierTable> {
  const { benchmark, score, level, seed, ceiling, lowerIsBetter } = flags;
  const options = { level, seed, ceiling, lowerIsBetter };
  const table = tablesOf(flags);
  if (table !== undefined) {
    if (score === undefined)
      throw new RangeError(
        `${caller} requires --score with --table, got none; it has ${table.columns.slice(0, 12).join(", ")}`,
      );
    const { se, low, high, draws, items } = flags;
    return tiersOfTable(table, { ...options, score, se, low, high, draws, items });
  }
  if (benchmark === undefined)
    throw new RangeError(`${caller} requires --table FILE --score COLUMN or --benchmark NAME, got neither`);
  const models = modelsIn(flags);
  return withStore(files, flags, (store) => tiersOfBenchmark(store, { ...options, benchmark, models }));
}

function modelsIn({ models }: TierFlags): string[] | undefined {
  return models === undefined ? undefined : namesIn(models);
}

/** Whether all benchmarks of a store or of files are requested at once. */
function isAll(files: readonly string[], { table, benchmark, db }: TierFlags): boolean {
  return table.length === 0 && benchmark === undefined && (files.length > 0 || existsSync(db));
}

/** `fieldnotes benchmark tiers`: how many tiers a leaderboard really has. */
export function addTiers(program: Command): void {
  const command = addTierBoard(program, benchmarkTiers.entry);
  boardAction<TierFlags>(command, async (files, flags) => {
    const { level, seed } = flags;
    const table = isAll(files, flags)
      ? await withStore(files, flags, (store) =>
          benchmarkTiers(store, { models: modelsIn(flags), level, seed }),
        )
      : await tiersOfFlags("benchmark tiers", files, flags);
    print(flags.json === true, table, () => tableText(table, { caption: "Benchmark tiers" }));
  });
}
