import type { Command } from "commander";
import { type LatencyMetric, latency } from "../measures/latency/latency";
import { type MeasureFlags, measureOptions, numbers, withMeasureOptions } from "./measureOptions";
import { print, tableText } from "./output";
import { withReadOptions } from "./readOptions";
import { type SourceFlags, withStore } from "./withStore";

interface Flags extends MeasureFlags, SourceFlags {
  metric: LatencyMetric;
  q: number[];
  json?: boolean;
}

/** `fieldnotes latency`: mean and quantiles of how long calls take. */
export function addLatency(program: Command): void {
  const command = program
    .command("latency")
    .description("how long calls take: mean and quantiles, each with its interval")
    .argument("[file...]", "logs to measure without a store")
    .option(
      "--metric <name>",
      "duration, time_to_first_token (ttft), time_per_output_token (tpot) or output_tokens_per_second",
      "duration",
    )
    .option("--q <probabilities>", "quantiles", numbers, [0.5, 0.95, 0.99, 0.999]);
  withReadOptions(withMeasureOptions(command)).action(
    async (files: string[], _flags: Flags, used: Command) => {
      const flags = used.optsWithGlobals<Flags>();
      const options = { ...measureOptions(flags), metric: flags.metric, q: flags.q };
      const table = await withStore(files, flags, (store) => latency(store, options));
      print(flags.json === true, table, () => tableText(table, { caption: flags.metric }));
    },
  );
}
