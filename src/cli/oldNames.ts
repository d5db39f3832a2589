import type { Command, Option } from "commander";
import { edits, nearest } from "../store/nearest";
import { say } from "./output";
import { viewsTitle } from "./topics";

/** The names that commands and options had in the version before. */
const before = new WeakMap<Command | Option, readonly string[]>();

/** Notes the command that an option, or a command in another place, was in the version before. */
export function renamed<T extends Command | Option>(now: T, was: string | readonly string[] = []): T {
  before.set(now, [was].flat());
  return now;
}

/** Every name of the version before with the words that say the same now, read from the command line itself. */
export function oldNames(program: Command, path: readonly string[] = []): [string[], string[]][] {
  return program.commands.flatMap((command) => {
    const here = [...path, command.name()];
    const was = [command, ...command.options].flatMap((one): [string[], string[]][] => {
      const now = "long" in one && one.long ? [...here, one.long] : here;
      const names = before.get(one) ?? [];
      return names.map((name) => [[...(path[0] === "explain" ? ["explain"] : []), ...name.split(" ")], now]);
    });
    return [...was, ...oldNames(command, here)];
  });
}

/** The place of the command among the arguments: before it there may be global options, some with a value. */
function commandAt(program: Command, args: readonly string[]): number {
  let at = 0;
  while (args[at]?.startsWith("-")) {
    const option = program.options.find(({ long }) => long === args[at]);
    at += option?.required ? 2 : 1;
  }
  return at;
}

/** What a misspelt word may stand for: an old name's new one, or a view that is typed as if it were a command. */
export function nearName(program: Command, word: string): string | undefined {
  const views = program.commands.flatMap((command) =>
    command.options
      .filter(({ helpGroupHeading }) => helpGroupHeading === viewsTitle)
      .map(({ long }): [string, string] => [String(long).slice(2), `${command.name()} ${long}`]),
  );
  const old = oldNames(program).map(([[first], now]): [string, string] => [first, now.join(" ")]);
  const known = new Map([...views, ...old.toReversed()]);
  const [near] = nearest(word, [...known.keys()], 1).filter((name) => edits(word, name) <= 2);
  return near === undefined ? undefined : known.get(near);
}

/** The places of an old name's words among the arguments: those of the command first, its options anywhere. */
function placesOf(was: readonly string[], args: readonly string[], asked: number): number[] | undefined {
  const places = was.map((word, at) =>
    word.startsWith("--") ? args.indexOf(word, asked) : args[asked + at] === word ? asked + at : -1,
  );
  return places.includes(-1) ? undefined : places;
}

/** The arguments with a command's old name in its new spelling, which is said in a line; others as they are. */
export function inNewNames(program: Command, args: readonly string[]): string[] {
  const at = commandAt(program, args);
  const asked = args[at] === "help" ? at + 1 : at;
  // The longest says most: "cache-hits --mixture" has another new name than "cache-hits".
  const [found] = oldNames(program)
    .filter(([was]) => placesOf(was, args, asked) !== undefined)
    .sort(([a], [b]) => b.length - a.length);
  if (found === undefined) return [...args];
  const [was, now] = found;
  say(
    `fieldnotes: "${was.join(" ")}" is now "${now.join(" ")}"; the next version no longer knows the old name`,
  );
  const isOption = (word: string) => word.startsWith("--");
  const [before, after] = [was, now].map((words) => words.find(isOption));
  const words = now.filter((word) => before === undefined || !isOption(word));
  // An option stays where it is, before its value.
  return args
    .map((word, place) => (place > asked && word === before ? String(after) : word))
    .toSpliced(asked, was.filter((word) => !isOption(word)).length, ...words);
}
