import { statSync } from "node:fs";
import type { Command, Option } from "commander";
import { isDatabase } from "../store/magic";
import { open } from "../store/open";
import { realPath } from "../store/realPath";
import { checkReplaceable, forgetSources, noteIngests, noteRead } from "../store/sources";

/** Options that name a file to write; the files that any other argument names are read. */
const written = /^--(out|junit|markdown) <(?!folder)/;

/** Commands of evalset whose earlier results may be in the store; the command itself looks whether they are its own. */
const ofEvalset = new Set(["check", "run"]);

/**
 * Before a command that writes a file: notes what it must not replace, which are the files that it is given to read and
 * those that the store was made from, and refuses such an output before any work is done.
 */
export async function noteSources(command: Command): Promise<void> {
  forgetSources();
  const outputs = command.options.filter(({ flags }) => written.test(flags));
  if (outputs.length === 0) return;
  const inputs = command.options.filter((option) => !outputs.includes(option));
  const given = (option: (typeof outputs)[number]) => command.getOptionValue(option.attributeName());
  const texts = [...command.args, ...inputs.map(given)]
    .flat()
    .filter((value): value is string => typeof value === "string")
    // --schema review=review.json
    .flatMap((value) => [value, value.slice(value.indexOf("=") + 1)]);
  refuseShared(command, outputs);
  noteRead(texts.filter(isFile));
  await noteStore(command.optsWithGlobals<{ db: string }>().db);
  const replacesOwn = ofEvalset.has(command.name()) && command.parent?.name() === "evalset";
  for (const file of outputs.map(given)) if (typeof file === "string") checkReplaceable(file, replacesOwn);
}

/** Two outputs in one file would leave the second alone. */
function refuseShared(command: Command, outputs: readonly Option[]): void {
  const places = new Map<string, Option>();
  for (const option of outputs) {
    const file: unknown = command.getOptionValue(option.attributeName());
    if (typeof file !== "string") continue;
    const before = places.get(realPath(file));
    if (before !== undefined)
      throw new RangeError(
        `${command.name()} requires a file for ${before.long} and another for ${option.long}, got ${file} for both; name two`,
      );
    places.set(realPath(file), option);
  }
}

async function noteStore(db: string): Promise<void> {
  if (!isDatabase(db)) return;
  try {
    const store = await open(db, { readOnly: true });
    await noteIngests(store).finally(() => store.close());
  } catch {
    // A store that cannot be opened is reported by the command, if it needs it.
  }
}

function isFile(name: string): boolean {
  try {
    return statSync(name, { throwIfNoEntry: false })?.isFile() ?? false;
  } catch {
    return false;
  }
}
