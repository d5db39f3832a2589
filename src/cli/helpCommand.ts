import type { Command } from "commander";
import { spelled } from "./commandWords";
import { longPage, optionPage, pageOf, topicPage, viewIn } from "./help";
import { foundIn, namedAlso, nearestWords } from "./helpSearch";
import { isTopic, topics } from "./topics";

/** `fieldnotes help`: a page for a command, a view of one, what commands share, or any word. */
export function addHelp(program: Command): void {
  program
    .command("help")
    .description(
      "a command (help latency), a view of one (help latency --exposure) or a word (help truncated)",
    )
    .argument("[word...]", `a command and its view, ${Object.keys(topics).join(", ")}, or any word`)
    .option("--all", "all commands, views and options on one page")
    .allowUnknownOption()
    .action((words: string[], { all }: { all?: boolean }, used: Command) => {
      const page = all === true ? longPage(program, program.createHelp()) : helpOn(program, words, used);
      process.stdout.write(page.endsWith("\n") ? page : `${page}\n`);
    });
}

/** `cost --tiers --help` asks for help: the parser would take "--help" for the value of --tiers. */
export function helpOfOption(program: Command, args: readonly string[]): readonly string[] {
  const at = args.findIndex((word) => word === "--help" || word === "-h");
  const names = program.commands.map((one) => one.name());
  const from = args.findIndex((word) => names.includes(word));
  if (from < 0 || at <= from) return args;
  const [command] = commandIn(program, args.slice(from));
  const named = (word: string) => command.options.find(({ long }) => long === word);
  // It may stand before the option that is asked about as well.
  const option = named(args[at - 1]) ?? named(args[at + 1]);
  if (option === undefined || !option.required) return args;
  return ["help", ...spelled(command).split(" "), String(option.long)];
}

/** The page that words ask for. */
function helpOn(program: Command, words: readonly string[], used: Command): string {
  const [first, ...rest] = words;
  if (first === undefined) return program.helpInformation();
  if (isTopic(first) && rest.length === 0) return topicPage(program, first, program.createHelp());
  const [command, flags] = commandIn(program, words);
  if (command !== program) {
    const unknown = flags.find((word) => !command.options.some(({ long }) => long === word));
    if (unknown !== undefined && viewIn(command, flags) === undefined) {
      const also = namedAlso(program, unknown, `${spelled(command)} `);
      const meant = also === undefined ? "" : `; did you mean "${also}"?`;
      return used.error(
        `error: ${spelled(command)} has no ${command.commands.length > 0 ? "command" : "view"} ${unknown}${meant}`,
      );
    }
    // The options name the view, as on the command line.
    for (const { attribute } of namedViews(command, flags))
      command.setOptionValueWithSource(attribute, true, "cli");
    return pageOf(command, program.createHelp());
  }
  const asked = words.join(" ");
  const found = optionPage(program, asked, program.createHelp()) ?? foundIn(program, asked);
  if (found !== undefined) return found;
  const near = nearestWords(program, asked);
  const hint = near.length === 0 ? "" : `; did you mean ${near.map((one) => `"${one}"`).join(" or ")}?`;
  return used.error(`error: help knows no command or word "${asked}"${hint}`);
}

/** The command that the first words name, and the rest. */
function commandIn(program: Command, words: readonly string[]): [Command, readonly string[]] {
  const [word, ...rest] = words;
  const found = program.commands.find((one) => one.name() === word);
  return found === undefined ? [program, words] : commandIn(found, rest);
}

function namedViews(command: Command, flags: readonly string[]): { attribute: string }[] {
  if (viewIn(command, flags) === undefined) return [];
  return command.options
    .filter(({ long }) => long !== undefined && long !== null && flags.includes(long))
    .map((option) => ({ attribute: option.attributeName() }));
}
