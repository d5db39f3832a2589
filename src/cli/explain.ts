import type { Command } from "commander";
import { explain } from "../measures/explain";
import { commandOf } from "../measures/measure";
import { measures } from "../measures/measures";
import { addMeasure } from "./measures";
import { print } from "./output";
import { withBenchmarks, withStore } from "./withStore";

/** `fieldnotes explain`: the SQL behind a measure, given with the same options as for measuring. */
export function addExplain(program: Command): void {
  const command = program
    .command("explain")
    .description("the SQL behind a measure's numbers: fieldnotes explain latency --by model");
  for (const one of measures.filter(({ of }) => of === undefined))
    addMeasure(command, one, async ({ measure, options }, files, flags) => {
      const name = commandOf(measure);
      const within = measure.needs.includes("benchmarks") ? withBenchmarks : withStore;
      const found = await within(files, flags, (store) => explain(store, name, options));
      print(flags.json === true, { measure: name, ...found }, () =>
        found.statements.length === 0
          ? `${name} reads the table ${measure.needs.join(" and the table ")}, and no other SQL.`
          : found.script,
      );
    });
}
