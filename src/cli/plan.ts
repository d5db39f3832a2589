import type { Command } from "commander";
import { plan } from "../decide/plan/plan";
import { type MeasureFlags, measureOptions, number, withMeasureOptions } from "./measureOptions";
import { print } from "./output";
import { planText } from "./planText";
import { withReadOptions } from "./readOptions";
import { type SourceFlags, withEngineOptions, withStore } from "./withStore";

interface Flags extends MeasureFlags, SourceFlags {
  metric?: string;
  difference?: number;
  ratio?: number;
  power: number;
  split?: string;
  anytime?: boolean;
  json?: boolean;
}

/** `fieldnotes plan`: how long a test of two models has to run. */
export function addPlan(program: Command): void {
  const command = program
    .command("plan")
    .description(
      "how much traffic it takes to show a difference between two models, and what a week can show",
    )
    .argument("[file...]", "logs to plan from without a store")
    .option(
      "--metric <names>",
      "the metrics to compare (default: duration_p95,error_rate,cost_per_task,resolve_rate)",
    )
    .option("--difference <number>", "the difference to detect, in the metric's unit", number)
    .option("--ratio <factor>", "instead, the factor to detect (default: 1.1)", number)
    .option("--power <share>", "chance of detecting it if it is there", number, 0.8)
    .option("--split <shares>", 'check a running split: "model=0.5,0.5" or "model=alder:0.9,birch:0.1"')
    .option("--anytime", "allow looking at the results at any time; with --split, check the running arms");
  withReadOptions(
    withMeasureOptions(withEngineOptions(command), {
      by: "plan within each value of these columns (default: workload)",
      level: "confidence",
      cluster: "the unit of assignment to arms (auto: users)",
      interval: false,
    }),
  ).action(async (files: string[], _flags: Flags, used: Command) => {
    const flags = used.optsWithGlobals<Flags>();
    const { metric: metrics, difference, ratio, power, split, anytime } = flags;
    const options = { ...measureOptions(flags), metrics, difference, ratio, power, split, anytime };
    const found = await withStore(files, flags, (store) => plan(store, options));
    print(flags.json === true, found, () => planText(found));
  });
}
