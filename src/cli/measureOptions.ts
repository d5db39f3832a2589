import { type Command, InvalidArgumentError, Option } from "commander";
import type { MeasureOptions } from "../measures/options";
import { clusterNames } from "../store/cluster";

/** The options every measure takes, as commander gives them. */
export interface MeasureFlags {
  by?: string;
  where?: string;
  level: number;
  interval: "auto" | "bootstrap";
  seed: number;
  timezone: string;
  cluster: string;
}

/** Adds the options every measure takes. */
export function withMeasureOptions(command: Command): Command {
  return command
    .option("--by <columns>", "columns that tell rows apart (default: workload,model, whichever is filled)")
    .option("--where <predicate>", "only calls that meet this SQL predicate")
    .option("--level <share>", "confidence of the intervals", number, 0.95)
    .addOption(
      new Option("--interval <kind>", "each number's own interval, or a bootstrap interval for every number")
        .choices(["auto", "bootstrap"])
        .default("auto"),
    )
    .option("--seed <number>", "seed of whatever is drawn", whole, 1)
    .option("--timezone <name>", "time zone of days and hours", "UTC")
    .addOption(
      new Option("--cluster <column>", "what counts as one independent unit")
        .choices([...clusterNames])
        .default("auto"),
    );
}

/** The flags as the library takes them. */
export function measureOptions(flags: MeasureFlags): MeasureOptions {
  const { by, where, level, interval, seed, timezone, cluster } = flags;
  return { by, where, level, interval, seed, timezone, cluster };
}

/** Reads a number. */
export function number(given: string): number {
  const value = Number(given);
  if (given.trim() === "" || Number.isNaN(value))
    throw new InvalidArgumentError(`expected a number, got "${given}"`);
  return value;
}

/** Reads a list of numbers: 0.5,0.95. */
export function numbers(given: string): number[] {
  return given.split(",").map(number);
}

/** Reads a whole number. */
export function whole(given: string): number {
  const value = number(given);
  if (!Number.isSafeInteger(value)) throw new InvalidArgumentError(`expected a whole number, got "${given}"`);
  return value;
}
