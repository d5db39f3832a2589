import type { Command } from "commander";
import { throughput } from "../measures/service/throughput";
import { type MeasureFlags, measureOptions, withMeasureOptions } from "./measureOptions";
import { print, tableText } from "./output";
import { withReadOptions } from "./readOptions";
import { type SourceFlags, withStore } from "./withStore";

interface Flags extends MeasureFlags, SourceFlags {
  json?: boolean;
}

/** `fieldnotes throughput`: how much a service carries at a time. */
export function addThroughput(program: Command): void {
  const command = program
    .command("throughput")
    .description("calls an hour, tokens a second, calls in flight, and the share of waiting that is retry")
    .argument("[file...]", "logs to measure without a store");
  withReadOptions(withMeasureOptions(command)).action(
    async (files: string[], _flags: Flags, used: Command) => {
      const flags = used.optsWithGlobals<Flags>();
      const table = await withStore(files, flags, (store) => throughput(store, measureOptions(flags)));
      print(flags.json === true, table, () => tableText(table));
    },
  );
}
