import { unclustered } from "../../facts/cluster";
import { groupsOf, select } from "../../facts/select";
import { modelName } from "../../logs/models/modelName";
import { type Estimate, noted } from "../../stats/estimate";
import { normalQuantile } from "../../stats/normal";
import { reserve } from "../../stats/reservation";
import type { Store } from "../../store/open";
import { benchmarks, benchmarksOf } from "../benchmark/benchmarkScores";
import { defineMeasure } from "../define";
import { hidden } from "../measure";
import { metric as metricOf } from "../metric";
import { refusedNotes } from "../metricNames";
import { metricTable } from "../metricTable";
import type { MeasureRequest } from "../options";
import { keysOf } from "../rowKey";
import { isEstimate, type Keyed, type Row, type Table } from "../table";
import { comparedOptions, namesFor } from "./agreement";
import { type Measured, type Pair, sidesOf } from "./agreementSides";

/** How one release of a model changed on a benchmark and in production. */
export type ProgressRow = Keyed<{
  /** The model without its release. */
  model: string;
  from: string;
  to: string;
  benchmark: string;
  metric: string;
  /** How much better the later release scores, in the benchmark's unit. */
  benchmark_gain: Estimate;
  /** The later release's metric divided by the earlier one's ("×"); for shares and scores, the difference. */
  production_change: Estimate;
  /** Whether the gain on the benchmark shows in production. */
  verdict: "shows" | "does not show" | "no gain" | "cannot tell";
}>;

/**
 * Whether a release that gained on a benchmark gained in production: each release of a model against the one before it.
 *
 * Releases are snapshots of one model ("gpt-4o-2024-05-13", "gpt-4o-2024-08-06", also "own-model-2026-01-15") that are
 * both in the logs and on the benchmark, in order of snapshot. A gain "shows" if both sides are significantly better, and "does not show" if the
 * benchmark is significantly better and production significantly is not. The two releases are treated as independent.
 *
 * @remarks Method: normal, on the log scale for waits, money and speeds.
 * @returns a row for each group of `by`, pair of releases, benchmark and metric
 * @throws RangeError for an invalid benchmark, metric, column or level
 * @example
 * const store = await openDemo({ log: "releases" });
 * const [row] = (await progressOverReleases(store, { metric: "duration_p50" })).rows;
 * `${row.to}: ${row.production_change.value.toFixed(2)} times as long, ${row.verdict}` // "sorrel-2026-04-20: 0.66 times as long, shows"
 */
export const progressOverReleases = defineMeasure({
  name: "releases",
  of: "agreement",
  caller: "progressOverReleases",
  about: "whether a release that gained on a benchmark gained in production",
  needs: ["benchmarks"],
  options: hidden(comparedOptions),
  async compose({ store, request, options }): Promise<Table<ProgressRow>> {
    const { benchmark, metric, measured: given, level = 0.95 } = options;
    const all = benchmarksOf("progressOverReleases", await benchmarks(store), benchmark);
    const { names, refused } = await namesFor(store, metric, given);
    const none = { measure: "progress", by: ["model", "from", "to", "benchmark", "metric"] };
    const unpaired =
      "No model is in the logs and on a benchmark with two of its releases, such as gpt-4o-2024-05-13 and gpt-4o-2024-08-06.";
    const hasReleases = given !== undefined || releasesOf(await modelsOf(store, request), []).length > 0;
    if (all.length === 0 || names.length === 0 || !hasReleases)
      return { ...none, rows: [], notes: [unpaired] };
    const measured = given ?? (await metricTable(store, { ...request, metrics: names }));
    const by = measured.by.filter((name) => name !== "model");
    const rows: ProgressRow[] = [];
    for (const [before, after] of releasesOf(measured.rows, by))
      for (const scores of all)
        for (const name of names) {
          const values = [before, after].flatMap((row): Measured[] => {
            const estimate = row[name];
            return isEstimate(estimate) ? [{ model: String(row.model), estimate }] : [];
          });
          const { pair } = sidesOf(scores, metricOf(name), values);
          if (pair.models.length < 2) continue;
          const key = keysOf(by, before);
          const [from, to] = pair.models;
          const result = changeOf(pair, level);
          const model = releaseOf(from).name;
          rows.push({ ...key, model, from, to, benchmark: scores.benchmark, metric: name, ...result });
        }
    return {
      ...none,
      by: [...by, ...none.by],
      rows,
      // How metrics were measured says nothing where none is shown.
      notes: rows.length === 0 ? [unpaired] : [...refusedNotes(refused), ...measured.notes],
    };
  },
});

/** The models of the chosen calls, as rows. */
async function modelsOf(store: Store, request: MeasureRequest): Promise<Row[]> {
  const selection = await select(store, request, { by: "model", cluster: unclustered, population: "all" });
  try {
    return (await groupsOf(selection)).map(({ by }) => by);
  } finally {
    selection.close();
  }
}

/** A model without its release, and the release: also of a name that nothing knows, if it ends in a day. */
function releaseOf(model: string): { name: string; snapshot: string | null } {
  const known = modelName(model);
  if (known.by !== null) return known;
  const [, name, snapshot] = /^(.+?)[-@:_ ](\d{4}-\d{2}-\d{2})$/.exec(model) ?? [];
  return name === undefined ? known : { name, snapshot };
}

/** Pairs each release of a model with the next one, within a group. */
function releasesOf(rows: readonly Row[], by: readonly string[]): [Row, Row][] {
  const models = new Map<string, { row: Row; snapshot: string }[]>();
  for (const row of rows) {
    const { name, snapshot } = releaseOf(String(row.model ?? ""));
    if (snapshot === null) continue;
    const key = JSON.stringify([...by.map((column) => row[column] ?? null), name]);
    models.set(key, [...(models.get(key) ?? []), { row, snapshot }]);
  }
  return [...models.values()].flatMap((releases) => {
    const ordered = releases.sort((a, b) => (a.snapshot < b.snapshot ? -1 : 1)).map(({ row }) => row);
    return ordered.slice(1).map((row, index): [Row, Row] => [ordered[index], row]);
  });
}

function changeOf(pair: Pair, level: number) {
  const z = normalQuantile((1 + level) / 2);
  const change = (values: readonly number[], errors: readonly number[] | undefined) => {
    const value = values[1] - values[0];
    const reach = errors === undefined ? Number.NaN : z * Math.hypot(errors[0], errors[1]);
    return { value, low: value - reach, high: value + reach };
  };
  const common = { level, n: 2, clusters: 2, clusterBy: "model" };
  const there = change(pair.benchmark, pair.benchmarkError);
  const here = change(pair.production, pair.productionError);
  const ends = [here.value, here.low, here.high].map(pair.own);
  const exact = Number.isNaN(there.low);
  const gained = exact ? there.value > 0 : there.low > 0;
  return {
    benchmark_gain: {
      ...there,
      ...common,
      method: exact ? "none" : "normal",
      unit: "",
      ...noted(exact ? [reserve("method.exact-scores")] : []),
    },
    production_change: {
      value: ends[0],
      low: Math.min(ends[1], ends[2]),
      high: Math.max(ends[1], ends[2]),
      ...common,
      method: "normal",
      unit: pair.log === true ? "×" : pair.unit,
    },
    verdict: verdictOf(gained, exact ? there.value : there.high, here),
  };
}

function verdictOf(
  gained: boolean,
  most: number,
  here: { low: number; high: number },
): ProgressRow["verdict"] {
  if (gained) return here.low > 0 ? "shows" : here.high <= 0 ? "does not show" : "cannot tell";
  return most <= 0 ? "no gain" : "cannot tell";
}
