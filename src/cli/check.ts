import type { Command } from "commander";
import { oneLine } from "../charts/text";
import { type Check, check } from "../decide/check/check";
import { keysOf } from "../measures/rowKey";
import { writeWhole } from "../store/wholeFile";
import { checkJunit, checkMarkdown, openLines, valueText } from "./checkText";
import { addDecision } from "./decision";
import { brokenLimit, cannotTell } from "./failure";
import { tableText } from "./output";
import { unmet } from "./unmet";

/** `fieldnotes check`: a CI gate on the bounds of estimates. */
export function addCheck(program: Command): void {
  addDecision(program, check, {
    text: checkText,
    flags: (command) =>
      command
        .option("--allow-unknown", "exit with 0 if a limit cannot be decided")
        .option("--junit <file>", "write the result as JUnit XML")
        .option("--markdown <file>", "write the result as Markdown"),
    ask: async (store, options) => {
      const checked = await check(store, options);
      const without = checked.rows.filter(({ value }) => value.method === "none" && value.n === 0);
      const wheres = without.flatMap(({ where }) => [options.where, checked.where, where]);
      const hints = new Set<string>();
      for (const where of new Set(wheres)) for (const hint of await unmet(store, where)) hints.add(hint);
      return { ...checked, notes: [...checked.notes, ...hints] };
    },
    after: (checked, flags) => {
      const {
        allowUnknown = false,
        junit,
        markdown,
      } = flags as { allowUnknown?: boolean; junit?: string; markdown?: string };
      if (junit !== undefined) writeWhole(junit, checkJunit(checked, { allowUnknown }));
      if (markdown !== undefined) writeWhole(markdown, checkMarkdown(checked));
      if (checked.result === "fail") process.exitCode = brokenLimit;
      else if (checked.result === "cannot tell" && !allowUnknown) process.exitCode = cannotTell;
    },
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
