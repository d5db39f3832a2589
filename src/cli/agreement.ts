import type { Command } from "commander";
import { agreement } from "../measures/agreement/agreement";
import { type AgreementRow, agreementOfTable } from "../measures/agreement/agreementTable";
import { agreementReleases } from "../measures/agreement/progressOverReleases";
import { agreementSideBySide } from "../measures/agreement/sideBySide";
import type { ErrorsOf } from "../measures/benchmark/benchmarkSide";
import type { OptionsOf } from "../measures/define";
import type { Row, Table } from "../measures/table";
import { progress } from "../notebook/progress";
import { formatEstimate } from "../page/number";
import { LEAST_MODELS } from "../stats/trueValueDraws";
import type { Store } from "../store/open";
import { ofMeasure } from "./help";
import { type MeasureFlags, measureOptions, optionOf, withMeasureOptions } from "./measureOptions";
import { aboutOf } from "./measures";
import { checkMeasure } from "./onEngine";
import { print, tableText } from "./output";
import { withReadOptions } from "./readOptions";
import { columnsIn, listIn, type TableFlags, tablesOf, withTables } from "./scoreTables";
import { ownTitle, viewsTitle } from "./topics";
import { type SourceFlags, withBenchmarks, withEngineOptions } from "./withStore";

interface Flags extends TableFlags, SourceFlags, MeasureFlags {
  benchmark?: string;
  metric?: string;
  margin: number;
  grain?: "task" | "conversation";
  against?: string;
  benchmarks?: string;
  lowerIsBetter?: string;
  errors?: string;
  bounds?: string;
  items?: string;
  sideBySide?: boolean;
  releases?: boolean;
  json?: boolean;
}

/** `fieldnotes agreement`: whether a leaderboard's order holds on your own traffic, or in any other table. */
export function addAgreement(program: Command): void {
  const command = program
    .command("agreement")
    .description(aboutOf("agreement"))
    .argument("[file...]", "logs and benchmarks to compare without a store");
  for (const [name, option] of Object.entries(agreement.entry.options ?? {}))
    command.addOption(optionOf(name, option));
  command
    .optionsGroup(viewsTitle)
    .option("--side-by-side", aboutOf("agreement --side-by-side"))
    .option("--releases", aboutOf("agreement --releases"))
    .optionsGroup(ownTitle);
  ofMeasure(command, command.name());
  withEngineOptions(command);
  withTables(withReadOptions(withMeasureOptions(command)))
    .option("--against <column>", "the column of --table that the others are compared with")
    .option("--benchmarks <columns>", "the columns compared (default: all that hold numbers)")
    .option("--lower-is-better <columns>", "columns in which lower is better")
    .option("--errors <column=column>", "standard errors of columns: Elo=Elo SE, ...")
    .option("--bounds <column=low:high>", "bounds of columns, at --level: Elo=q025:q975, ...")
    .option("--items <column=items>", "items behind shares, a column or a number: MMLU=14042, ...")
    .action(async (files: string[], _flags: Flags, used: Command) => {
      const flags = used.optsWithGlobals<Flags>();
      checkEngine(flags);
      if (flags.sideBySide === true && flags.table.length === 0) {
        const table = await ofStore(files, flags, agreementSideBySide);
        return print(flags.json === true, table, () => tableText(table));
      }
      if (flags.releases === true && flags.table.length === 0) {
        const table = await ofStore(files, flags, (store, { margin: _, onProgress: __, ...options }) =>
          agreementReleases(store, options),
        );
        return print(flags.json === true, table, () => tableText(table));
      }
      const table = ofTables(flags) ?? (await ofStore(files, flags, agreement));
      print(flags.json === true, table, () => tableText(forPeople(table)));
    });
}

async function ofStore<T>(
  files: string[],
  flags: Flags,
  compare: (store: Store, options: OptionsOf<typeof agreement> & { metric?: string[] }) => Promise<T>,
): Promise<T> {
  const { benchmark, metric, margin, grain } = flags;
  const progressing = progress("comparing");
  const settings = {
    ...measureOptions(flags),
    margin,
    grain,
    benchmark: benchmark === undefined ? undefined : listIn(benchmark),
    metric: metric === undefined ? undefined : listIn(metric),
    onProgress: (done: number, of: number) => progressing.update(done, of),
  };
  return withBenchmarks(files, flags, (store) => compare(store, settings)).finally(() => progressing.end());
}

/** Throws for what is not measured on an engine. */
function checkEngine(flags: Flags): void {
  if (flags.engine === undefined) return;
  if (flags.table.length > 0)
    throw new RangeError("--engine requires calls to compare with, got --table, which has its own numbers");
  const asked = flags.sideBySide ? agreementSideBySide : flags.releases ? agreementReleases : agreement;
  checkMeasure(asked.entry, flags);
}

function ofTables(flags: Flags): Table<AgreementRow> | undefined {
  const table = tablesOf(flags);
  if (table === undefined) return undefined;
  const { against, benchmarks, lowerIsBetter, margin, level, seed } = flags;
  if (against === undefined)
    throw new RangeError(
      `agreement requires --against with --table, got none; the table has ${table.columns.slice(0, 12).join(", ")}`,
    );
  return agreementOfTable(table, {
    against,
    benchmarks: benchmarks === undefined ? undefined : columnsIn(benchmarks, table),
    lowerIsBetter: lowerIsBetter === undefined ? undefined : columnsIn(lowerIsBetter, table),
    errors: errorsIn(flags),
    margin,
    level,
    seed,
  });
}

/** Reads the flags that say how uncertain the columns of a table are. */
function errorsIn({ errors, bounds, items }: Flags): Record<string, string | ErrorsOf> {
  return {
    ...pairsIn("--errors COLUMN=COLUMN", errors, (by) => by),
    ...pairsIn("--bounds COLUMN=LOW:HIGH", bounds, (by) => {
      const [low, high] = by.split(":").map((one) => one.trim());
      return low && high ? { low, high } : undefined;
    }),
    ...pairsIn("--items COLUMN=ITEMS", items, (by) => ({ items: Number(by) >= 1 ? Number(by) : by })),
  };
}

function pairsIn<T>(
  form: string,
  given: string | undefined,
  read: (by: string) => T | undefined,
): Record<string, T> {
  const pairs = listIn(given ?? "").map((one): [string, T] => {
    const equals = one.lastIndexOf("=");
    const by = equals < 1 ? undefined : read(one.slice(equals + 1).trim());
    if (by === undefined) throw new RangeError(`agreement requires ${form}, got "${one}"`);
    return [one.slice(0, equals).trim(), by];
  });
  return Object.fromEntries(pairs);
}

/** Above this many pairs, a table shows what is known and counts the rest. */
const whole = 8;

/** Known pairs first; if there are many, the undecided ones are only counted. JSON has them all. */
function forPeople(table: Table<AgreementRow>): Table {
  const order = ["agrees", "disagrees", "cannot tell"];
  const sorted = [...table.rows].sort((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict));
  const known = sorted.filter(({ verdict }) => verdict !== "cannot tell");
  if (sorted.length <= whole || known.length === sorted.length) return { ...table, rows: sorted.map(shown) };
  const left = `${sorted.length - known.length} pairs that cannot be decided are not shown${why(sorted)}; --json has them.`;
  return { ...table, rows: known.map(shown), notes: [left, ...table.notes] };
}

/** The reasons why pairs cannot be decided, with counts. */
function why(rows: readonly AgreementRow[]): string {
  const open = rows.filter(({ verdict }) => verdict === "cannot tell");
  const flat = [
    ...new Set(open.flatMap(({ unranked, benchmark }) => (unranked === "benchmark" ? [benchmark] : []))),
  ];
  const production = open.filter(({ unranked }) => unranked === "production").length;
  const others = open.filter(({ unranked }) => unranked === undefined);
  const few = others.filter(({ models }) => models < LEAST_MODELS).length;
  const equal = others.filter(({ spearman }) => Number.isNaN(spearman.value)).length - few;
  const close = others.length - few - equal;
  const reasons = [
    ...(close > 0 ? [`${close} may or may not reach the margin`] : []),
    ...(flat.length > 0 ? [`${flat.join(", ")} cannot rank these models`] : []),
    ...(production > 0 ? [`for ${production}, production cannot rank these models by that metric`] : []),
    ...(few > 0 ? [`${few} ${few === 1 ? "has" : "have"} fewer than ${LEAST_MODELS} models`] : []),
    ...(equal > 0 ? [`${equal} ${equal === 1 ? "has" : "have"} no order to compare`] : []),
  ];
  return reasons.length === 0 ? "" : ` (${reasons.join("; ")})`;
}

/** The columns that fit a terminal, each loss in its own unit; JSON has everything. */
function shown(row: AgreementRow & Row): Row {
  const {
    p_holm,
    unranked: ____,
    kendall: _,
    spearman_new_models: __,
    regret,
    regret_random: random,
    ...rest
  } = row;
  return {
    ...rest,
    ...(regret === undefined ? {} : { regret: formatEstimate(regret) }),
    ...(random === undefined ? {} : { regret_random: formatEstimate(random) }),
  };
}
