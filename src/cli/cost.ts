import { type Command, Option } from "commander";
import { cost } from "../measures/cost/cost";
import { type MeasureFlags, measureOptions, withMeasureOptions } from "./measureOptions";
import { print, tableText } from "./output";
import { withReadOptions } from "./readOptions";
import { type SourceFlags, withStore } from "./withStore";

interface Flags extends MeasureFlags, SourceFlags {
  credit: "first" | "last";
  json?: boolean;
}

/** `fieldnotes cost`: what calls, tasks and resolved tasks cost. */
export function addCost(program: Command): void {
  const command = program
    .command("cost")
    .description("what calls, tasks and resolved tasks cost, all attempts included, each with its interval")
    .argument("[file...]", "logs to measure without a store")
    .addOption(
      new Option("--credit <which>", "the answering call that names the row a task counts for")
        .choices(["first", "last"])
        .default("first"),
    );
  const where =
    "only calls that meet this SQL predicate, and tasks whose answering call by --credit does, with all their calls";
  withReadOptions(withMeasureOptions(command, { where })).action(
    async (files: string[], _flags: Flags, used: Command) => {
      const flags = used.optsWithGlobals<Flags>();
      const options = { ...measureOptions(flags), credit: flags.credit };
      const table = await withStore(files, flags, (store) => cost(store, options));
      print(flags.json === true, table, () => tableText(table));
    },
  );
}
