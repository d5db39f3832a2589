import type { Command } from "commander";
import { quality } from "../measures/quality/quality";
import type { Table } from "../measures/table";
import { type MeasureFlags, measureOptions, withMeasureOptions } from "./measureOptions";
import { print, tableText } from "./output";
import { type ViewFlags, viewOf, withViews } from "./qualityViews";
import { withReadOptions } from "./readOptions";
import { type SourceFlags, withStore } from "./withStore";

interface Flags extends MeasureFlags, SourceFlags, ViewFlags {
  score?: string;
  rater?: string;
  guarantee?: boolean;
  json?: boolean;
}

/** `fieldnotes quality`: the mean of a score, or another view of how good answers are. */
export function addQuality(program: Command): void {
  const command = program
    .command("quality")
    .description("how good answers are by a score of the log: its mean or rate, with its interval")
    .argument("[file...]", "logs and scores to measure without a store")
    .option(
      "--score <name>",
      "the score, or the form of outputs: json_valid, schema_valid; without it the scores of the log are listed",
    )
    .option("--rater <kind>", "whose judgement: human, user, judge or rule (default: whoever judged most)")
    .option("--guarantee", "rates with an interval that covers at least as often as it says");
  withReadOptions(withMeasureOptions(withViews(command))).action(
    async (files: string[], _flags: Flags, used: Command) => {
      const flags = used.optsWithGlobals<Flags>();
      const { rater, guarantee } = flags;
      const view = viewOf(flags);
      // Without a score the measure itself says which there are.
      const options = { ...measureOptions(flags), score: flags.score as string, rater };
      const table: Table = await withStore<Table>(files, flags, (store) =>
        view === undefined ? quality(store, { ...options, guarantee }) : view(store, options),
      );
      print(flags.json === true, table, () => tableText(table));
    },
  );
}
