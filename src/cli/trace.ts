import type { Command } from "commander";
import { trace } from "../measures/service/trace";
import { callUnits } from "../page/callUnits";
import { traceRows } from "../page/traceText";
import { print, tableText } from "./output";
import { withReadOptions } from "./readOptions";
import { type SourceFlags, withStore } from "./withStore";

/** `fieldnotes trace`: one task or conversation, step by step. */
export function addTrace(program: Command): void {
  const command = program
    .command("trace")
    .description(
      "one task, conversation or call step by step: attempts, fallbacks, stages, tokens, cost, scores",
    )
    .argument("<id>", "of a task, a conversation or a call (fieldnotes calls lists some)")
    .argument("[file...]", "logs to read without a store")
    .option("--with-text", "also prompts and outputs, if --text keep stored them");
  withReadOptions(command).action(async (id: string, files: string[], _flags: unknown, used: Command) => {
    const flags = used.optsWithGlobals<SourceFlags & { withText?: boolean; json?: boolean }>();
    const found = await withStore(files, flags, (store) =>
      trace(store, id, { withText: flags.withText === true }),
    );
    print(flags.json === true, found, () => tableText(traceRows(found), { units: callUnits }));
  });
}
