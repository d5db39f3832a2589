import type { Command } from "commander";
import { type Explained, explain, explainedNames } from "../measures/explain";
import { type MeasureFlags, measureOptions, numbers, withMeasureOptions } from "./measureOptions";
import { print } from "./output";
import { withReadOptions } from "./readOptions";
import { type SourceFlags, withStore } from "./withStore";

interface Flags extends MeasureFlags, SourceFlags {
  metric?: string;
  q?: number[];
  score?: string;
  credit?: string;
  json?: boolean;
}

/** `fieldnotes explain`: the SQL behind a measure. */
export function addExplain(program: Command): void {
  const command = program
    .command("explain")
    .description("the SQL behind a measure's numbers: every statement that the engine ran for it")
    .argument("<measure>", explainedNames.join(", "))
    .argument("[file...]", "logs to measure without a store")
    .option("--metric <name>", "of latency")
    .option("--q <probabilities>", "quantiles", numbers)
    .option("--score <name>", "of quality, consistency and context-length")
    .option("--credit <which>", "of cost: first or last");
  withReadOptions(withMeasureOptions(command)).action(
    async (measure: Explained, files: string[], _flags: Flags, used: Command) => {
      const flags = used.optsWithGlobals<Flags>();
      const { metric, q, score, credit } = flags;
      const given = Object.entries({ metric, q, score, credit }).filter(([, value]) => value !== undefined);
      const options = { ...measureOptions(flags), ...Object.fromEntries(given) };
      const found = await withStore(files, flags, (store) => explain(store, measure, options));
      print(flags.json === true, { measure, ...found }, () => found.script);
    },
  );
}
