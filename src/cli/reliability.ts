import type { Command } from "commander";
import { reliability } from "../measures/service/reliability";
import { type MeasureFlags, measureOptions, withMeasureOptions } from "./measureOptions";
import { print, tableText } from "./output";
import { withReadOptions } from "./readOptions";
import { type SourceFlags, withStore } from "./withStore";

interface Flags extends MeasureFlags, SourceFlags {
  json?: boolean;
}

/** `fieldnotes reliability`: how often calls fail, time out, are limited or are made again. */
export function addReliability(program: Command): void {
  const command = program
    .command("reliability")
    .description("rates of errors, timeouts, rate limits, retries and fallbacks, each with its interval")
    .argument("[file...]", "logs to measure without a store");
  withReadOptions(withMeasureOptions(command)).action(
    async (files: string[], _flags: Flags, used: Command) => {
      const flags = used.optsWithGlobals<Flags>();
      const table = await withStore(files, flags, (store) => reliability(store, measureOptions(flags)));
      print(flags.json === true, table, () => tableText(table));
    },
  );
}
