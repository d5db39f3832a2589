import type { Command } from "commander";
import { commandOf } from "../measures/measure";
import { measures } from "../measures/measures";
import { spelled } from "./commandWords";
import type { Topic } from "./topics";

/** The heading of the options for reading files in the parser. */
export const readingTitle = "files" satisfies Topic;

/** Options that say something about another one. */
const beside: Record<string, string> = { limit: "calls", of: "calls" };

const ofScores = "model shared same exactNames score se low high draws items".split(" ");
/** By command: options that only a table of scores uses, and those that only what is measured in its place does. */
const ofTable: Record<string, { only: string[]; never: string[] }> = {
  "benchmark tiers": { only: ofScores, never: ["benchmark"] },
  "benchmark shortlist": { only: ofScores, never: ["benchmark"] },
  agreement: {
    only: "model models shared same exactNames against benchmarks lowerIsBetter errors bounds items".split(
      " ",
    ),
    never: "benchmark metric sideBySide releases by where candidate join on timezone cluster interval".split(
      " ",
    ),
  },
  "benchmark contamination": {
    only: "model models shared same exactNames publicSe privateSe publicItems privateItems lowerIsBetter".split(
      " ",
    ),
    never: ["benchmark", "date"],
  },
};

/** Columns that depend on the timezone, and commands that look at no other time of day. */
const local = /\b(hour|weekday|day|week)\b/i;
const withoutTime = new Set(["plan", "route"]);

/** Why the timezone changes nothing; undefined if it may. */
function unusedTimezone(command: Command): string | undefined {
  if (!withoutTime.has(spelled(command))) return undefined;
  const reads = ["by", "where", "candidate", "split"].map((name) => command.getOptionValue(name));
  if (reads.some((sql) => typeof sql === "string" && local.test(sql))) return undefined;
  return `${spelled(command)} requires an hour, weekday, day or week in --by, --where or --candidate with --timezone, got none`;
}

/** Why an option of a command that compares scores changes nothing; undefined if it does. */
function unusedBeside(command: Command, name: string, given: (name: string) => boolean): string | undefined {
  const own = ofTable[spelled(command)];
  const long = command.options.find((one) => one.attributeName() === name)?.long;
  if (given("table"))
    return own?.never.includes(name)
      ? `${spelled(command)} requires the store or a file with ${long}, got --table, which has its own numbers`
      : undefined;
  if (own?.only.includes(name)) return `${spelled(command)} requires --table with ${long}, got none`;
  const isOfOne = spelled(command) === "benchmark tiers" && ["ceiling", "lowerIsBetter"].includes(name);
  return isOfOne && !given("benchmark")
    ? `benchmark tiers requires --table or --benchmark with ${long}, got neither: it is about one leaderboard`
    : undefined;
}

/** Refuses options of the command that a subcommand is of, which the parser takes in any place. */
function refuseOfParent(command: Command): void {
  const { parent } = command;
  if (parent?.parent == null) return;
  for (const option of parent.options) {
    const isOwn = command.options.some(({ long }) => long === option.long);
    if (!isOwn && parent.getOptionValueSource(option.attributeName()) === "cli")
      command.error(`error: ${parent.name()} ${command.name()} has no ${option.long}; leave it out`);
  }
}

/**
 * Refuses options that would change nothing: those for reading files where the store is measured, those of
 * another option that is not there, those of a table of scores where there is none, and those of every measure that
 * one does without.
 */
export function refuseUnused(command: Command): void {
  refuseOfParent(command);
  const given = (name: string) => command.getOptionValueSource(name) === "cli";
  const at = command.registeredArguments.findIndex((one) => one.name() === "file");
  const files: unknown = command.processedArgs[at];
  const hasNoFile = Array.isArray(files) && files.length === 0;
  const fixed = measures.find((one) => commandOf(one) === spelled(command))?.fixed ?? {};
  for (const option of command.options) {
    const name = option.attributeName();
    if (!given(name)) continue;
    const other = beside[name];
    if (other !== undefined && command.options.some((one) => one.attributeName() === other) && !given(other))
      command.error(`error: ${spelled(command)} requires --${other} with ${option.long}, got none`);
    const [value, preset] = [command.getOptionValue(name), option.defaultValue];
    const why = fixed[name];
    if (why !== undefined && value !== preset) {
      const rule = preset === undefined ? `no ${option.long}` : `${option.long} ${preset}`;
      command.error(`error: ${spelled(command)} requires ${rule}, got "${value}"; ${why}`);
    }
    const unused =
      (name === "timezone" && value !== preset ? unusedTimezone(command) : undefined) ??
      unusedBeside(command, name, given);
    if (unused !== undefined) command.error(`error: ${unused}`);
    // A table of model names holds for the store's as well.
    if (hasNoFile && option.helpGroupHeading === readingTitle && name !== "names")
      command.error(
        `error: ${spelled(command)} requires a file with ${option.long}, which says how to read one; the store's are read by ingest`,
      );
  }
}
