import type { Command } from "commander";
import { commandOf, type Measure } from "../measures/measure";
import { sharedNames } from "../measures/options";

/**
 * An error of a library function in the words of its command: "quality --judge requires --score, ..." for "judged
 * requires score, ...".
 */
export function inCommandWords(
  error: unknown,
  measure: Pick<Measure, "name" | "of">,
  command: Command,
): unknown {
  if (error instanceof RangeError || error instanceof TypeError)
    error.message = error.message.replace(/^([a-z][A-Za-z]*)(?= requires )/, (word) =>
      // The options of every measure are named alike everywhere.
      sharedNames.some((name) => name === word) ? word : (flagOf(command, word) ?? commandOf(measure)),
    );
  return inFlags(error, command, required);
}

/** One of the options that are required: "by" in "requires by to be", each in "requires low and high together". */
const required =
  /(?<= requires (?:[a-z][A-Za-z]*,?(?: and| or) )*)[a-z][A-Za-z]*(?=$|,| to | together,| (?:and|or) [a-z]+(?:,| together|$))/g;

const missing = /(?<= requires )[a-z][A-Za-z]*(?=,)|(?<= with )[a-z][A-Za-z]*(?=;)/g;

/** The same for one that names its command: "route requires --cascade, ..." for "route requires cascade, ...". */
export function inFlags(error: unknown, command: Command, words = missing): unknown {
  if (error instanceof RangeError || error instanceof TypeError)
    error.message = error.message.replace(words, (word) => flagOf(command, word) ?? word);
  return error;
}

const flagOf = (command: Command, word: string) =>
  command.options.find((option) => option.attributeName() === word)?.long;

/** What the first word of a command of two says, where views have no table in common. */
const groups: Readonly<Record<string, string>> = {
  benchmark: "what a leaderboard says by itself",
};

/** Adds a command of one or two words, such as "benchmark tiers". */
export function commandNamed(parent: Command, name: string): Command {
  const [first, ...rest] = name.split(" ");
  if (rest.length === 0) return parent.command(first);
  const group =
    parent.commands.find((one) => one.name() === first) ?? parent.command(first).description(groups[first]);
  return commandNamed(group, rest.join(" "));
}

/** A command as it is typed: "latency", "evalset run"; of explain, the measure. */
export function spelled(command: Command): string {
  const { parent } = command;
  if (parent === null) return "";
  return ["", "explain"].includes(spelled(parent)) ? command.name() : `${spelled(parent)} ${command.name()}`;
}
