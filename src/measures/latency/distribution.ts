import { grouped } from "../../stats/text";
import type { Store } from "../../store/open";
import { withCalls } from "../behind";
import type { GroupSummary } from "../estimate/distribution";
import { type Spread, spreads } from "../estimate/spread";
import { type MeasureOptions, requestOf } from "../options";
import type { Row, Table } from "../table";
import { dominanceNotes } from "./dominance";
import { probabilities } from "./latency";
import {
  attributeNumber,
  behindNumber,
  measuredNumber,
  numberNamed,
  type UnitNumber,
  unitNumbers,
} from "./number";

/** Which number to measure, and which quantiles. */
export interface DistributionOptions extends MeasureOptions {
  /**
   * "duration" (default), "time_to_first_token", "time_per_output_token", "output_tokens_per_second", "input_tokens",
   * "output_tokens", "cost_per_call", "cost_per_task", "attempts_per_task", or an attribute of calls that is a number,
   * such as "attributes.queue_ms".
   */
  metric?: string;
  /** Quantiles to estimate. Default: the deciles, 0.95 and 0.99. */
  q?: readonly number[];
}

/** One line of a table of distributions. */
export interface DistributionRow extends Row, Spread {
  /** Calls or tasks that have the number. */
  n: number;
}

const usual = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99];

/**
 * How a number is distributed over calls or tasks: the cost of a call, the cost of a task with all its calls,
 * tokens read and written, how long it takes. Gives the mean and quantiles, each with its interval.
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
export async function distribution(
  store: Store,
  options: DistributionOptions = {},
): Promise<Table<DistributionRow>> {
  const request = requestOf("distribution", options);
  const metric = options.metric ?? "duration";
  const number =
    (unitNumbers.some(({ name }) => name === metric)
      ? undefined
      : await attributeNumber("distribution", store, metric)) ?? numberNamed("distribution", metric);
  const q = probabilities("distribution", options.q ?? usual);
  const { selection, summaries, groups } = await measuredNumber(store, number, request, true);
  try {
    const { unit, counted, what } = number;
    const estimated = await spreads(summaries, groups, q, { ...options, unit, counted, what });
    const rows = groups.map(
      (group): DistributionRow => ({ ...group.by, n: group.n, ...(estimated.get(group.g) as Spread) }),
    );
    const said = [
      ...selection.notes,
      ...notes(groups, number),
      ...dominanceNotes(rows, selection.by, number),
    ];
    return withCalls(
      { measure: "distribution", by: selection.by, rows, notes: said },
      (again) => distribution(again, options),
      behindNumber<DistributionRow>(number),
    );
  } finally {
    selection.close();
  }
}

function notes(groups: readonly GroupSummary[], { what, counted }: UnitNumber): string[] {
  const sum = (count: (group: GroupSummary) => number) =>
    groups.reduce((total, group) => total + count(group), 0);
  const [missing, failed] = [sum((group) => group.missing), sum((group) => group.failed)];
  const timeouts = sum(({ censored }) => censored);
  const all = sum(({ n }) => n) + missing + failed;
  return [
    ...(all === 0 ? ["No call is selected."] : []),
    ...(missing > 0
      ? [`${grouped(missing)} of ${grouped(all)} ${counted} have no ${what} and are left out.`]
      : []),
    ...(failed > 0 ? [`${grouped(failed)} of ${grouped(all)} ${counted} failed and are left out.`] : []),
    ...(timeouts > 0
      ? [`${grouped(timeouts)} calls timed out; they stay in as waits of at least their duration.`]
      : []),
  ];
}
