import { defined } from "../../stats/defined";
import { noteOf } from "../../stats/estimate";
import { reserve } from "../../stats/reservation";
import { LEAST_MODELS } from "../../stats/trueValueDraws";
import type { Store } from "../../store/open";
import { benchmarks, benchmarksOf, noBenchmarks } from "../benchmark/benchmarkScores";
import { listed } from "../benchmark/benchmarkTable";
import { defineMeasure } from "../define";
import { hidden, type OptionTable, valueOption } from "../measure";
import { directionNote, metric as metricOf } from "../metric";
import { type AskedGrain, atGrain, grainOptions } from "../metricGrain";
import { type AvailableMetrics, availableMetrics, refusedNotes } from "../metricNames";
import { metricTable } from "../metricTable";
import { keysOf } from "../rowKey";
import { isEstimate, type Row, type Table } from "../table";
import { agreementOf } from "./agreementPair";
import { type Measured, sidesOf } from "./agreementSides";
import { type AgreementRow, checkMargin, familyNotes, weightedNotes, withHolm } from "./agreementTable";
import { modelOfCandidates } from "./modelOfCandidates";

/** Which benchmarks are compared with which metrics of production. */
export const comparedOptions = {
  benchmark: {
    value: "<names>",
    about: "benchmarks of the store (default: all)",
    check: (_: string, _names: string | readonly string[]) => undefined,
  },
  metric: {
    value: "<names>",
    about: "metrics of production (default: all that can be measured)",
    check: (_: string, _names: string | readonly string[]) => undefined,
  },
  ...grainOptions,
  measured: valueOption<Table>(
    "a table of `metricTable` over the same calls, so that nothing is measured twice",
  ),
} as const satisfies OptionTable;

/** What a comparison of every benchmark with every metric takes besides. */
export const pairsOptions = {
  margin: {
    value: "<correlation>",
    about: "the correlation that counts as agreement",
    as: "number",
    default: 0.5,
    check: (_: string, margin: number) => checkMargin(margin),
  },
  onProgress: valueOption<(done: number, of: number) => void>("called after each pair"),
} as const satisfies OptionTable;

/**
 * Whether the order of models on benchmarks holds on your own traffic: each benchmark against each metric.
 *
 * Both sides are oriented so that higher is better. Results are about these models: an interval says how well the order
 * of their true values agrees, given the errors of both sides; `spearman_new_models`, from 10 models on, says what to
 * expect of others. Production errors come from each metric's interval (on the log scale for waits, money and speeds),
 * a benchmark's errors from its standard errors or its number of items. n and `models` count the models that have both;
 * those left out are named. `weighted_tau` stresses the top of the board. `regret` is what choosing the benchmark's
 * first model costs compared with the best one, in the metric's unit.
 *
 * @remarks Methods: `rankCorrelation`, `rankCorrelationOverModels`, `permutationP`, `holm`, `trueValueDraws`,
 * `expectedRegret`, `weightedTau`.
 * @returns a row for each group of `by` (without the model), benchmark and metric
 * @throws RangeError for an invalid benchmark, metric, column or level, a margin outside its range, no "model" in `by`
 * @example
 * const store = await openDemo();
 * const { rows } = await agreement(store, { benchmark: "general-knowledge", metric: "duration_p50" });
 * rows[0].spearman.value.toFixed(2) // "-0.26"
 */
export const agreement = defineMeasure({
  name: "agreement",
  about: "whether a benchmark's order of models holds in production, or in any column of a table",
  needs: ["benchmarks"],
  ownCommand: true,
  shares: true,
  options: {
    ...comparedOptions,
    ...pairsOptions,
    ...hidden({ resamples: { value: "<number>", about: "resamples of the models", as: "number" } }),
  },
  async compose({ store, request, options }): Promise<Table<AgreementRow>> {
    const { benchmark, metric, margin, resamples, measured: given, level, seed, onProgress } = options;
    const all = benchmarksOf("agreement", await benchmarks(store), benchmark);
    const { names, refused } = await namesFor(store, metric, given, options);
    const metrics = names.map((name) => ({ ...metricOf(name), name }));
    if (all.length === 0) return empty(noBenchmarks(store));
    if (metrics.length === 0) return empty("The store has no production metrics: ingest logs first.");
    const measured = given ?? (await metricTable(store, { ...request, metrics: names }));
    // Nothing asked for is in the log, so there is no column either.
    if (measured.by.length === 0 && measured.rows.length === 0) return empty(...measured.notes);
    if (!measured.by.includes("model"))
      throw new RangeError(
        `agreement requires "model" among the columns of by, got ${JSON.stringify(measured.by.join(","))}; it compares models`,
      );
    const by = measured.by.filter((name) => name !== "model");
    const candidates = await modelOfCandidates(store, request);
    const models = () => new Map<string, Set<string>>();
    const left = { unscored: models(), unmeasured: models(), otherRelease: models() };
    const there = new Set(names.filter((name) => isThere(measured.rows, name)));
    if (metric === undefined) for (const name of names) there.add(name);
    const rows: AgreementRow[] = [];
    const groups = groupsOf(measured, by);
    const pairs = groups.length * all.length * metrics.length;
    for (const group of groups)
      for (const scores of all)
        for (const production of metrics) {
          const values = group.rows.flatMap((row): Measured[] => {
            const estimate = row[production.name];
            const model = String(row.model ?? "not given");
            return isEstimate(estimate) ? [{ model, scoredAs: candidates.get(model), estimate }] : [];
          });
          // A group without values of a metric gets no row, unless no other group has the metric either.
          if (there.has(production.name) && !isThere(group.rows, production.name)) continue;
          const { pair, unscored, unmeasured, otherRelease } = sidesOf(scores, production, values);
          add(left.unscored, scores.benchmark, unscored);
          add(left.otherRelease, scores.benchmark, otherRelease);
          add(left.unmeasured, production.label, unmeasured);
          const { reservations = [], ...result } = agreementOf(pair, { margin, level, seed, resamples });
          const missing =
            unmeasured.length === 0 ? [] : [reserve("left-out.models", { models: listed(unmeasured) })];
          rows.push({
            ...group.key,
            benchmark: scores.benchmark,
            metric: production.name,
            ...result,
            ...defined({ note: noteOf([...reservations, ...missing]) }),
          });
          onProgress?.(rows.length, pairs);
          // Hundreds of pairs take a while: this lets the progress display update.
          await new Promise(setImmediate);
        }
    withHolm(rows);
    const most = Math.max(0, ...rows.map(({ models }) => models));
    const isFew = rows.length > 0 && most < LEAST_MODELS;
    return {
      measure: "agreement",
      by: [...by, "benchmark", "metric"],
      rows,
      notes: [
        ...summary(rows, margin),
        ...(isFew
          ? [
              `A rank correlation needs ${LEAST_MODELS} models that are on the benchmark and in the log, and there ${most === 1 ? "is" : "are"} at most ${most}: ingest scores of more of the log's models (fieldnotes models lists the names that are taken for one model).`,
            ]
          : [...reading(rows), ...weightedNotes(rows), ...familyNotes(rows)]),
        ...leftOut(left.unscored, (name) => `${name} has no score of`),
        ...leftOut(
          left.unmeasured,
          (name) => `The ${name} has no interval with two ends and is left out for`,
        ),
        ...leftOut(left.otherRelease, (name) => `${name} has scores of other releases; compared are`),
        // What the numbers count matters only where some of them are compared.
        ...(isFew
          ? []
          : [
              ...unsure(all),
              ...oneScore(candidates),
              ...[directionNote(names)].filter((note) => note !== undefined),
              ...refusedNotes(refused),
              ...measured.notes,
            ]),
      ],
    };
  },
});

/** The metrics to compare: those named, those already measured, otherwise all that can be measured. */
export async function namesFor(
  store: Store,
  metric: string | readonly string[] | undefined,
  measured: Table | undefined,
  asked: AskedGrain = {},
): Promise<AvailableMetrics> {
  if (metric !== undefined) return { names: atGrain("agreement", [metric].flat(), asked), refused: [] };
  if (measured !== undefined) return { names: metricsOf(measured), refused: [] };
  const { names, refused } = await availableMetrics(store);
  return { names: atGrain("agreement", names, asked, { usual: true }), refused };
}

/** The metrics in a table from `metricTable`. */
function metricsOf(measured: Table): string[] {
  return Object.keys(measured.rows[0] ?? {}).filter((name) => !measured.by.includes(name));
}

/** True if some row has a value of a metric. */
function isThere(rows: readonly Row[], name: string): boolean {
  return rows.some((row) => {
    const cell = row[name];
    return isEstimate(cell) && !Number.isNaN(cell.value);
  });
}

function empty(...notes: string[]): Table<AgreementRow> {
  return { measure: "agreement", by: ["benchmark", "metric"], rows: [], notes };
}

function groupsOf(table: Table, by: readonly string[]): { key: Row; rows: Row[] }[] {
  const groups = new Map<string, { key: Row; rows: Row[] }>();
  for (const row of table.rows) {
    const key: Row = keysOf(by, row);
    const id = JSON.stringify(Object.values(key).map((value) => value ?? null));
    const group = groups.get(id) ?? { key, rows: [] };
    group.rows.push(row);
    groups.set(id, group);
  }
  return [...groups.values()];
}

function add(left: Map<string, Set<string>>, name: string, models: readonly string[]): void {
  if (models.length === 0) return;
  left.set(name, new Set([...(left.get(name) ?? []), ...models]));
}

function leftOut(left: Map<string, Set<string>>, words: (name: string) => string): string[] {
  return [...left].map(([name, models]) => `${words(name)} ${listed([...models].sort())}.`);
}

function summary(rows: readonly AgreementRow[], margin: number): string[] {
  if (rows.length < 2) return [];
  const count = (verdict: string) => rows.filter((row) => row.verdict === verdict).length;
  return [
    `Of ${rows.length} pairs ${count("agrees")} agree (a correlation of ${margin} or more is sure), ${count("disagrees")} disagree (less than that is sure), and ${count("cannot tell")} are open.`,
  ];
}

/** Explains that intervals and p-values answer different questions. */
function reading(rows: readonly AgreementRow[]): string[] {
  const counts = [...new Set(rows.map(({ models }) => models))]
    .filter((count) => count >= 4)
    .sort((a, b) => a - b);
  if (counts.length === 0) return [];
  const [least, most] = [counts[0], counts[counts.length - 1]];
  return [
    `Intervals and verdicts are about these ${least === most ? most : `${least} to ${most}`} models. The p_value is about models at large: how often unrelated orders would agree or disagree as much. With so few models it is rarely small.`,
  ];
}

function oneScore(candidates: ReadonlyMap<string, string>): string[] {
  const models = [...candidates.values()];
  return new Set(models).size < models.length
    ? ["Candidates of one model share its score, so a benchmark ties them."]
    : [];
}

function unsure(all: readonly { benchmark: string; scores: readonly { error: number }[] }[]): string[] {
  const exact = all.filter(({ scores }) => scores.every(({ error }) => Number.isNaN(error)));
  if (exact.length === 0) return [];
  const names = listed(exact.map(({ benchmark }) => benchmark));
  return [`No standard errors are known, so these scores are treated as exact: ${names}.`];
}
