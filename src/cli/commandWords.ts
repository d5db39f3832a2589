import type { Command } from "commander";
import { commandOf, type Measure } from "../measures/measure";

/**
 * An error of a library function in the words of its command: "quality --judge requires --score, ..." for "judged
 * requires score, ...".
 */
export function inCommandWords(error: unknown, measure: Measure, command: Command): unknown {
  if (error instanceof RangeError || error instanceof TypeError)
    error.message = error.message.replace(/^([a-z][A-Za-z]*)(?= requires )/, (word) =>
      flagOf(command, word) === undefined ? commandOf(measure) : word,
    );
  return inFlags(error, command, /(?<= requires )[a-z][A-Za-z]*(?=,| to )/);
}

const missing = /(?<= requires )[a-z][A-Za-z]*(?=,)|(?<= with )[a-z][A-Za-z]*(?=;)/g;

/** The same for one that names its command: "route requires --cascade, ..." for "route requires cascade, ...". */
export function inFlags(error: unknown, command: Command, words = missing): unknown {
  if (error instanceof RangeError || error instanceof TypeError)
    error.message = error.message.replace(words, (word) => flagOf(command, word) ?? word);
  return error;
}

const flagOf = (command: Command, word: string) =>
  command.options.find((option) => option.attributeName() === word)?.long;
