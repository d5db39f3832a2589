#!/usr/bin/env node
import { Command, CommanderError } from "commander";
import { addAgreement } from "./agreement";
import { addChoose } from "./choose";
import { addCompare } from "./compare";
import { addConsistency } from "./consistency";
import { addContamination } from "./contamination";
import { addContextLength } from "./contextLength";
import { addCost } from "./cost";
import { addDemo } from "./demo";
import { addDoctor } from "./doctor";
import { addEvalset } from "./evalset";
import { addExplain } from "./explain";
import { report, usageLine, wrongUsage } from "./failure";
import { addForget } from "./forget";
import { addFormats } from "./formats";
import { addIngest } from "./ingest";
import { addKernel } from "./kernel";
import { addLatency } from "./latency";
import { addModels } from "./models";
import { say } from "./output";
import { withOwnModels } from "./ownModels";
import { addPlan } from "./plan";
import { addProfile } from "./profile";
import { addQuality } from "./quality";
import { addQuery } from "./query";
import { addReliability } from "./reliability";
import { addReport } from "./report";
import { addRoute } from "./route";
import { addRun } from "./run";
import { addShortlist } from "./shortlist";
import { addStages } from "./stages";
import { addThroughput } from "./throughput";
import { addTiers } from "./tiers";
import { version } from "./version";

const commands = [
  addIngest,
  addForget,
  addDoctor,
  addLatency,
  addReliability,
  addThroughput,
  addCost,
  addQuality,
  addConsistency,
  addContextLength,
  addStages,
  addAgreement,
  addTiers,
  addShortlist,
  addContamination,
  addProfile,
  addChoose,
  addCompare,
  addPlan,
  addRoute,
  addEvalset,
  addRun,
  addReport,
  addDemo,
  addFormats,
  addModels,
  addQuery,
  addExplain,
  addKernel,
];

/** The command line as the parser knows it. */
function commandLine(): Command {
  const program = new Command("fieldnotes")
    .description(
      "tells which AI model works in the field, from your own exported logs, with honest error bars",
    )
    .version(version())
    .option("--db <file>", "the store", "fieldnotes.duckdb")
    .option("--json", "print JSON to stdout")
    .showSuggestionAfterError()
    .configureOutput({ outputError: (text) => say(usageLine(text)) })
    .exitOverride();
  for (const add of commands) add(program);
  // Global options may stand on either side of the command's name.
  for (const command of program.commands) {
    command.exitOverride();
    if (!command.options.some(({ long }) => long === "--db")) command.option("--db <file>", "the store");
    command.option("--json", "print JSON to stdout");
  }
  withOwnModels(program);
  return program;
}

/** Runs the command that the arguments name; the process's exit code says how it ended. */
export async function main(args: readonly string[]): Promise<void> {
  try {
    await commandLine().parseAsync(args, { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : wrongUsage;
    else process.exitCode = report(error);
  }
}

if (require.main === module) {
  // A reader that stops early, such as head, is no failure.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    throw error;
  });
  main(process.argv.slice(2));
}
