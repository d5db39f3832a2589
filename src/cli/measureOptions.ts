import { type Command, InvalidArgumentError, Option } from "commander";
import { clusterNamed, clusterNames } from "../facts/cluster";
import type { MeasureOptions } from "../measures/options";

/** Which calls to use, and how, as commander returns it. */
export interface SelectFlags {
  by?: string;
  where?: string;
  candidate?: string;
  level: number;
  seed: number;
  timezone: string;
  cluster: string;
}

/** The options every measure takes, as commander returns them. */
export interface MeasureFlags extends SelectFlags {
  interval: "auto" | "bootstrap";
}

/** A command's own description of an option. */
interface Words {
  by?: string;
  where?: string;
  level?: string;
  cluster?: string;
}

/** Adds the options that select calls and say what counts as independent. */
export function withSelectOptions(command: Command, words: Words = {}): Command {
  const {
    by = "columns to group by (default: workload,model, whichever is filled)",
    where = "only calls that meet this SQL predicate",
    level = "confidence of the intervals",
    cluster = "the unit of independence",
  } = words;
  return command
    .optionsGroup("Which calls, and how sure:")
    .option("--by <columns>", by)
    .option("--where <predicate>", where)
    .option(
      "--candidate <columns>",
      "columns that define a candidate, such as provider,model (default: model)",
    )
    .option("--join <file>", "a table of your own, one row per key, whose columns --by and --where may name")
    .option("--on <column>", "the column it shares with calls, such as user_id")
    .option("--level <share>", level, number, 0.95)
    .option("--seed <number>", "random seed", whole, 1)
    .option("--timezone <name>", "time zone of dates, days and hours", "UTC")
    .addOption(
      new Option("--cluster <unit>", cluster)
        .choices([...clusterNames])
        .argParser(clusterUnit)
        .default("auto"),
    );
}

/** Adds the options every measure takes. */
export function withMeasureOptions(command: Command, words: Words = {}): Command {
  return withSelectOptions(command, words).addOption(
    new Option("--interval <kind>", "each number's best interval, or a bootstrap interval for all")
      .choices(["auto", "bootstrap"])
      .default("auto"),
  );
}

/** Converts the flags to the library's options. */
export function selectOptions(flags: SelectFlags) {
  const { by, where, candidate, level, seed, timezone, cluster } = flags;
  return { by, where, candidate, level, seed, timezone, cluster };
}

/** Converts a measure's flags to the library's options. */
export function measureOptions(flags: MeasureFlags): MeasureOptions {
  return { ...selectOptions(flags), interval: flags.interval };
}

/** Reads what counts as one cluster; "user" stands for "user_id". */
function clusterUnit(given: string): string {
  const name = clusterNamed(given);
  if (name === undefined) throw new InvalidArgumentError(`Allowed choices are ${clusterNames.join(", ")}.`);
  return name;
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
