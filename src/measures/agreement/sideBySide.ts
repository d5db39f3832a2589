import type { Estimate } from "../../stats/estimate";
import { rankSets } from "../../stats/rankSets";
import { LEAST_MODELS } from "../../stats/trueValueDraws";
import type { Store } from "../../store/open";
import { type Benchmark, benchmarks, benchmarksOf, noBenchmarks } from "../benchmark/benchmarkScores";
import { listed } from "../benchmark/benchmarkTable";
import { metric as metricOf } from "../metric";
import { metricNames } from "../metricNames";
import { metricTable } from "../metricTable";
import { type MeasureOptions, requestOf } from "../options";
import { rowKey } from "../rowKey";
import { isEstimate, type Row, type Table } from "../table";
import { agreement } from "./agreement";
import { type Measured, sidesOf } from "./agreementSides";
import type { AgreementRow } from "./agreementTable";
import { modelOfCandidates } from "./modelOfCandidates";
import { questionOf, questionsOf } from "./sideBySideQuestions";

/** One question about a workload, answered by benchmarks and by production. */
export interface SideBySideRow extends Row {
  question: string;
  metric: string;
  /** Which models are first, and on how many of the benchmarks that can rank these models. */
  benchmarks_say: string;
  /** The best model in production, or those that may be the best. */
  production_says: string;
  /** The metric of the best model in production; a share is in per cent. */
  best: Estimate;
  /** The same for the model that most benchmarks rank first. */
  benchmarks_first: Estimate;
  /** Whether the benchmarks' order of all models holds. */
  agree: "yes" | "no" | "some" | "cannot tell";
  /** The benchmarks that agree or disagree significantly, or why none can: too few models on both sides. */
  which: string;
}

/** The answers to one question. */
type Answers = Pick<
  SideBySideRow,
  "benchmarks_say" | "production_says" | "best" | "benchmarks_first" | "agree" | "which"
>;

/** What to put side by side. */
export interface SideBySideOptions extends MeasureOptions {
  /** Benchmarks in the store. Default: all. */
  benchmark?: string | readonly string[];
  /** Production metrics. Default: one each for waiting, cost, tasks resolved, hallucination and failures. */
  metric?: readonly string[];
  /** The correlation that counts as agreement. Default 0.5. */
  margin?: number;
  /** A table from `agreement` over the same calls, so that nothing is compared twice; its metrics are used. */
  compared?: Table<AgreementRow>;
  /** A table from `metricTable` over the same calls, so that nothing is measured twice. */
  measured?: Table;
  /** Called after each pair of a benchmark and a metric. */
  onProgress?: (done: number, of: number) => void;
}

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
 * const { rows } = await sideBySide(store, { benchmark: "general-knowledge", metric: ["duration_p50"] });
 * rows.length // 3
 */
export async function sideBySide(
  store: Store,
  options: SideBySideOptions = {},
): Promise<Table<SideBySideRow>> {
  const { metric, benchmark, margin, compared, measured: given, onProgress } = options;
  const request = requestOf("sideBySide", options);
  const none = (note: string) => ({ measure: "side_by_side", by: ["question"], rows: [], notes: [note] });
  const all = benchmarksOf("sideBySide", await benchmarks(store), benchmark);
  if (all.length === 0) return none(noBenchmarks(store));
  const measurable = compared?.rows.map((row) => row.metric) ?? (await metricNames(store));
  const names = metric ?? questionsOf(measurable);
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
    const key = Object.fromEntries(by.map((one) => [one, group[0][one]]));
    const values = measured.rows.flatMap((row): Measured[] => {
      const estimate = row[name];
      const isOwn = by.every((one) => row[one] === key[one]);
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
  return { measure: "side_by_side", by: [...by, "question"], rows: sorted, notes: judged.notes };
}

function rowOf(
  group: readonly AgreementRow[],
  values: readonly Measured[],
  all: readonly Benchmark[],
  { level = 0.95, seed = 1 }: Pick<MeasureOptions, "level" | "seed">,
): Answers | undefined {
  const of = metricOf(group[0].metric);
  // The oriented production values are the same for any benchmark; take the one that covers the most models.
  const [pair] = all
    .map((one) => sidesOf(one, of, values).pair)
    .sort((a, b) => b.models.length - a.models.length);
  if (pair.models.length < 2) return undefined;
  const ranks = rankSets(
    { scores: pair.production, errors: pair.productionError ?? pair.models.map(() => 0) },
    { level, seed },
  );
  const order = pair.models
    .map((_, at) => at)
    .sort((a, b) => pair.production[b] - pair.production[a] || (pair.models[a] < pair.models[b] ? -1 : 1));
  const top = order.filter((at) => ranks[at].low === 1).map((at) => pair.models[at]);
  const able = group.filter(({ first, unranked }) => first !== undefined && unranked !== "benchmark");
  const firsts = countsOf(able.map(({ first }) => first!));
  // If production has no order, there is nothing to agree or disagree with.
  const isKnown = top.length < pair.models.length;
  const shared = Math.max(0, ...group.map(({ models }) => models));
  const named = (verdict: string) =>
    group.filter((row) => isKnown && row.verdict === verdict).map((row) => row.benchmark);
  const [agreeing, disagreeing] = [named("agrees"), named("disagrees")];
  const value = (model: string): Estimate => {
    const found = values.find((one) => one.model === model) ?? values[0];
    return found.estimate.unit === "1" ? inPercent(found.estimate) : found.estimate;
  };
  return {
    benchmarks_say:
      firsts.length === 0
        ? "none can rank these models"
        : firsts.map(([model, count]) => `${model} (${count} of ${able.length})`).join(", "),
    production_says: isKnown ? listed(top, 3).replaceAll(", ", " or ") : "cannot tell them apart",
    best: value(pair.models[order[0]]),
    benchmarks_first: firsts.length > 0 ? value(firsts[0][0]) : unknown(value(pair.models[order[0]])),
    agree:
      agreeing.length === 0 && disagreeing.length === 0
        ? "cannot tell"
        : disagreeing.length === 0
          ? "yes"
          : agreeing.length === 0
            ? "no"
            : "some",
    which: [
      isKnown && shared < LEAST_MODELS ? `too few models on both sides: ${shared} of ${LEAST_MODELS}` : "",
      agreeing.length > 0 ? `agree: ${listed(agreeing, 8)}` : "",
      disagreeing.length > 0 ? `disagree: ${listed(disagreeing, 8)}` : "",
    ]
      .filter(Boolean)
      .join("; "),
  };
}

/** The empty value used if no benchmark can rank these models. */
function unknown(like: Estimate): Estimate {
  const none = { value: Number.NaN, low: Number.NaN, high: Number.NaN, method: "none" };
  return { ...like, ...none, note: "no benchmark can rank these models" };
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

function groupsOf<R extends Row>(rows: readonly R[], by: readonly string[]): R[][] {
  const groups = new Map<string, R[]>();
  for (const row of rows) {
    const key = rowKey(by, row);
    const own = groups.get(key);
    if (own === undefined) groups.set(key, [row]);
    else own.push(row);
  }
  return [...groups.values()];
}
