import { grouped } from "../../stats/text";
import { defineMeasure, type Result } from "../define";
import type { GroupSummary } from "../estimate/distribution";
import { type Spread, spreads } from "../estimate/spread";
import type { Keyed } from "../table";
import { dominanceNotes } from "./dominance";
import { probabilities } from "./latency";
import {
  attributeNumber,
  behindNumber,
  countsOf,
  measuredNumber,
  numberNamed,
  timeoutsNote,
  type UnitNumber,
  unitNumbers,
} from "./number";

/** One line of a table of distributions. */
export type DistributionRow = Keyed<
  Spread & {
    /** Calls or tasks that have the number. */
    n: number;
  }
>;

const usual = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99];

/**
 * How a number is distributed over calls or tasks: the cost of a call, the cost of a task with all its calls,
 * tokens read and written, how long it takes. Gives the mean and quantiles, each with its interval. Costs are those known
 * in full: a call without a known cost, or a task with one, is left out and counted, where `cost` bounds its mean.
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
 * const { rows } = await distribution(store, { metric: "cost_per_task", by: "model", q: [0.5] });
 * rows[0].quantiles["0.5"].value.toFixed(4) // "0.0187"
 * rows[0].quantiles["0.5"].unit // "USD"
 */
export const distribution = defineMeasure({
  name: "distribution",
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
    const attribute = isNamed ? undefined : await attributeNumber("distribution", store, metric);
    return measuredNumber(store, attribute ?? numberNamed("distribution", metric), request, true);
  },
  async table({ number, selection, summaries, groups, options }): Promise<Result<DistributionRow>> {
    const { unit, counted, what } = number;
    const q = probabilities("distribution", options.q ?? usual);
    const estimated = await spreads(summaries, groups, q, { ...options, unit, counted, what });
    const rows = groups.map(
      (group): DistributionRow => ({ ...group.by, n: group.n, ...(estimated.get(group.g) as Spread) }),
    );
    return {
      rows,
      notes: [...notesOf(groups, number), ...dominanceNotes(rows, selection.by, number)],
      behind: behindNumber(number),
    };
  },
});

function notesOf(groups: readonly GroupSummary[], { what, counted }: UnitNumber): string[] {
  const { missing, failed, timeouts, all } = countsOf(groups);
  return [
    ...(all === 0 ? ["No call is selected."] : []),
    ...(missing > 0
      ? [`${grouped(missing)} of ${grouped(all)} ${counted} have no ${what} and are left out.`]
      : []),
    ...(failed > 0 ? [`${grouped(failed)} of ${grouped(all)} ${counted} failed and are left out.`] : []),
    ...timeoutsNote(timeouts),
  ];
}
