import { unclustered } from "../../facts/cluster";
import { groupsOf, select } from "../../facts/select";
import { modelName } from "../../logs/models/modelName";
import { type AssumptionId, type Bound, type Claim, claim } from "../../stats/claim";
import { defined } from "../../stats/defined";
import { type Estimate, noted } from "../../stats/estimate";
import { differenceOf, ratioOf } from "../../stats/mover";
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
  /** The verdict, or that the gain shows, and how far that stands. */
  claim: Claim;
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
 * const [row] = (await agreementReleases(store, { metric: "duration_p50" })).rows;
 * `${row.to}: ${row.production_change.value.toFixed(2)} times as long, ${row.verdict}` // "sorrel-2026-04-20: 0.66 times as long, shows"
 */
export const agreementReleases = defineMeasure({
  name: "releases",
  of: "agreement",
  about: "whether a release that gained on a benchmark gained in production",
  needs: ["benchmarks"],
  options: hidden(comparedOptions),
  async compose({ store, measure, request, options }): Promise<Table<ProgressRow>> {
    const { benchmark, metric, measured: given, level = 0.95 } = options;
    const all = benchmarksOf("agreementReleases", await benchmarks(store), benchmark);
    const { names, refused } = await namesFor(store, metric, given, options);
    const none = { measure, by: ["model", "from", "to", "benchmark", "metric"] };
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
          const result = changeOf(pair, level, values);
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

function changeOf(pair: Pair, level: number, measured: readonly Measured[]) {
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
  const gain = { ...common, method: exact ? "none" : "normal", ...there };
  const fallen = { ...gain, ...(exact ? { low: there.value, high: there.value } : {}) };
  const produced = { ...common, method: "normal", ...here, ...whatIsUnknown(pair, measured, here) };
  return {
    benchmark_gain: {
      ...gain,
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
    ...judged(fallen, produced, exact ? ["scores-exact"] : []),
  };
}

/** What the change in production knows of itself, and what it is whatever the unknown outcomes are, higher being better. */
function whatIsUnknown(
  { lowerIsBetter, log }: Pair,
  [before, after]: readonly Measured[],
  { low, high, value }: Pick<Estimate, "value" | "low" | "high">,
): Pick<Estimate, "worst_case" | "reservations"> {
  const sides = lowerIsBetter ? [before, after] : [after, before];
  const [first, second] = sides.map(({ estimate }) => estimate);
  const difference = log === true ? ratioOf(first, second) : differenceOf(first, second);
  const { worst_case, reservations } = difference;
  if (worst_case === undefined) return defined({ reservations });
  const scale = (x: number) => (log === true ? Math.log(x) : x);
  const values = worst_case.values.map(scale) as [number, number];
  const worst = { ...worst_case, values, low: values[0] - (value - low), high: values[1] + (high - value) };
  return defined({ reservations, worst_case: worst });
}

/** Whether a gain on the benchmark shows in production. */
function judged(
  gain: Estimate,
  produced: Estimate,
  needs: readonly AssumptionId[],
): Pick<ProgressRow, "verdict" | "claim"> {
  const gained: Bound = { estimate: gain, end: "low", holds: (x) => x > 0 };
  const shows = claim(
    "releases.shows",
    "agrees",
    [gained, { estimate: produced, end: "low", holds: (x) => x > 0 }],
    { needs },
  );
  const hidden = claim(
    "releases.does-not-show",
    "differs",
    [gained, { estimate: produced, end: "high", holds: (x) => x <= 0 }],
    { needs },
  );
  const none = claim("releases.no-gain", "differs", [{ ...gained, end: "high", holds: (x) => x <= 0 }], {
    needs,
  });
  const stands = ({ status, needs: needed }: Claim) => status === "settled" || needed === "scores-exact";
  if (stands(shows)) return { verdict: "shows", claim: shows };
  if (stands(hidden)) return { verdict: "does not show", claim: hidden };
  return stands(none) ? { verdict: "no gain", claim: none } : { verdict: "cannot tell", claim: shows };
}
