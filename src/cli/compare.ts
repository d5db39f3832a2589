import { type Command, Option } from "commander";
import { formatEstimate } from "../charts/number";
import { oneLine } from "../charts/text";
import { strengthText } from "../decide/assumption";
import { type Comparison, compare } from "../decide/compare/compare";
import { keysOf } from "../measures/rowKey";
import { balanceText } from "./balanceText";
import { callsOf, callsText } from "./calls";
import { type MeasureFlags, measureOptions, whole, withMeasureOptions } from "./measureOptions";
import { checkCalls } from "./onEngine";
import { print, tableText } from "./output";
import { withReadOptions } from "./readOptions";
import { type SourceFlags, withEngineOptions, withStore } from "./withStore";

interface Flags extends MeasureFlags, SourceFlags {
  a?: string;
  b?: string;
  switch?: string;
  metric?: string;
  calls?: string;
  of: "a" | "b";
  limit?: number;
  json?: boolean;
}

/** `fieldnotes compare`: before and after a switch, or one kind of call against another. */
export function addCompare(program: Command): void {
  const command = program
    .command("compare")
    .description(
      "before and after a switch, or two groups of calls: what the model changed and what the mix changed",
    )
    .argument("[file...]", "logs to compare without a store")
    .option("--a <predicate>", "side a: calls that meet this SQL predicate")
    .option("--b <predicate>", "side b")
    .option("--switch <date>", "instead of --a and --b: calls before this time against those from then on")
    .option("--metric <names>", "metrics to compare (default: all that the log has)");
  withEngineOptions(command);
  withReadOptions(
    withMeasureOptions(command, {
      by: "compare within each value of these columns, such as workload",
      cluster: "the unit of independence (auto: users and hours)",
      interval: false,
    }),
  );
  command
    .optionsGroup("The calls behind a row:")
    .option(
      "--calls <row>",
      "list calls instead of the table: a row's number, or the values of its first columns",
    )
    .addOption(new Option("--of <side>", "with --calls: which side's").choices(["a", "b"]).default("b"))
    .option("--limit <number>", "with --calls: most calls listed (default: 20)", whole);
  command.action(async (files: string[], _flags: Flags, used: Command) => {
    const flags = used.optsWithGlobals<Flags>();
    checkCalls(flags);
    const { a, b, metric: metrics, calls: row, of: column, limit } = flags;
    const options = { ...measureOptions(flags), a, b, switch: flags.switch, metrics };
    if (row !== undefined) {
      const found = await withStore(files, flags, async (store) =>
        callsOf(store, await compare(store, options), row, { column, limit }),
      );
      return print(flags.json === true, found, () => callsText(found));
    }
    const found = await withStore(files, flags, (store) => compare(store, options));
    print(flags.json === true, found, () => comparisonText(found));
  });
}

function comparisonText(found: Comparison): string {
  const { by, rows, verdict, changePoint, notes, items, balance, assumptions } = found;
  const short = rows.map((row) => ({
    ...keysOf(by, row),
    a: formatEstimate(row.a),
    b: formatEstimate(row.b),
    "b / a": formatEstimate(row.ratio),
    "due to the mix": formatEstimate(row.mix_ratio),
    "at the same mix": formatEstimate(row.within_ratio),
    ...(row.returning === undefined ? {} : { "users on both sides": formatEstimate(row.returning) }),
    p: !Number.isFinite(row.p_holm) ? "–" : row.p_holm < 0.001 ? "< 0.001" : row.p_holm,
    verdict: row.verdict,
  }));
  const course = `Course of the durations: ${changePoint.verdict}${changePoint.note === undefined ? "" : ` (${changePoint.note})`}.`;
  const parts = [
    [oneLine(verdict), strengthText(assumptions, { sides: "sides", claim: "change" })]
      .filter((line) => line !== undefined)
      .join("\n"),
    tableText({ measure: "compare", by, rows: short, notes: [course, ...notes] }),
    ...balanceText({ balance, assumptions }),
  ];
  if (items.length > 0)
    parts.push(
      tableText({ measure: "the same prompts on both sides", by: ["score"], rows: items, notes: [] }),
    );
  return parts.join("\n\n");
}
