import { readFileSync } from "node:fs";
import { type Command, Option } from "commander";
import { readSet } from "../evalset/item";
import { requestFiles } from "../evalset/requestFiles";
import { type RequestOptions, type RequestTarget, requestTargets } from "../evalset/requestTargets";
import { grouped } from "../stats/text";
import { writeWhole } from "../store/wholeFile";
import { number, whole } from "./measureOptions";
import { print } from "./output";

/** The options that say what to ask which models, as commander returns them. */
export interface AskFlags {
  json?: boolean;
  db: string;
  model: string[];
  repeats: number;
  seed: number;
  system?: string;
  maxTokens?: number;
  temperature?: number;
}

/** Adds the options that say what to ask which models. */
export function withAskOptions(command: Command): Command {
  return command
    .requiredOption("--model <name...>", "the models to ask, by their names at the service")
    .option("--repeats <number>", "how often each model is asked each example", whole, 1)
    .option("--seed <number>", "random seed of the order", whole, 1)
    .option("--system <file>", "instructions that replace the prompts' own")
    .option("--max-tokens <number>", "the longest answer", whole)
    .option("--temperature <number>", "default: the service's own", number);
}

/** Converts the flags to the library's options. */
export function askOptions({ model, repeats, seed, system, maxTokens, temperature }: AskFlags) {
  const text = system === undefined ? undefined : readFileSync(system, "utf8");
  return { models: model, repeats, seed, system: text, maxTokens, temperature };
}

/** `fieldnotes evalset requests`: files for a batch service or another program. */
export function addRequests(evalset: Command): void {
  const command = evalset
    .command("requests")
    .description("write a set's requests as files for a batch service or another program; sends nothing")
    .argument("<set>", "the set, JSON lines")
    .addOption(
      new Option("--for <program>", "the service or program to write for")
        .choices([...requestTargets])
        .makeOptionMandatory(),
    )
    .option("--out <name>", "prefix of the files' names; default: the set's name");
  withAskOptions(command).action(async (set: string, _flags: unknown, used: Command) => {
    const flags = used.optsWithGlobals<AskFlags & { for: RequestTarget; out?: string }>();
    const options: RequestOptions = {
      ...askOptions(flags),
      for: flags.for,
      name: flags.out ?? set.replace(/\.jsonl$/i, ""),
    };
    const items = readSet(set);
    const { files, requests, next } = requestFiles(items, options);
    for (const { name, text } of files) writeWhole(name, text, { isPrivate: true });
    const { models, repeats, seed } = options;
    const canary = items.find((item) => item.canary !== undefined)?.canary ?? null;
    print(
      flags.json === true,
      { files: files.map(({ text: _, ...file }) => file), requests, models, repeats, seed, canary, next },
      () =>
        [
          `${grouped(requests)} requests (${grouped(items.length)} examples, ${models.length} ${models.length === 1 ? "model" : "models"}, ${repeats} each) in ${files.map(({ name }) => name).join(", ")}`,
          ...(canary === null ? [] : [`They contain ${canary}: wherever it turns up, the set has leaked.`]),
          ...next.map((step, at) => `${at + 1}. ${step}`),
        ].join("\n"),
    );
  });
}
