import type { Command } from "commander";

/** The heading of the options for reading files in a command's help. */
export const readingTitle = "How files are read:";

/** Options that say something about another one. */
const beside: Record<string, string> = { limit: "calls", of: "calls" };

/**
 * Refuses options that would change nothing: those for reading files where the store is measured, and those of
 * another option that is not there.
 */
export function refuseUnused(command: Command): void {
  const given = (name: string) => command.getOptionValueSource(name) === "cli";
  const at = command.registeredArguments.findIndex((one) => one.name() === "file");
  const files: unknown = command.processedArgs[at];
  const hasNoFile = Array.isArray(files) && files.length === 0;
  for (const option of command.options) {
    const name = option.attributeName();
    if (!given(name)) continue;
    const other = beside[name];
    if (other !== undefined && command.options.some((one) => one.attributeName() === other) && !given(other))
      command.error(`error: ${command.name()} requires --${other} with ${option.long}, got none`);
    // A table of model names holds for the store's as well.
    if (hasNoFile && option.helpGroupHeading === readingTitle && name !== "names")
      command.error(
        `error: ${command.name()} requires a file with ${option.long}, which says how to read one; the store's are read by ingest`,
      );
  }
}
