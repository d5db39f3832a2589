import type { Command } from "commander";
import { type ModelNameUse, modelNames } from "../logs/models/modelNames";
import { grouped } from "../stats/text";
import { print, tableText } from "./output";
import { withReadOptions } from "./readOptions";
import { type SourceFlags, withStore } from "./withStore";

interface Flags extends SourceFlags {
  json?: boolean;
}

/** `fieldnotes models`: what each spelling of a model's name was matched to, and which names are unknown. */
export function addModels(program: Command): void {
  const command = program
    .command("models")
    .description("the spellings of model names, and what each was matched to")
    .argument("[file...]", "logs to read without a store");
  withReadOptions(command).action(async (files: string[], _flags: Flags, used: Command) => {
    const flags = used.optsWithGlobals<Flags>();
    const models = await withStore(files, flags, (store) => modelNames(store));
    print(flags.json === true, { models }, () => modelsText(models));
  });
}

const mostShown = 60;

function modelsText(models: ModelNameUse[]): string {
  // A price list has thousands of names; those used nowhere else would drown the others.
  const used = models.filter(({ calls, benchmarks }) => calls + benchmarks > 0);
  if (used.length === 0) return "no call and no benchmark names a model";
  // Benchmarks alone may have thousands of names; those in calls come first.
  const shown = used.slice(0, Math.max(mostShown, used.filter(({ calls }) => calls > 0).length));
  const rows = shown.map(({ spelling, name, snapshot, family, by, calls, priced, unpriced, nearest }) => ({
    spelling,
    model: name,
    snapshot: snapshot ?? "",
    family: family ?? "",
    "matched by": by ?? (nearest.length > 0 ? `nothing; nearest: ${nearest.join(", ")}` : "nothing"),
    calls,
    "priced by list": priced,
    "without cost": unpriced,
  }));
  const rest = used.length - shown.length;
  const more =
    rest > 0 ? [`and ${grouped(rest)} more spellings, used only by benchmarks (--json has all)`] : [];
  const unknown = models.filter(({ by, calls }) => by === null && calls > 0).length;
  const tell =
    unknown > 0
      ? [`${unknown} spellings in calls match no known model: map them with --names FILE (docs/exports.md)`]
      : [];
  return [tableText(rows), ...more, ...tell].join("\n");
}
