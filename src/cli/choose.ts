import type { Command } from "commander";
import { strengthText } from "../decide/assumption";
import { choose } from "../decide/choose/choose";
import { sharedVerdict } from "../decide/choose/chooseAll";
import { changeText } from "../decide/choose/chooseChange";
import { type Choice, choiceTable } from "../decide/choose/chooseTable";
import { profileNames } from "../decide/profile/readProfile";
import { balanceText } from "./balanceText";
import { type MeasureFlags, measureOptions, withMeasureOptions } from "./measureOptions";
import { print, tableText } from "./output";
import { withReadOptions } from "./readOptions";
import { type SourceFlags, withEngineOptions, withStore } from "./withStore";

interface Flags extends MeasureFlags, SourceFlags {
  profile?: string;
  workload?: string;
  json?: boolean;
}

/** `fieldnotes choose`: which model fits a profile best. */
export function addChoose(program: Command): void {
  const command = program
    .command("choose")
    .description("which model fits a profile best, and how sure that is")
    .argument("[file...]", "logs to measure without a store")
    .option(
      "--profile <name|file>",
      "the profile to choose by; several, separated by commas, give one answer each",
    )
    .option("--workload <names>", "the workloads to choose for (default: the profile's own)");
  withReadOptions(withMeasureOptions(withEngineOptions(command))).action(
    async (files: string[], _flags: Flags, used: Command) => {
      const flags = used.optsWithGlobals<Flags>();
      const { by = "model", ...measures } = measureOptions(flags);
      if (flags.profile === undefined)
        throw new RangeError(
          `choose requires --profile, which says what matters: ${profileNames().join(", ")}, or a file; fieldnotes profile new --out mine.json writes one to start from`,
        );
      const profiles = flags.profile.split(",").map((one) => one.trim());
      const choices = await withStore(files, flags, async (store) => {
        const found: Choice[] = [];
        for (const profile of profiles)
          found.push(await choose(store, { ...measures, by, profile, workload: flags.workload }));
        return found;
      });
      const texts = choices.flatMap((one) => [one, ...(one.sub_workloads ?? [])]).map(textOf);
      if (choices.length === 1) return print(flags.json === true, choices[0], () => texts.join("\n\n"));
      const verdict = sharedVerdict(choices);
      print(flags.json === true, { choices, verdict }, () => [...texts, verdict].join("\n\n"));
    },
  );
}

function textOf(choice: Choice): string {
  const table = choiceTable(choice);
  const strength = strengthText(choice.assumptions ?? [], { sides: "models", claim: "choice" });
  const parts = [
    tableText(table),
    ...(choice.rows.length > 0 ? [changeText(choice)] : []),
    ...(strength === undefined ? [] : [strength]),
  ];
  const check = choice.verification;
  return [
    parts.join("\n"),
    ...(choice.balance?.some(({ apart, apart_at_the_mix }) => apart !== apart_at_the_mix)
      ? balanceText({ balance: choice.balance, assumptions: choice.assumptions ?? [], by: choice.by })
      : []),
    ...(check === undefined ? [] : [tableText({ ...check, measure: "behind the check", notes: [] })]),
  ].join("\n\n");
}
