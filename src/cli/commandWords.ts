import type { Command } from "commander";
import { commandOf, type Measure } from "../measures/measure";

/**
 * An error of a library function in the words of its command: "quality --judge requires --score, ..." for "judged
 * requires score, ...".
 */
export function inCommandWords(error: unknown, measure: Measure, command: Command): unknown {
  if (!(error instanceof RangeError || error instanceof TypeError)) return error;
  const flagOf = (word: string) => command.options.find((one) => one.attributeName() === word)?.long;
  error.message = error.message
    .replace(/^([a-z][A-Za-z]*)(?= requires )/, (word) =>
      flagOf(word) === undefined ? commandOf(measure) : word,
    )
    .replace(/(?<= requires )[a-z][A-Za-z]*(?=,| to )/, (word) => flagOf(word) ?? word);
  return error;
}
