import type { Command } from "commander";
import { oneLine } from "../charts/text";
import { type Check, check } from "../decide/check/check";
import { keysOf } from "../measures/rowKey";
import { writeWhole } from "../store/wholeFile";
import { checkJunit, checkMarkdown, openLines, valueText } from "./checkText";
import { brokenLimit, cannotTell } from "./failure";
import { type MeasureFlags, measureOptions, withMeasureOptions } from "./measureOptions";
import { print, tableText } from "./output";
import { withReadOptions } from "./readOptions";
import { unmet } from "./unmet";
import { type SourceFlags, withStore } from "./withStore";

interface Flags extends MeasureFlags, SourceFlags {
  limits: string;
  against?: string;
  anytime?: boolean;
  allowUnknown?: boolean;
  junit?: string;
  markdown?: string;
  json?: boolean;
}

/** `fieldnotes check`: a CI gate on the bounds of estimates. */
export function addCheck(program: Command): void {
  const command = program
    .command("check")
    .description(
      "check numbers against limits, by the ends of their intervals: exit code 0 pass, 3 fail, 4 cannot tell",
    )
    .argument("[file...]", "logs to check without a store")
    .requiredOption("--limits <file>", "a JSON file of limits (docs/check.md)")
    .option(
      "--against <baseline>",
      "for limits relative to a baseline: its calls as an SQL predicate, or the JSON of an earlier report or check",
    )
    .option(
      "--anytime",
      "for a log that grows and is checked again and again: one error rate for all looks (default: for each run)",
    )
    .option("--allow-unknown", "exit with 0 if a limit cannot be decided")
    .option("--junit <file>", "write the result as JUnit XML")
    .option("--markdown <file>", "write the result as Markdown");
  withReadOptions(
    withMeasureOptions(command, {
      by: "check each value of these columns separately (default: all calls together)",
    }),
  ).action(async (files: string[], _flags: Flags, used: Command) => {
    const flags = used.optsWithGlobals<Flags>();
    const { limits, against, anytime, allowUnknown = false, junit, markdown } = flags;
    const found = await withStore(files, flags, async (store) => {
      const options = measureOptions(flags);
      const checked = await check(store, { ...options, limits, against, anytime });
      const without = checked.rows.filter(({ value }) => value.method === "none" && value.n === 0);
      const wheres = without.flatMap(({ where }) => [options.where, checked.where, where]);
      const hints = new Set<string>();
      for (const where of new Set(wheres)) for (const hint of await unmet(store, where)) hints.add(hint);
      return { ...checked, notes: [...checked.notes, ...hints] };
    });
    if (junit !== undefined) writeWhole(junit, checkJunit(found, { allowUnknown }));
    if (markdown !== undefined) writeWhole(markdown, checkMarkdown(found));
    print(flags.json === true, found, () => checkText(found));
    if (found.result === "fail") process.exitCode = brokenLimit;
    else if (found.result === "cannot tell" && !allowUnknown) process.exitCode = cannotTell;
  });
}

function checkText(found: Check): string {
  const { by, rows, notes, name, result, verdict } = found;
  const short = rows.map((row) => ({
    ...keysOf(by, row),
    value: valueText(row),
    verdict: row.verdict,
  }));
  return [
    [`${name}: ${result}. ${verdict}`, ...openLines(found)].map((line) => oneLine(line)).join("\n"),
    tableText({ measure: "check", by, rows: short, notes }),
  ].join("\n\n");
}
