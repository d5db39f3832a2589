import type { Command } from "commander";
import { type ModelNameUse, modelNames } from "../logs/models/modelNames";
import { counted, grouped } from "../stats/text";
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
  const rows = shown.map((one) => ({
    spelling: one.spelling,
    model: one.calls > 0 ? one.counted.map((model) => model || "(none)").join(", ") : one.model,
    family: one.family ?? "",
    "matched by": matchedBy(one),
    calls: one.calls,
    "priced by list": one.priced,
    "without cost": one.unpriced,
  }));
  const rest = used.length - shown.length;
  const more =
    rest > 0 ? [`and ${grouped(rest)} more spellings, used only by benchmarks (--json has all)`] : [];
  const unknown = models.filter((one) => one.calls > 0 && isUnknown(one)).length;
  const tell =
    unknown === 0
      ? []
      : unknown === 1
        ? ["1 spelling in calls matches no known model: map it with --names FILE (docs/exports.md)"]
        : [
            `${counted(unknown, "spelling")} in calls ${unknown === 1 ? "matches" : "match"} no known model: map them with --names FILE (docs/exports.md)`,
          ];
  return [tableText(rows), ...more, ...tell].join("\n");
}

// A release of an unknown model that answered a request for it is counted under the requested name.
const isUnknown = ({ by, spelling, calls, counted }: ModelNameUse) =>
  by === null && (calls === 0 || counted.includes(spelling));

function matchedBy(one: ModelNameUse): string {
  if (one.by !== null) return one.by;
  if (!isUnknown(one)) return "requested name";
  return one.nearest.length > 0 ? `nothing; nearest: ${one.nearest.join(", ")}` : "nothing";
}
