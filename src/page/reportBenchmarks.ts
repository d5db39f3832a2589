import { agreementHeatmap } from "../charts/agreementHeatmap";
import { listed } from "../decide/choose/chooseText";
import { labelOf } from "../decide/profile/criterion";
import type { AgreementRow } from "../measures/agreement/agreementTable";
import type { Row } from "../measures/table";
import { formatCount } from "./number";
import type { Part } from "./part";
import type { ReportMeasures } from "./reportMeasures";
import { byWorkload, inDollars } from "./reportTables";

/** Compares what the benchmarks say with what production says. */
export function benchmarkPart(
  { sideBySide, agreement }: Pick<ReportMeasures, "sideBySide" | "agreement">,
  picks: Record<string, string | null>,
): Part | undefined {
  if (sideBySide.rows.length === 0) return undefined;
  const measured = new Set(sideBySide.rows.map(({ metric }) => metric));
  const pairs = agreement.rows.filter((row) => measured.has(row.metric));
  const firsts = [...new Set(sideBySide.rows.map((row) => String(row.benchmarks_say)))];
  return {
    title: "What the benchmarks say, and what production says",
    paragraphs: [
      [
        ...(firsts.length === 1 ? [`First on the benchmarks: ${firsts[0]}.`] : []),
        ...followed(pairs, picks),
        "Where a benchmark agrees with production, its ranking can replace a measurement; elsewhere it only suggests which models to try.",
      ].join(" "),
    ],
    points: benchmarkFindings(pairs),
    foldedFigures: [
      {
        caption: "Each benchmark against each metric",
        figure: agreementHeatmap({ ...agreement, rows: pairs }),
      },
    ],
    tables: byWorkload(sideBySide).map(({ table, caption }) => ({
      table: { ...table, rows: table.rows.map((row) => answerOf(row, firsts.length > 1)) },
      caption: `${caption}: who is best, and whether benchmarks say so`,
      fold: "table",
    })),
  };
}

/** Whether a profile picks the model that most benchmarks rank first. */
function followed(rows: readonly AgreementRow[], picks: Record<string, string | null>): string[] {
  const leader = leaderOf(rows);
  if (leader === undefined || Object.keys(picks).length === 0) return [];
  const taken = Object.entries(picks).filter(([, pick]) => pick === leader);
  const who =
    taken.length === 0
      ? "is not chosen for any work"
      : `is chosen for ${listed(taken.map(([name]) => name))}`;
  return [`${leader} is first on most, and ${who}.`];
}

/** Maximum number of benchmarks listed one by one. */
const MOST = 8;

/** What is known about each benchmark, those that agree most first; undecided ones are counted. */
function benchmarkFindings(pairs: readonly AgreementRow[]): string[] {
  const own = [...new Set(pairs.map(({ benchmark }) => benchmark))].map((benchmark) => {
    const rows = pairs.filter((row) => row.benchmark === benchmark);
    const of = (verdict: AgreementRow["verdict"]) => rows.filter((row) => row.verdict === verdict);
    return { benchmark, rows, agrees: of("agrees"), disagrees: of("disagrees"), open: of("cannot tell") };
  });
  own.sort((a, b) => b.agrees.length - a.agrees.length || b.disagrees.length - a.disagrees.length);
  const sentences = own.slice(0, MOST).map(({ benchmark, rows, agrees, disagrees, open }) => {
    if (rows.every(({ unranked }) => unranked === "benchmark"))
      return `${benchmark}: cannot rank these models.`;
    const known = [
      ...(agrees.length > 0 ? [`agrees on ${counted(agrees)} (${namesOf(agrees)})`] : []),
      ...(disagrees.length > 0 ? [`disagrees on ${counted(disagrees)}`] : []),
      ...(open.length > 0 ? [`${counted(open)} open`] : []),
    ];
    return `${benchmark}, by ${counted(rows)} metrics: ${known.join(", ")}.`;
  });
  return own.length <= MOST
    ? sentences
    : [...sentences, `${own.length - MOST} more benchmarks are in the tables.`];
}

const counted = (rows: readonly AgreementRow[]) => formatCount(rows.length);

/** The metrics of some pairs, each with its workloads. */
function namesOf(rows: readonly AgreementRow[]): string {
  const workloads = new Map<string, string[]>();
  for (const { metric, workload } of rows) {
    const own = workloads.get(metric) ?? [];
    workloads.set(metric, typeof workload === "string" ? [...own, workload] : own);
  }
  const named = [...workloads].map(([metric, of]) =>
    of.length === 0 ? labelOf({ metric }) : `${labelOf({ metric })} in ${listed(of)}`,
  );
  return named.join("; ");
}

/**
 * A question with the metric that answers it, and the answers; also the benchmarks' answer, if it differs by question.
 */
function answerOf(row: Row, withBenchmarks: boolean): Row {
  const {
    question,
    metric: name,
    benchmarks_say,
    production_says,
    best,
    benchmarks_first,
    agree,
    first_agrees,
  } = row;
  const label = labelOf({ metric: String(name) });
  return inDollars({
    question: String(question).includes(label) ? question : `${question} (${label})`,
    ...(withBenchmarks ? { benchmarks_say } : {}),
    production_says,
    best,
    "benchmarks' first": benchmarks_first,
    "same first": first_agrees,
    "same order": agree,
  });
}

/** The model that most benchmarks rank first; undefined if there is none. */
function leaderOf(rows: readonly AgreementRow[]): string | undefined {
  const firsts = new Map<string, Set<string>>();
  for (const { first, benchmark } of rows)
    if (first !== undefined) firsts.set(first, (firsts.get(first) ?? new Set()).add(benchmark));
  const [most, next] = [...firsts].sort((a, b) => b[1].size - a[1].size);
  return most === undefined || next?.[1].size === most[1].size ? undefined : most[0];
}
