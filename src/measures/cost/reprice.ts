import { drawnShare, wholeReason } from "../../facts/drawn";
import { type Estimate, renoted, withNotes } from "../../stats/estimate";
import { reserve } from "../../stats/reservation";
import { withCalls } from "../behind";
import { defineMeasure } from "../define";
import type { RatioMetric } from "../metricKinds";
import { ratioTable } from "../ratioTable";
import { keysOf, rowKey } from "../rowKey";
import type { Keyed, Row, Table } from "../table";
import { type CostRow, cost } from "./cost";
import { repriced } from "./repriced";
import { repriceNotes, unpricedNotes } from "./repriceNotes";

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

/**
 * What the same traffic would have cost at other prices, or on another model.
 *
 * Calls keep their tokens, retries and caching; a call without another price keeps its cost. On another model
 * tokens would differ: `tokens` says by how much, and the intervals include both ends; a call without known
 * tokens is left out. How often another model would try again, and how many tasks it would resolve, cannot be known from
 * its price: no number "as" another model carries a decision. With `caching`, the share of input tokens that would be read from a cache (0: none, and no
 * writes), `logged` has caching as it was, both are at list prices, and `saved` is what the logged caching
 * saves compared with that share; negative if that share costs less. Calls of models without a price are left out of that. Sums are exact for the calls of the log;
 * intervals say how sure they are for traffic like it. n counts calls, of `repriced_per_task` tasks.
 *
 * @throws RangeError without prices, a model or a share of caching, for a model without a price, with caching if no
 * model of the log has one, and for
 * `tokens` that aren't two factors > 0
 * @example
 * const store = await openDemo();
 * const { rows } = await reprice(store, { as: "orrery-swift", by: "model" });
 * rows[0].ratio.value.toFixed(2) // "0.19"
 */
export const reprice = defineMeasure({
  name: "reprice",
  of: "cost",
  about: "the same calls at the prices of a list",
  needs: ["input_tokens"],
  takes: "prices",
  knows: [],
  options: {
    prices: { value: "<file>", about: "a price list (default: the store's prices)" },
    as: { value: "<model>", about: "the model as which every answer is priced" },
    caching: {
      value: "<share>",
      about: "the share of input read from a cache (0: no caching)",
      as: "number",
      check: checkCaching,
    },
    tokens: {
      value: "<least,most>",
      about: "how many times the logged tokens it may take, such as 0.8,1.3",
      as: "numbers",
      default: [1, 1],
      check: checkTokens,
    },
  },
  views: [
    {
      name: "as",
      of: "cost",
      about: "the same calls as if this model had answered them, with the tokens of the one that did",
      takes: "as",
      knows: ["prices", "tokens"],
    },
    {
      name: "caching",
      of: "cost",
      about:
        "what prompt caching saves at list prices, against this share of input read from a cache (0: no caching)",
      takes: "caching",
      knows: ["prices"],
    },
  ],
  async compose({ store, options, request }): Promise<Table<RepriceRow>> {
    const { prices, as, caching, tokens } = options;
    if (prices === undefined && as === undefined && caching === undefined)
      throw new RangeError(
        "reprice requires prices (a price list), as (a model) or caching (a share), got none of them",
      );
    if (caching !== undefined && as !== undefined)
      throw new RangeError(
        "reprice requires caching or as, a model, not both: another model's cache is not known",
      );
    const isSample = (await drawnShare(store.connection)) !== undefined;
    const other = await repriced(store, options);
    const [logged, anew] = [await cost(store, request), await cost(other.store, request)];
    const metrics = caching === undefined ? [both, ratio] : [both, ratio, hits];
    const ratios = await ratioTable(other.store, metrics, "calls", request);
    const [loggedRow, ratiosRow] = [rowFinder(logged), rowFinder(ratios)];
    const rows = anew.rows.flatMap((row): RepriceRow[] => {
      const [before, sums] = [loggedRow(row), ratiosRow(row)];
      if (before === undefined || sums === undefined) return [];
      const place = keysOf(logged.by, row);
      // The answers of that model itself are its own already.
      const model = row.model === as ? undefined : as;
      return [{ ...place, ...besideLogged(row, before, sums, { tokens, isSample, as: model }) }];
    });
    const notes = [
      ...repriceNotes(options, other),
      ...(await unpricedNotes(other.store, request)),
      ...(isSample ? [`No sums are given: ${wholeReason}. The ratio stands for the whole.`] : []),
      ...(rows.length > 0 && rows.every(({ hit_rate }) => hit_rate !== undefined && !(hit_rate.value > 0))
        ? ["No call logs tokens read from a cache: caching as logged counts as none."]
        : []),
      ...logged.notes,
    ];
    return withCalls(
      { measure: "reprice", by: logged.by, rows, notes },
      async (again) => ratioTable((await repriced(again, options)).store, [both, ratio], "calls", request),
      {
        from: `select g, at_row, spent as amount from selected where chosen and ${bothKnown}`,
        amount: { name: "repriced", sum: "the cost at the other prices", first: "dearest" },
        last: true,
        n: ({ calls }) => calls,
        ...(tokens.every((times) => times === 1) ? { total: ({ repriced }) => repriced } : {}),
      },
    );
  },
});

function checkCaching(caller: string, caching: number): void {
  if (!(caching >= 0 && caching <= 1))
    throw new RangeError(
      `${caller} requires 0 <= caching <= 1, the share of input tokens read from a cache, got ${String(caching)}; 0 is no caching`,
    );
}

function checkTokens(caller: string, tokens: readonly number[]): void {
  const [least, most] = tokens;
  if (tokens.length !== 2 || !(least > 0 && most >= least && Number.isFinite(most)))
    throw new RangeError(
      `${caller} requires tokens as two factors such as [0.8, 1.3], got [${tokens.join(", ")}]`,
    );
}

/** Finds the row of a table with the same values of its `by` columns. */
function rowFinder<R extends Row>({ by, rows }: Table<R>): (row: Row) => R | undefined {
  const byKey = new Map(rows.map((row) => [rowKey(by, row), row]));
  return (row) => byKey.get(rowKey(by, row));
}

/** What a row's calls cost as logged and at the other prices; a sample of a larger log has no sums. */
function besideLogged(
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

const bothKnown = "logged_cost is not null and spent is not null";
const about = {
  better: "lower",
  words: ["cheaper", "dearer"],
  needs: "cost is not null",
  offered: [],
} as const;
const both: RatioMetric = {
  ...about,
  name: "logged",
  label: "logged cost",
  unit: "USD/call",
  source: { measure: "ratio", over: "calls", numerator: `case when ${bothKnown} then logged_cost end` },
};
const ratio: RatioMetric = {
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

const hits: RatioMetric = {
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
