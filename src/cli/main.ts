#!/usr/bin/env node
import { Command, CommanderError, Option } from "commander";
import { checkMemory, memoryVariable } from "../store/engineSettings";
import { isProcessBusy } from "../store/limit";
import { removeAll } from "../store/scratch";
import { addAgreement } from "./agreement";
import { addCalls } from "./calls";
import { addCauses } from "./causes";
import { spelled } from "./commandWords";
import { addContamination } from "./contamination";
import { addDecisions } from "./decisions";
import { addDemo } from "./demo";
import { addDoctor } from "./doctor";
import { addDraw } from "./draw";
import { addEvalset } from "./evalset";
import { addExplain } from "./explain";
import { failed, report, usageLine, wrongUsage } from "./failure";
import { addForget } from "./forget";
import { addFormats } from "./formats";
import { pageOf } from "./help";
import { addHelp, helpOfOption } from "./helpCommand";
import { namedAlso } from "./helpSearch";
import { addIngest } from "./ingest";
import { isInterrupted } from "./interrupt";
import { addKernel } from "./kernel";
import { addLook } from "./look";
import { addMeasures } from "./measures";
import { addModels } from "./models";
import { inNewNames, nearName } from "./oldNames";
import { say } from "./output";
import { noteSources } from "./outputs";
import { withOwnModels } from "./ownModels";
import { addMap } from "./preview";
import { addProfile } from "./profile";
import { addQuery } from "./query";
import { addReport } from "./report";
import { addRun } from "./run";
import { addShortlist } from "./shortlist";
import { addTiers } from "./tiers";
import type { Topic } from "./topics";
import { addTrace } from "./trace";
import { refuseUnused } from "./unusedOptions";
import { version } from "./version";
import { presetStore } from "./withStore";

const groups: Record<string, ((program: Command) => void)[]> = {
  read: [addIngest, addMap, addForget, addDraw, addDoctor, addFormats, addModels, addQuery],
  measure: [
    addMeasures,
    addCauses,
    addCalls,
    addTrace,
    addAgreement,
    addTiers,
    addShortlist,
    addContamination,
  ],
  decide: [addProfile, addDecisions],
  show: [addReport, addLook, addRun, addKernel, addEvalset, addDemo, addExplain, addHelp],
};

/** The definition of the command line for the parser. */
export function commandLine(): Command {
  const program = new Command("fieldnotes")
    .description("which AI model works in the field, from your own logs, with honest error bars")
    .version(version())
    .option("--db <file>", "the store", presetStore)
    .option("--json", "print JSON to stdout")
    .addOption(memoryOption())
    .showSuggestionAfterError()
    .helpCommand(false)
    .configureHelp({ formatHelp: pageOf });
  for (const [title, adds] of Object.entries(groups)) {
    program.commandsGroup(title);
    for (const add of adds) add(program);
  }
  withErrorsInALine(program, "fieldnotes", (word, group) =>
    group === undefined
      ? (nearName(program, word) ?? namedAlso(program, word))
      : namedAlso(program, word, `${group} `),
  );
  for (const command of program.commands) withGlobalOptions(command);
  withOwnModels(program);
  program.hook("preAction", async (_, command) => {
    const { memory } = command.optsWithGlobals<{ memory?: string }>();
    if (memory !== undefined) process.env[memoryVariable] = memory;
    refuseFlagsAsValues(command);
    refuseUnused(command);
    await noteSources(command);
  });
  return program;
}

/** `--calls --by model` lacks the value of --calls: the parser would take "--by" for it. */
function refuseFlagsAsValues(command: Command): void {
  const flags = command.options.map(({ long }) => long);
  for (const option of command.options)
    for (const value of [command.getOptionValue(option.attributeName())].flat())
      if (flags.includes(value))
        command.error(`error: option '${option.flags}' argument missing, got "${value}"`);
}

/** Wrong usage is an exception, said in one line that names the command's own help. */
function withErrorsInALine(command: Command, name: string, meant: Meant, group?: string): void {
  const commands = command.commands.map((each) => each.name());
  const known = {
    near: (word: string) => meant(word, group),
    ...(group === undefined ? {} : { group, commands }),
  };
  command.exitOverride().configureOutput({ outputError: (text) => say(usageLine(text, name, known)) });
  for (const one of command.commands)
    withErrorsInALine(
      one,
      `${name} ${one.name()}`,
      meant,
      one.commands.length === 0 ? undefined : spelled(one),
    );
}

/** What a word that is no command, of the program or of a group, may stand for. */
type Meant = (word: string, group: string | undefined) => string | undefined;

/** What the engine may use, in this process and in those that it starts; said once, in the help of the program. */
const memoryOption = () =>
  new Option(
    "--memory <size>",
    "what the engine may use, such as 2GB: beyond it, it works on disk (default: most of the machine's)",
  ).argParser((given) => checkMemory("--memory requires", given));

/** Global options may come before or after the command's name. */
function withGlobalOptions(command: Command): void {
  const has = (flag: string) => command.options.some(({ long }) => long === flag);
  command.optionsGroup("output" satisfies Topic);
  if (!has("--db")) command.option("--db <file>", `the store (default: "${presetStore}")`);
  if (!has("--json")) command.option("--json", "print JSON to stdout");
  if (!has("--memory")) command.addOption(memoryOption());
  for (const one of command.commands) withGlobalOptions(one);
}

/** Runs the command given by the arguments and sets the process's exit code. */
export async function main(args: readonly string[]): Promise<void> {
  try {
    const program = commandLine();
    await program.parseAsync(helpOfOption(program, inNewNames(program, args)), { from: "user" });
  } catch (error) {
    if (isInterrupted()) return;
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : wrongUsage;
    else process.exitCode = report(error);
  }
}

/** Ends the process if the engine keeps running an interrupted query; otherwise the process would wait for it. */
export function endWhereBusy(): void {
  if (!isProcessBusy()) return;
  say("fieldnotes: the engine does not stop, so this process is killed");
  removeAll();
  process.kill(process.pid, "SIGKILL");
}

if (require.main === module) {
  // A reader that stops early, such as head, is not a failure; a full disk is one, reported in a line.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(process.exitCode ?? 0);
    say(`fieldnotes: the output cannot be written (${error.code ?? error.message})`);
    process.exit(failed);
  });
  process.stderr.on("error", () => process.exit(process.exitCode ?? failed));
  main(process.argv.slice(2)).then(endWhereBusy);
}
