import { type Estimate, renoted, withNotes } from "../../stats/estimate";
import { reserve } from "../../stats/reservation";
import type { RatioMetric } from "../metricKinds";
import { rowKey } from "../rowKey";
import type { Keyed, Row, Table } from "../table";
import type { CostRow } from "./cost";

/** One line of a repriced table. */
export type RepriceRow = Keyed<{
  /** Calls with a cost both as logged and at the other prices; the sums and the ratio are over these. */
  calls: number;
  /** US dollars that they cost, and would have cost; NaN for a store that is a sample of a larger log. */
  logged: number;
  repriced: number;
  /** What they would have cost, divided by what they did cost. */
  ratio: Estimate;
  /** The factor by which to multiply the other prices so that both cost the same. */
  break_even: Estimate;
  cost_per_task: Estimate;
  /** The same at the other prices. */
  repriced_per_task: Estimate;
  /** With `caching`: the share of input tokens read from a cache as logged, and what that saves, in US dollars. */
  hit_rate?: Estimate;
  saved?: Estimate;
}>;

/** Finds the row of a table with the same values of its `by` columns. */
export function rowFinder<R extends Row>({ by, rows }: Table<R>): (row: Row) => R | undefined {
  const byKey = new Map(rows.map((row) => [rowKey(by, row), row]));
  return (row) => byKey.get(rowKey(by, row));
}

/** What a row's calls cost as logged and at the other prices; a sample of a larger log has no sums. */
export function besideLogged(
  anew: CostRow,
  before: CostRow,
  sums: Row,
  {
    tokens: [least, most],
    isSample,
    as,
  }: { tokens: readonly number[]; isSample: boolean; as: string | undefined },
) {
  const untold = as === undefined ? [] : [reserve("prices.alone", { model: as })];
  const scaled = (estimate: Estimate): Estimate =>
    withNotes(
      {
        ...estimate,
        value: estimate.value * Math.min(most, Math.max(least, 1)),
        low: estimate.low * least,
        high: estimate.high * most,
      },
      untold,
    );
  const { [both.name]: logged, [ratio.name]: quotient, [hits.name]: read } = sums as Record<string, Estimate>;
  const times =
    logged.n > 0
      ? scaled(quotient)
      : renoted(scaled(quotient), [
          reserve("none.has", { unit: "call", what: "a cost both as logged and at these prices" }),
        ]);
  const sum = isSample ? Number.NaN : logged.n === 0 ? 0 : logged.value * logged.n;
  return {
    calls: logged.n,
    logged: sum,
    repriced: sum === 0 ? 0 : sum * times.value,
    ratio: times,
    break_even: { ...times, value: 1 / times.value, low: 1 / times.high, high: 1 / times.low },
    cost_per_task: before.cost_per_task,
    repriced_per_task: scaled(anew.cost_per_task),
    ...(read === undefined ? {} : { hit_rate: { ...read, unit: "1" }, saved: dearer(sum, times) }),
  };
}

export const bothKnown = "logged_cost is not null and spent is not null";
const about = {
  better: "lower",
  words: ["cheaper", "dearer"],
  needs: "cost is not null",
  offered: [],
} as const;
export const both: RatioMetric = {
  ...about,
  name: "logged",
  label: "logged cost",
  unit: "USD/call",
  source: { measure: "ratio", over: "calls", numerator: `case when ${bothKnown} then logged_cost end` },
};
export const ratio: RatioMetric = {
  ...about,
  name: "ratio",
  label: "repriced cost",
  unit: "×",
  source: {
    measure: "ratio",
    over: "calls",
    numerator: `case when ${bothKnown} then spent end`,
    denominator: "logged_cost",
  },
};

export const hits: RatioMetric = {
  ...about,
  name: "hit_rate",
  label: "input read from a cache",
  // This is a ratio of tokens, not a share of calls.
  unit: "",
  source: {
    measure: "ratio",
    over: "calls",
    numerator: "case when input_tokens is not null then coalesce(logged_read, 0) end",
    denominator: "input_tokens",
  },
};

/** How many US dollars more the calls would have cost than they did. */
const dearer = (sum: number, ratio: Estimate): Estimate => ({
  ...ratio,
  value: sum * (ratio.value - 1),
  low: sum * (ratio.low - 1),
  high: sum * (ratio.high - 1),
  unit: "USD",
});
