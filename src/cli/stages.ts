import type { Command } from "commander";
import { stages } from "../measures/service/stages";
import { type MeasureFlags, measureOptions, numbers, withMeasureOptions } from "./measureOptions";
import { print, tableText } from "./output";
import { withReadOptions } from "./readOptions";
import { type SourceFlags, withStore } from "./withStore";

interface Flags extends MeasureFlags, SourceFlags {
  q: number[];
  json?: boolean;
}

/** `fieldnotes stages`: where the time of a task goes. */
export function addStages(program: Command): void {
  const command = program
    .command("stages")
    .description("where the time of a task goes: every stage and its share of the critical path")
    .argument("[file...]", "logs to measure without a store")
    .option("--q <probabilities>", "quantiles", numbers, [0.5, 0.95, 0.99]);
  const by = "columns that tell rows apart, of a task's first answering call (default: workload)";
  const where = "only tasks whose first answering call meets this SQL predicate";
  withReadOptions(withMeasureOptions(command, { by, where })).action(
    async (files: string[], _flags: Flags, used: Command) => {
      const flags = used.optsWithGlobals<Flags>();
      const options = { ...measureOptions(flags), q: flags.q };
      const table = await withStore(files, flags, (store) => stages(store, options));
      print(flags.json === true, table, () => tableText(table));
    },
  );
}
