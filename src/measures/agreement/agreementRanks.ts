import type { Estimate } from "../../stats/estimate";
import { rankSets } from "../../stats/rankSets";
import { originOf, withCallsOf } from "../behind";
import { benchmarkOf, benchmarks } from "../benchmark/benchmarkScores";
import { defineMeasure, type OptionsOf } from "../define";
import { valueOption } from "../measure";
import { metric as metricOf } from "../metric";
import { metricTable } from "../metricTable";
import { groupedBy, keysOf, rowKey } from "../rowKey";
import { isEstimate, type Keyed, type Table } from "../table";
import { type Measured, sidesOf } from "./agreementSides";
import { modelOfCandidates } from "./modelOfCandidates";

/** One model's rank on a benchmark and its rank in production. */
export type RankRow = Keyed<{
  model: string;
  /** The benchmark's rank, 1 the best, with the ranks that the model may truly have. */
  benchmark_rank: Estimate;
  production_rank: Estimate;
  /** The metric itself. */
  production: Estimate;
}>;

/**
 * The rank of each model on a benchmark and in production, 1 the best, each with the ranks it may truly have.
 *
 * n counts the models that have both. Ranks hold for all models of a group at once, separately on each side.
 *
 * @remarks Method: rank sets, see `rankSets`.
 * @returns a row for each model in each group of `by`, best in production first
 * @throws RangeError for an invalid benchmark, metric, column or level
 * @example
 * const store = await openDemo();
 * const { rows } = await agreementRanks(store, { benchmark: "general-knowledge", metric: "duration_p95" });
 * `${rows[0].model} ${rows[0].production_rank.value}` // "tamarisk-mini 1"
 */
export const agreementRanks = defineMeasure({
  name: "ranks",
  of: "agreement",
  about: "the rank of each model on a benchmark and in production",
  needs: ["benchmarks"],
  inLibrary: true,
  options: {
    benchmark: { value: "<name>", about: "a benchmark in the store", required: true },
    metric: { value: "<name>", about: "a production metric, by a name that `metric` takes", required: true },
    measured: valueOption<Table>(
      "a table from `metricTable` over the same calls that has the metric, so that nothing is measured twice",
    ),
  },
  async compose({ store, measure, request, options }): Promise<Table<RankRow>> {
    const { benchmark: benchmarkName, metric, measured: given, level, seed } = options;
    const benchmark = benchmarkOf("agreementRanks", await benchmarks(store), benchmarkName);
    const measured = given ?? (await metricTable(store, { ...request, metrics: [metric] }));
    const by = measured.by.filter((name) => name !== "model");
    const groups = groupedBy(measured.rows, (row) => rowKey(by, row));
    const candidates = await modelOfCandidates(store, request);
    const rows = [...groups.values()].flatMap((own): RankRow[] => {
      const key = keysOf(by, own[0]);
      const values = own.flatMap((row): Measured[] => {
        const estimate = row[metric];
        const model = String(row.model ?? "not given");
        return isEstimate(estimate) ? [{ model, scoredAs: candidates.get(model), estimate }] : [];
      });
      const { pair } = sidesOf(benchmark, metricOf(metric), values);
      const exact = pair.models.map(() => 0);
      const there = rankSets(
        { scores: pair.benchmark, ...(pair.benchmarkRuns ?? { errors: pair.benchmarkError ?? exact }) },
        { level, seed },
      );
      const here = rankSets(
        { scores: pair.production, errors: pair.productionError ?? exact },
        { level, seed },
      );
      return pair.models
        .map((model, at) => ({
          ...key,
          model,
          benchmark_rank: there[at],
          production_rank: here[at],
          production: values.find((one) => one.model === model)!.estimate,
        }))
        .sort((a, b) => a.production_rank.value - b.production_rank.value);
    });
    const measuredRow = new Map(measured.rows.map((row) => [rowKey(measured.by, row), row]));
    return withCallsOf({ measure, by: [...by, "model"], rows, notes: measured.notes }, (row) => ({
      production: originOf(measuredRow.get(rowKey(measured.by, row)) ?? row, metric),
    }));
  },
});

/** What to rank. */
export type RankOptions = OptionsOf<typeof agreementRanks>;
