import { agreementHeatmap } from "../charts/agreementHeatmap";
import { labelOf } from "../decide/profile/criterion";
import type { AgreementRow } from "../measures/agreement/agreementTable";
import type { Row } from "../measures/table";
import { formatCount } from "./number";
import type { Part } from "./part";
import type { ReportMeasures } from "./reportMeasures";
import { byWorkload, inDollars } from "./reportTables";

/** What the benchmarks say beside what production says. */
export function benchmarkPart(
  { sideBySide, agreement }: Pick<ReportMeasures, "sideBySide" | "agreement">,
  picks: Record<string, string | null>,
): Part | undefined {
  if (sideBySide.rows.length === 0) return undefined;
  const asked = new Set(sideBySide.rows.map(({ metric }) => metric));
  const pairs = agreement.rows.filter((row) => asked.has(row.metric));
  const firsts = [...new Set(sideBySide.rows.map((row) => String(row.benchmarks_say)))];
  return {
    title: "What the benchmarks say, and what production says",
    paragraphs: [
      [
        ...(firsts.length === 1 ? [`First on the benchmarks: ${firsts[0]}.`] : []),
        ...followed(pairs, picks),
      ].join(" "),
      `Of ${formatCount(pairs.length)} pairs of a benchmark and a metric of one workload, ${counted(pairs)}. Where a benchmark agrees, its ranking can replace a measurement; elsewhere it can only suggest which models to try.`,
    ].filter(Boolean),
    figures: [agreementHeatmap({ ...agreement, rows: pairs })],
    tables: byWorkload(sideBySide).map(({ table, caption }) => ({
      table: { ...table, rows: table.rows.map((row) => answerOf(row, firsts.length > 1)) },
      caption: `${caption}: who is best, and whether benchmarks say so`,
      fold: "table",
    })),
  };
}

/** Whether a profile takes the model that most benchmarks put first. */
function followed(rows: readonly AgreementRow[], picks: Record<string, string | null>): string[] {
  const leader = leaderOf(rows);
  if (leader === undefined) return [];
  const taken = Object.entries(picks).filter(([, pick]) => pick === leader);
  const who =
    taken.length === 0 ? "no profile takes it" : `taken by ${taken.map(([name]) => name).join("; ")}`;
  return [`${leader} leads on most: ${who}.`];
}

function counted(rows: readonly AgreementRow[]): string {
  const count = (verdict: AgreementRow["verdict"]) =>
    formatCount(rows.filter((row) => row.verdict === verdict).length);
  return `${count("agrees")} agree, ${count("disagrees")} disagree and ${count("cannot tell")} are open`;
}

/** A question with the metric that answers it, and the answers; what benchmarks say where that differs by question. */
function answerOf(row: Row, withBenchmarks: boolean): Row {
  const { question, metric: name, benchmarks_say, production_says, best, benchmarks_first, agree } = row;
  const label = labelOf({ metric: String(name) });
  return inDollars({
    question: String(question).includes(label) ? question : `${question} (${label})`,
    ...(withBenchmarks ? { benchmarks_say } : {}),
    production_says,
    best,
    "benchmarks' first": benchmarks_first,
    "benchmarks agree": agree,
  });
}

/** The model that most benchmarks put first; undefined where none does. */
function leaderOf(rows: readonly AgreementRow[]): string | undefined {
  const firsts = new Map<string, Set<string>>();
  for (const { first, benchmark } of rows)
    if (first !== undefined) firsts.set(first, (firsts.get(first) ?? new Set()).add(benchmark));
  const [most, next] = [...firsts].sort((a, b) => b[1].size - a[1].size);
  return most === undefined || next?.[1].size === most[1].size ? undefined : most[0];
}
