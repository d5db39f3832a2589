import type { Command } from "commander";
import { doctor } from "../measures/doctor";
import { diagnosisText } from "./doctorText";
import { print } from "./output";
import { withReadOptions } from "./readOptions";
import { type SourceFlags, withBenchmarks, withEngineOptions } from "./withStore";

interface Flags extends SourceFlags {
  json?: boolean;
}

/** `fieldnotes doctor`: what the store holds, and what cannot be measured from it. */
export function addDoctor(program: Command): void {
  const command = program
    .command("doctor")
    .description("what the store holds, what looks wrong, what can be measured, and what cannot and why")
    .argument("[file...]", "logs to read without a store");
  withReadOptions(withEngineOptions(command)).action(
    async (files: string[], _flags: Flags, used: Command) => {
      const flags = used.optsWithGlobals<Flags>();
      const found = await withBenchmarks(files, flags, doctor);
      print(flags.json === true, found, () => diagnosisText(found));
    },
  );
}
