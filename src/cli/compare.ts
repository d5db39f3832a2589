import { type Command, Option } from "commander";
import { formatEstimate } from "../charts/number";
import { oneLine } from "../charts/text";
import { type Comparison, compare } from "../decide/compare";
import { clusterNames } from "../store/cluster";
import { number, whole } from "./measureOptions";
import { print, tableText } from "./output";
import { withReadOptions } from "./readOptions";
import { type SourceFlags, withStore } from "./withStore";

interface Flags extends SourceFlags {
  a?: string;
  b?: string;
  switch?: string;
  by?: string;
  metric?: string;
  where?: string;
  level: number;
  seed: number;
  timezone: string;
  cluster: string;
  json?: boolean;
}

/** `fieldnotes compare`: before and after a switch, or one kind of call against another. */
export function addCompare(program: Command): void {
  const command = program
    .command("compare")
    .description(
      "before and after a switch, or two kinds of calls: the model's own change apart from the mix's",
    )
    .argument("[file...]", "logs to compare without a store")
    .option("--a <predicate>", "side a: calls that meet this SQL predicate")
    .option("--b <predicate>", "side b")
    .option("--switch <date>", "instead of --a and --b: calls before and from this time on")
    .option("--by <columns>", "columns that keep comparisons apart, such as workload")
    .option("--metric <names>", "what to compare (default: all the log has)")
    .option("--where <predicate>", "only calls that meet this SQL predicate")
    .option("--level <share>", "confidence of the intervals", number, 0.95)
    .option("--seed <number>", "seed of the change point", whole, 1)
    .option("--timezone <name>", "time zone of the date, of days and hours", "UTC")
    .addOption(
      new Option(
        "--cluster <column>",
        "what counts as one independent unit (auto: users, and hours with them)",
      )
        .choices([...clusterNames])
        .default("auto"),
    );
  withReadOptions(command).action(async (files: string[], _flags: Flags, used: Command) => {
    const flags = used.optsWithGlobals<Flags>();
    const { a, b, by, where, level, seed, timezone, cluster, metric } = flags;
    const options = {
      a,
      b,
      switch: flags.switch,
      by,
      where,
      level,
      seed,
      timezone,
      cluster,
      metrics: metric,
    };
    const found = await withStore(files, flags, (store) => compare(store, options));
    print(flags.json === true, found, () => comparisonText(found));
  });
}

function comparisonText({ by, rows, verdict, changePoint, notes, items }: Comparison): string {
  const short = rows.map((row) => ({
    ...Object.fromEntries(by.map((name) => [name, row[name]])),
    a: formatEstimate(row.a),
    b: formatEstimate(row.b),
    "b / a": formatEstimate(row.ratio),
    "of it the mix": formatEstimate(row.mix_ratio),
    "at the same mix": formatEstimate(row.within_ratio),
    p: Number.isFinite(row.p_holm) ? row.p_holm : "–",
    verdict: row.verdict,
  }));
  const course = `Course of the durations: ${changePoint.verdict}${changePoint.note === undefined ? "" : ` (${changePoint.note})`}.`;
  const parts = [
    oneLine(verdict),
    tableText({ measure: "compare", by, rows: short, notes: [course, ...notes] }),
  ];
  if (items.length > 0)
    parts.push(
      tableText({ measure: "the same prompts on both sides", by: ["score"], rows: items, notes: [] }),
    );
  return parts.join("\n\n");
}
