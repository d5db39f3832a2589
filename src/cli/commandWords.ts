import type { Command } from "commander";
import { commandOf, type Measure } from "../measures/measure";

/**
 * An error of a library function in the words of its command: "quality --judge requires --score, ..." for "judged
 * requires score, ...".
 */
export function inCommandWords(error: unknown, measure: Measure, command: Command): unknown {
  return reworded(error, (text) =>
    text
      .replace(/^([a-z][A-Za-z]*)(?= requires )/, (word) =>
        flagOf(command, word) === undefined ? commandOf(measure) : word,
      )
      .replace(/(?<= requires )[a-z][A-Za-z]*(?=,| to )/, (word) => flagOf(command, word) ?? word),
  );
}

/** The same for one that names its command: "route requires --cascade, ..." for "route requires cascade, ...". */
export function inFlags(error: unknown, command: Command): unknown {
  const named = /(?<= requires )[a-z][A-Za-z]*(?=,)|(?<= with )[a-z][A-Za-z]*(?=;)/g;
  return reworded(error, (text) => text.replace(named, (word) => flagOf(command, word) ?? word));
}

function reworded(error: unknown, words: (text: string) => string): unknown {
  if (error instanceof RangeError || error instanceof TypeError) error.message = words(error.message);
  return error;
}

const flagOf = (command: Command, word: string) =>
  command.options.find((option) => option.attributeName() === word)?.long;
