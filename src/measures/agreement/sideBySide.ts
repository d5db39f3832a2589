import { assumed } from "../../stats/assumed";
import { type Claim, isSettled } from "../../stats/claim";
import { type Estimate, renoted } from "../../stats/estimate";
import { reserve } from "../../stats/reservation";
import { LEAST_MODELS } from "../../stats/trueValueDraws";
import { type Benchmark, benchmarks, benchmarksOf, noBenchmarks } from "../benchmark/benchmarkScores";
import { listed } from "../benchmark/benchmarkTable";
import { defineMeasure } from "../define";
import { hidden, valueOption } from "../measure";
import { metric as metricOf } from "../metric";
import { atGrain } from "../metricGrain";
import { metricNames } from "../metricNames";
import { metricTable } from "../metricTable";
import type { MeasureOptions } from "../options";
import { groupedBy, keysOf, rowKey } from "../rowKey";
import { isEstimate, type Keyed, type Row, type Table } from "../table";
import { agreement, comparedOptions, pairsOptions } from "./agreement";
import { type Measured, sidesOf } from "./agreementSides";
import type { AgreementRow } from "./agreementTable";
import { firstInProduction } from "./firstInProduction";
import { modelOfCandidates } from "./modelOfCandidates";
import { questionOf, questionsOf } from "./sideBySideQuestions";

/** One question about a workload, answered by benchmarks and by production. */
export type SideBySideRow = Keyed<{
  question: string;
  metric: string;
  /** Which models are first, and on how many of the benchmarks that can rank these models. */
  benchmarks_say: string;
  /**
   * The best of all models in production, or those that may be the best, and what that takes for granted; models without a score,
   * or without the number, are named so.
   */
  production_says: string;
  /** That the first in production is the best, and how far that stands. */
  claim: Claim;
  /** The metric of the best model in production; a share is in per cent. */
  best: Estimate;
  /** The same for the model that most benchmarks rank first. */
  benchmarks_first: Estimate;
  /** Whether the benchmarks' order of all models holds. */
  agree: "yes" | "no" | "some" | "cannot tell";
  /** Whether the model that most benchmarks rank first is also the best in production. */
  first_agrees: "yes" | "no" | "cannot tell";
  /** The benchmarks that agree or disagree significantly, or why none can: too few models on both sides. */
  which: string;
}>;

/** The answers to one question. */
type Answers = Pick<
  SideBySideRow,
  | "benchmarks_say"
  | "production_says"
  | "claim"
  | "best"
  | "benchmarks_first"
  | "agree"
  | "first_agrees"
  | "which"
>;

/**
 * What benchmarks say next to what production says, one row for each question about each workload.
 *
 * Production names several models if the ranks, which hold for all models at once, allow each of them to be first.
 * `agree` sums up the verdicts of `agreement` over the benchmarks: "some" if significant verdicts differ, "cannot tell"
 * if production cannot tell the models apart. A benchmark that cannot rank these models doesn't count.
 *
 * @returns a row for each group of `by` (without the model) and question; shares in per cent
 * @throws RangeError for an invalid benchmark, metric, column or level
 * @example
 * const store = await openDemo();
 * const { rows } = await agreementSideBySide(store, { benchmark: "general-knowledge", metric: ["duration_p50"] });
 * rows.length // 3
 */
export const agreementSideBySide = defineMeasure({
  name: "side-by-side",
  of: "agreement",
  about: "one line per question: what benchmarks say, what production says, do they agree",
  needs: ["benchmarks"],
  options: hidden({
    ...comparedOptions,
    metric: {
      value: "<names>",
      about:
        "metrics of production (default: one each for waiting, cost, tasks resolved, hallucination and failures)",
      check: (_: string, _names: readonly string[]) => undefined,
    },
    ...pairsOptions,
    compared: valueOption<Table<AgreementRow>>(
      "a table of `agreement` over the same calls, so that nothing is compared twice; its metrics are used",
    ),
  }),
  async compose({ store, measure, request, options }): Promise<Table<SideBySideRow>> {
    const { metric, benchmark, margin, compared, measured: given, onProgress } = options;
    const none = (note: string) => ({ measure, by: ["question"], rows: [], notes: [note] });
    const all = benchmarksOf("agreementSideBySide", await benchmarks(store), benchmark);
    if (all.length === 0) return none(noBenchmarks(store));
    const measurable = compared?.rows.map((row) => row.metric) ?? (await metricNames(store));
    const names = atGrain("agreement", metric ?? questionsOf(measurable), options, {
      usual: metric === undefined,
    });
    if (names.length === 0) return none("The store has no production metrics: ingest logs first.");
    const measured = given ?? (await metricTable(store, { ...request, metrics: names }));
    const judged =
      compared ??
      (await agreement(store, { ...request, benchmark, metric: names, margin, measured, onProgress }));
    const by = measured.by.filter((name) => name !== "model");
    const rows: SideBySideRow[] = [];
    const answered = new Set<string>();
    const candidates = await modelOfCandidates(store, request);
    const wanted = judged.rows.filter((row) => names.includes(row.metric));
    // Metrics follow the order of the questions, whatever their order in the table.
    const groups = groupsOf(wanted, [...by, "metric"]).sort(
      (a, b) => names.indexOf(a[0].metric) - names.indexOf(b[0].metric),
    );
    for (const group of groups) {
      const [{ metric: name }] = group;
      const key: Row = keysOf(by, group[0]);
      const values = measured.rows.flatMap((row): Measured[] => {
        const estimate = row[name];
        const isOwn = by.every((column) => row[column] === key[column]);
        const model = String(row.model);
        return isOwn && isEstimate(estimate) ? [{ model, scoredAs: candidates.get(model), estimate }] : [];
      });
      const question = questionOf(metricOf(name));
      // Only the first metric that answers a question in this group counts, but metrics named by the caller all do.
      const id = JSON.stringify([Object.values(key), question]);
      if (metric === undefined && answered.has(id)) continue;
      const answers = rowOf(group, values, all, request);
      if (answers === undefined) continue;
      answered.add(id);
      rows.push({ ...key, question, metric: name, ...answers });
    }
    // Sorted by workload, then in the order of the questions.
    const sorted = groupsOf(rows, by).flat();
    return { measure, by: [...by, "question"], rows: sorted, notes: judged.notes };
  },
});

function rowOf(
  group: readonly AgreementRow[],
  values: readonly Measured[],
  all: readonly Benchmark[],
  { level = 0.95, seed = 1 }: Pick<MeasureOptions, "level" | "seed">,
): Answers | undefined {
  const of = metricOf(group[0].metric);
  // The oriented production values are the same for any benchmark; take the one that covers the most models.
  const [pair] = all
    .map((benchmark) => sidesOf(benchmark, of, values).pair)
    .sort((a, b) => b.models.length - a.models.length);
  if (pair.models.length < 2) return undefined;
  const { pair: every } = sidesOf(scoringAll(all[0], values), of, values);
  const able = group.filter(({ first, unranked }) => first !== undefined && unranked !== "benchmark");
  const firsts = countsOf(able.flatMap(({ first }) => first ?? []));
  const [[first] = [undefined]] = firsts;
  const found = firstInProduction(every, values, of, { level, seed });
  const { top, left, best, isKnown, own } = found;
  const scored = new Set(all.flatMap((benchmark) => sidesOf(benchmark, of, values).pair.models));
  const named = (model: string) => (scored.has(model) ? model : `${model} (on no benchmark)`);
  const said = `${listed(top.map(named), 3).replaceAll(", ", " or ")}${top.length > 1 ? "" : condition(found.claim)}`;
  const value = (model: string) => (own(model).unit === "1" ? inPercent(own(model)) : own(model));
  const shared = Math.max(0, ...group.map(({ models }) => models));
  const benchmarksThat = (verdict: string) =>
    group.filter((row) => isKnown && row.verdict === verdict).map((row) => row.benchmark);
  const [agreeing, disagreeing] = [benchmarksThat("agrees"), benchmarksThat("disagrees")];
  return {
    benchmarks_say:
      firsts.length === 0
        ? "none can rank these models"
        : firsts.map(([model, count]) => `${model} (${count} of ${able.length})`).join(", "),
    production_says: isKnown
      ? `${said}${left.length === 0 ? "" : `; not known well enough of ${listed(left, 3)}`}`
      : "cannot tell them apart",
    claim: found.claim,
    best: value(best),
    benchmarks_first: first === undefined ? unknown(value(best)) : value(first),
    agree:
      agreeing.length === 0 && disagreeing.length === 0
        ? "cannot tell"
        : disagreeing.length === 0
          ? "yes"
          : agreeing.length === 0
            ? "no"
            : "some",
    first_agrees: first === undefined ? "cannot tell" : found.isFirst(first),
    which: [
      isKnown && shared < LEAST_MODELS ? `too few models on both sides: ${shared} of ${LEAST_MODELS}` : "",
      agreeing.length > 0 ? `agree: ${listed(agreeing, 8)}` : "",
      disagreeing.length > 0 ? `disagree: ${listed(disagreeing, 8)}` : "",
    ]
      .filter(Boolean)
      .join("; "),
  };
}

/** What it takes for granted that one model is the best; that it leads and no more where that is not shown. */
const condition = (own: Claim): string =>
  isSettled(own) ? "" : own.needs === undefined ? " leads" : `, if ${assumed[own.needs]}`;

/** A benchmark on which every model has a score, to orient production's numbers of all of them. */
const scoringAll = (like: Benchmark, values: readonly Measured[]): Benchmark => ({
  ...like,
  scores: values.map(({ model, scoredAs = model }) => ({ ...like.scores[0], model: scoredAs })),
});

/** The empty value used if no benchmark can rank these models. */
function unknown(like: Estimate): Estimate {
  const none = { value: Number.NaN, low: Number.NaN, high: Number.NaN, method: "none" };
  return renoted({ ...like, ...none }, [reserve("none.benchmark")]);
}

/** Counts each name, the most frequent first. */
function countsOf(names: readonly string[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
}

/** Converts a share to per cent, because the column mixes units. */
function inPercent(share: Estimate): Estimate {
  return { ...share, value: 100 * share.value, low: 100 * share.low, high: 100 * share.high, unit: "%" };
}

const groupsOf = <R extends Row>(rows: readonly R[], by: readonly string[]): R[][] => [
  ...groupedBy(rows, (row) => rowKey(by, row)).values(),
];
