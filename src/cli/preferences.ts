import type { Command } from "commander";
import { type PreferenceOptions, preferences } from "../measures/preferences/preferences";
import { number } from "./measureOptions";
import { aboutOf } from "./measures";
import { print, tableText } from "./output";
import { withReadOptions } from "./readOptions";
import { type SourceFlags, withStore } from "./withStore";

type Flags = PreferenceOptions & SourceFlags & { json?: boolean };

/** `fieldnotes preferences`: which model raters prefer. */
export function addPreferences(program: Command): void {
  const command = program
    .command("preferences")
    .description(aboutOf("preferences"))
    .argument("[file...]", "files with comparisons, to read without a store")
    .option("--by <names>", "also separate rows by workload, rater (human or judge) or rater_id")
    .option("--where <sql>", "only comparisons that meet this SQL predicate over the columns of preferences")
    .option("--control <names>", "hold equal: style, or any of length, lists, headings, bold")
    .option("--baseline <model>", "win rates against this model (default: each of the others, equally often)")
    .option("--level <share>", "confidence of the intervals", number, 0.95);
  withReadOptions(command).action(async (files: string[], _flags: Flags, used: Command) => {
    const flags = used.optsWithGlobals<Flags>();
    const { by, where, control, baseline, level } = flags;
    const table = await withStore(files, flags, (store) =>
      preferences(store, { by, where, control, baseline, level }),
    );
    print(flags.json === true, table, () => tableText(table));
  });
}
