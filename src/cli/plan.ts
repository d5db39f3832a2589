import { type Command, Option } from "commander";
import { plan } from "../decide/plan";
import { clusterNames } from "../store/cluster";
import { number, whole } from "./measureOptions";
import { print } from "./output";
import { planText } from "./planText";
import { withReadOptions } from "./readOptions";
import { type SourceFlags, withStore } from "./withStore";

interface Flags extends SourceFlags {
  metric?: string;
  difference?: number;
  ratio?: number;
  power: number;
  split?: string;
  anytime?: boolean;
  by?: string;
  where?: string;
  level: number;
  seed: number;
  timezone: string;
  cluster: string;
  json?: boolean;
}

/** `fieldnotes plan`: how long a test of two models has to run. */
export function addPlan(program: Command): void {
  const command = program
    .command("plan")
    .description(
      "how many calls, tasks or days of this traffic settle a difference, and what a week can show",
    )
    .argument("[file...]", "logs to plan from without a store")
    .option(
      "--metric <names>",
      "what is to be settled (default: duration_p95,error_rate,cost_per_task,resolve_rate)",
    )
    .option("--difference <number>", "the difference to find, in the unit of the one metric", number)
    .option("--ratio <factor>", "instead, the factor to find (default: 1.1)", number)
    .option("--power <share>", "chance of finding it if it is there", number, 0.8)
    .option("--split <shares>", 'check a running split: "model=0.5,0.5" or "model=alder:0.9,birch:0.1"')
    .option("--anytime", "the study may be looked at any time; with --split, how the arms stand")
    .option("--by <columns>", "columns that keep studies apart (default: workload)")
    .option("--where <predicate>", "only calls that meet this SQL predicate")
    .option("--level <share>", "confidence", number, 0.95)
    .option("--seed <number>", "seed of whatever is drawn", whole, 1)
    .option("--timezone <name>", "time zone of days and hours", "UTC")
    .addOption(
      new Option("--cluster <column>", "what is dealt out to the arms as a whole (auto: users)")
        .choices([...clusterNames])
        .default("auto"),
    );
  withReadOptions(command).action(async (files: string[], _flags: Flags, used: Command) => {
    const flags = used.optsWithGlobals<Flags>();
    const { metric, difference, ratio, power, split, anytime, by, where, level, seed, timezone, cluster } =
      flags;
    const options = {
      metrics: metric,
      difference,
      ratio,
      power,
      split,
      anytime,
      by,
      where,
      level,
      seed,
      timezone,
      cluster,
    };
    const found = await withStore(files, flags, (store) => plan(store, options));
    print(flags.json === true, found, () => planText(found));
  });
}
