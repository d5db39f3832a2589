import type { Command } from "commander";
import { contextLength, effectiveContext } from "../measures/service/contextLength";
import { type MeasureFlags, measureOptions, number, whole, withMeasureOptions } from "./measureOptions";
import { print, tableText } from "./output";
import { withReadOptions } from "./readOptions";
import { type SourceFlags, withStore } from "./withStore";

interface Flags extends MeasureFlags, SourceFlags {
  score: string;
  bins: number;
  floor?: number;
  json?: boolean;
}

/** `fieldnotes context-length`: latency, cost and quality by the length of the input. */
export function addContextLength(program: Command): void {
  const command = program
    .command("context-length")
    .description("latency, cost, errors and quality by the length of the input, each with its interval")
    .argument("[file...]", "logs to measure without a store")
    .option("--score <name>", "the score that says whether an answer is good", "resolved")
    .option("--bins <number>", "bins of about equally many calls", whole, 6)
    .option("--floor <score>", "tell as well the longest input whose lower bound holds this score", number);
  withReadOptions(withMeasureOptions(command)).action(
    async (files: string[], _flags: Flags, used: Command) => {
      const flags = used.optsWithGlobals<Flags>();
      const options = { ...measureOptions(flags), score: flags.score, bins: flags.bins };
      const table = await withStore(files, flags, (store) => contextLength(store, options));
      if (flags.floor === undefined) return print(flags.json === true, table, () => tableText(table));
      const effective = effectiveContext(table, { floor: flags.floor });
      print(flags.json === true, { ...table, effective: effective.rows }, () =>
        [tableText(table), tableText(effective)].join("\n\n"),
      );
    },
  );
}
