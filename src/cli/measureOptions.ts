import { type Command, InvalidArgumentError, Option } from "commander";
import { clusterNamed, clusterNames } from "../facts/cluster";
import { flagOf, type MeasureOption, type Words } from "../measures/measure";
import { listedByFew, type MeasureOptions, sharedNames, sharedOptions } from "../measures/options";
import { ownTitle, type Topic } from "./topics";

/** The options that measures share, as commander returns them. */
export type MeasureFlags = MeasureOptions & { level: number; seed: number };

const readers = { number, whole, numbers, names: (given: string) => given, cluster: clusterUnit };

/** An option as commander takes it. */
export function optionOf(
  name: string,
  { about, flag: word = name, value, as, choices, default: preset }: MeasureOption,
): Option {
  const flag = flagOf(word);
  const option = new Option(value === undefined ? flag : `${flag} ${value}`, about);
  if (choices !== undefined) option.choices([...choices]);
  if (as !== undefined) option.argParser<unknown>(readers[as]);
  // What a flag is without being given goes without saying.
  return preset === undefined || value === undefined ? option : option.default(preset, String(preset));
}

/** Adds the options that measures share, some in the command's own words; not those that are false there. */
export function withMeasureOptions(command: Command, words: Words = {}): Command {
  for (const name of sharedNames) {
    const about = words[name] ?? (!listedByFew.includes(name) && sharedOptions[name].about);
    // What it says in its own words is on its own page.
    const heading = words[name] === undefined ? topicOf(name) : ownTitle;
    if (about !== false)
      command.addOption(optionOf(name, { ...sharedOptions[name], about }).helpGroup(heading));
    if (name === "candidate" && words.join !== false)
      command
        .optionsGroup(topicOf(name))
        .option(
          "--join <file>",
          "a table of your own, one row per key, whose columns --by and --where may name",
        )
        .option("--on <column>", "the column it shares with calls, such as user_id")
        .option(
          "--within <time>",
          "answer from as many users as this time allows, such as 5s; the table says which share that is",
          seconds,
        );
  }
  return command.optionsGroup(ownTitle);
}

/** Whether an option of every measure says which calls, or how sure. */
export const topicOf = (name: keyof MeasureOptions): Topic =>
  ["level", "seed", "interval", "cluster"].includes(name) ? "statistics" : "selection";

/** Whether there may be calls behind its rows, and a table to join to calls. */
export const isOfCalls = ({ words = {} }: { words?: Words }): boolean => words.join !== false;

/** The options for the library that are among a command's flags. */
export function measureOptions(flags: MeasureOptions): MeasureOptions {
  return Object.fromEntries(sharedNames.map((name) => [name, flags[name]]));
}

/** Reads what counts as one cluster; "user" stands for "user_id". */
function clusterUnit(given: string): string {
  const name = clusterNamed(given);
  if (name === undefined) throw new InvalidArgumentError(`Allowed choices are ${clusterNames.join(", ")}.`);
  return name;
}

/** Reads a time in seconds: "5s", "500ms", "2m". */
function seconds(given: string): number {
  const [, value, unit] = /^(\d*\.?\d+)(ms|s|m)$/.exec(given) ?? [];
  const found = Number(value) * { ms: 0.001, s: 1, m: 60 }[unit as "ms" | "s" | "m"];
  if (found > 0) return found;
  throw new InvalidArgumentError("It requires a time above 0, such as 500ms, 5s or 2m.");
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
