import type { Estimate } from "../../stats/estimate";
import { grouped } from "../../stats/text";
import type { Store } from "../../store/open";
import { run } from "../../store/run";
import { columnDoubts } from "../columnDoubts";
import { unpricedNote, unpricedOf, withUnpriced } from "../cost/costUnpriced";
import { defineMeasure, type Result } from "../define";
import { type GroupSummary, groupSummaries } from "../estimate/distribution";
import { duckdbSummaries } from "../estimate/duckdbSummaries";
import { type Spread, spreads } from "../estimate/spread";
import type { GroupKey } from "../estimate/summaries";
import { metricTable } from "../metricTable";
import type { MeasureRequest } from "../options";
import { rowKey } from "../rowKey";
import type { Keyed } from "../table";
import { noCallSelected } from "../whyEmpty";
import { dominanceNotes } from "./dominance";
import { probabilities } from "./latency";
import {
  attributeNumber,
  behindNumber,
  countsOf,
  type MeasuredNumber,
  measuredNumber,
  numberNamed,
  timeoutsNote,
  type UnitNumber,
  unitNumbers,
} from "./number";
import { spreadsDoubted, waitsDoubted } from "./oddWaits";

/** One line of a table of distributions. */
export type DistributionRow = Keyed<
  Spread & {
    /** Calls or tasks that have the number. */
    n: number;
  }
>;

type SpreadOptions = Parameters<typeof spreads>[3];

const usual = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99];

/**
 * How a number is distributed over calls or tasks: the cost of a call, the cost of a task with all its calls,
 * tokens read and written, how long it takes. Gives the mean and quantiles, each with its interval. Unknown costs are bounded
 * as in `cost`: values have them at 0, and upper ends at the most that they may be.
 *
 * If rows are models, the notes say for each pair whether one is lower at every decile, or at which deciles.
 *
 * @remarks Quantiles as in `latency`. Two models are compared decile by decile (MOVER, Zou & Donner 2008,
 * doi:10.1002/sim.3095). "At every decile" needs all nine to differ (Berger 1982, doi:10.1080/00401706.1982.10487790); the
 * level holds for all pairs together, and so it does for what is said of single deciles. How often the sentences are
 * false: docs/simulations/sentences.md.
 * @returns a table with a row for each group of `by`; n counts calls or tasks
 * @throws RangeError for an unknown number, an invalid probability, column, cluster or level
 * @example
 * const store = await openDemo();
 * const { rows } = await latencyDistribution(store, { metric: "cost_per_task", by: "model", q: [0.5] });
 * rows[0].quantiles["0.5"].value.toFixed(4) // "0.0187"
 * rows[0].quantiles["0.5"].unit // "USD"
 */
export const latencyDistribution = defineMeasure({
  name: "distribution",
  of: "latency",
  was: "distribution",
  about:
    "how any number of calls or tasks is spread: quantiles, and whether one model is lower at every decile",
  needs: ["duration or input_tokens or output_tokens or cost"],
  options: {
    metric: {
      value: "<name>",
      about: `${unitNumbers.map(({ name }) => name).join(", ")}, or an attribute that is a number`,
      default: "duration",
    },
    q: {
      value: "<list>",
      about: "quantiles (default: the deciles, 0.95 and 0.99)",
      as: "numbers",
      check: probabilities,
    },
  },
  caption: "metric",
  async open({ store, options: { metric }, request }) {
    const isNamed = unitNumbers.some(({ name }) => name === metric);
    const attribute = isNamed ? undefined : await attributeNumber("latencyDistribution", store, metric);
    return measuredNumber(store, attribute ?? numberNamed("latencyDistribution", metric), request, true);
  },
  async table({ store, request, options, ...measured }): Promise<Result<DistributionRow>> {
    const { number, selection, groups } = measured;
    const q = probabilities("latencyDistribution", options.q ?? usual);
    const settings = { ...options, unit: number.unit, counted: number.counted, what: number.what };
    const known = await spreadsOf(measured, q, settings);
    const estimated = spreadsDoubted(groups, known, await columnDoubts(store, request, selection.by));
    const means = await meansOf(store, number, request);
    const isMoney = number.highest !== undefined && selection.missesPrices;
    const highest = isMoney ? await highestOf(measured, q, settings) : undefined;
    const rows = groups.map(({ g, by, n }): DistributionRow => {
      const { mean: own, quantiles } = estimated.get(g) as Spread;
      const mean = means?.get(rowKey(selection.by, by)) ?? own;
      const bounded = highest === undefined ? quantiles : quantilesLike(mean, quantiles, highest.get(g));
      return { ...by, n, mean: { ...mean, unit: number.unit }, quantiles: bounded };
    });
    return {
      rows,
      notes: [
        ...notesOf(groups, number),
        ...unpricedNotes(rows),
        ...dominanceNotes(rows, selection.by, number),
      ],
      behind: behindNumber(number),
    };
  },
});

/** Mean and quantiles of a number, doubted as in `latency`. */
async function spreadsOf(
  { number, selection, summaries, groups }: MeasuredNumber,
  q: number[],
  options: SpreadOptions,
): Promise<Map<GroupKey, Spread>> {
  return waitsDoubted(selection, groups, await spreads(summaries, groups, q, options), number);
}

/** The means of a number that is a metric, from the measure that has it: one metric has one interval. */
async function meansOf(
  store: Store,
  { mean }: UnitNumber,
  request: MeasureRequest,
): Promise<Map<string, Estimate> | undefined> {
  if (mean === undefined) return undefined;
  const { by, rows } = await metricTable(store, { ...request, metrics: [mean] });
  return new Map(rows.map((row) => [rowKey(by, row), row[mean] as Estimate]));
}

/** The quantiles of a cost with every unknown one at the most that it may have been. */
async function highestOf(
  { number, selection }: MeasuredNumber,
  q: number[],
  options: SpreadOptions,
): Promise<Map<GroupKey, Spread>> {
  await run(selection.connection, number.highest as string);
  const summaries = await duckdbSummaries(selection);
  const found = await spreads(summaries, await groupSummaries(summaries), q, options);
  await run(selection.connection, number.view);
  return found;
}

/** Quantiles of a cost, bounded where its mean is, and unknown where that is. */
function quantilesLike(
  mean: Estimate,
  quantiles: Spread["quantiles"],
  highest: Spread | undefined,
): Spread["quantiles"] {
  const { unpriced } = mean;
  const about = {
    calls: unpriced?.of ?? mean.n,
    unpriced: unpriced?.calls ?? Number(Number.isNaN(mean.value)),
    unknown: Number.isNaN(mean.value),
  };
  return Object.fromEntries(
    Object.entries(quantiles).map(([p, estimate]) => [
      p,
      withUnpriced(estimate, highest?.quantiles[p] ?? unpricedOf(estimate), about),
    ]),
  );
}

function unpricedNotes(rows: readonly DistributionRow[]): string[] {
  const known = rows.flatMap(({ mean }) => mean.unpriced ?? []);
  const sum = (count: "calls" | "of") => known.reduce((total, one) => total + one[count], 0);
  return known.length > 0 ? [unpricedNote(sum("calls"), sum("of"))] : [];
}

function notesOf(groups: readonly GroupSummary[], { what, counted }: UnitNumber): string[] {
  const { missing, failed, timeouts, all } = countsOf(groups);
  return [
    ...(all === 0 ? [noCallSelected] : []),
    ...(missing > 0
      ? [`${grouped(missing)} of ${grouped(all)} ${counted} have no ${what} and are left out.`]
      : []),
    ...(failed > 0 ? [`${grouped(failed)} of ${grouped(all)} ${counted} failed and are left out.`] : []),
    ...timeoutsNote(timeouts, { counted }),
  ];
}
