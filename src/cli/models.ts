import type { Command } from "commander";
import { type ModelNameUse, modelNames } from "../logs/models/modelNames";
import { print, tableText } from "./output";
import { withReadOptions } from "./readOptions";
import { type SourceFlags, withStore } from "./withStore";

interface Flags extends SourceFlags {
  json?: boolean;
}

/** `fieldnotes models`: what each spelling of a model's name was matched to, and what nothing knows. */
export function addModels(program: Command): void {
  const command = program
    .command("models")
    .description("the spellings of models' names, and what each was matched to")
    .argument("[file...]", "logs to look at without a store");
  withReadOptions(command).action(async (files: string[], _flags: Flags, used: Command) => {
    const flags = used.optsWithGlobals<Flags>();
    const models = await withStore(files, flags, (store) => modelNames(store.connection));
    print(flags.json === true, { models }, () => told(models));
  });
}

function told(models: ModelNameUse[]): string {
  // A price list has thousands of names; those that nothing else uses would drown the others.
  const used = models.filter(({ calls, benchmarks }) => calls + benchmarks > 0);
  if (used.length === 0) return "no call and no benchmark names a model";
  const rows = used.map(({ spelling, name, snapshot, family, by, calls, nearest }) => ({
    spelling,
    model: name,
    snapshot: snapshot ?? "",
    family: family ?? "",
    "matched by": by ?? (nearest.length > 0 ? `nothing; nearest: ${nearest.join(", ")}` : "nothing"),
    calls,
  }));
  return tableText(rows);
}
