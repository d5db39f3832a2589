import { join } from "node:path";
import { select } from "../../facts/select";
import type { Estimate } from "../../stats/estimate";
import type { Store } from "../../store/open";
import { rowsOf } from "../../store/run";
import { statements } from "../../store/statements";
import { withCalls } from "../behind";
import { moneyOf, type Priced, unpricedCalls } from "../cost/costUnpriced";
import { openAbove } from "../estimate/openAbove";
import { type GroupKey, ratiosOf } from "../estimate/ratios";
import { type MeasureOptions, requestOf } from "../options";
import type { Row, Table } from "../table";

const sql = statements<"sums" | "rows">(join(__dirname, "cacheHits.sql"));

/** How caches affect the calls of one row. */
export interface CacheRow extends Row {
  calls: number;
  /** The share of calls that a response cache answered, among those that say whether one did. */
  hit_rate: Estimate;
  /** The share of input tokens read from the provider's prompt cache, over calls that report it. */
  cached_tokens: Estimate;
  duration_hit: Estimate;
  duration_miss: Estimate;
  /** Mean cost of a call that no response cache answered, and of any call: what is paid in the end. */
  cost_miss: Estimate;
  cost: Estimate;
}

/**
 * How often caches answer, and what calls take and cost with and without them.
 *
 * Compare models on calls that no cache answered: what users see mixes the model with the luck of the cache.
 * n counts calls.
 *
 * @returns a table with a row for each group of `by`
 * @throws RangeError for an invalid column, cluster or level
 * @example
 * const store = await openDemo();
 * const { rows } = await cacheHits(store, { by: "model" });
 * rows[0].cached_tokens.value.toFixed(2) // "0.39"
 */
export async function cacheHits(store: Store, options: MeasureOptions = {}): Promise<Table<CacheRow>> {
  const request = requestOf("cacheHits", options);
  const selection = await select(store, request);
  try {
    const { connection, by, clusterBy } = selection;
    const found = await rowsOf<Record<string, number> & { g: GroupKey; by: Row }>(connection, sql.rows);
    const ratios = await ratiosOf(selection, sql.sums, { ...options, clusterBy });
    const rows = found.map((one): CacheRow => {
      const of = (kind: string, unit: string, counted: string) =>
        ratios.ratio(one.g, kind, { n: one[kind], unit, counted });
      const money = (kind: string, counted: string, priced: Priced) =>
        moneyOf(ratios, one.g, kind, { n: priced.calls, unit: "USD/call", counted, priced });
      return {
        ...(by.length === 0 ? {} : one.by),
        calls: one.calls,
        hit_rate: ratios.rate(one.g, "hit", {
          n: one.hit,
          unit: "1",
          counted: "calls that say whether a cache answered",
        }),
        cached_tokens: of("cached", "1", "calls with a count of cached tokens"),
        duration_hit: openAbove(of("duration_hit", "s", "calls that a cache answered"), one.timeouts_hit, {
          among: one.duration_hit,
        }),
        duration_miss: openAbove(
          of("duration_miss", "s", "calls that no cache answered"),
          one.timeouts_miss,
          {
            among: one.duration_miss,
          },
        ),
        cost_miss: money("cost_miss", "calls that no cache answered", {
          calls: one.misses,
          unpriced: one.unpriced_miss,
          unknown: one.billed_miss === 0,
        }),
        cost: money("cost", "calls", {
          calls: one.calls,
          unpriced: one.unpriced,
          unknown: one.billed === 0,
        }),
      };
    });
    const sum = (name: string) => found.reduce((total, one) => total + one[name], 0);
    const [calls, unpriced] = [sum("calls"), sum("unpriced")];
    if (found.length === 0) selection.notes.push("No call is selected.");
    const left = sum("billed") > 0 && unpriced > 0 ? [`${unpricedCalls(unpriced, calls)}.`] : [];
    return withCalls(
      { measure: "cache hits", by, rows, notes: [...selection.notes, ...left] },
      (again) => cacheHits(again, options),
      {
        from: "select g, at_row, spent as amount from selected",
        amount: { name: "cost", sum: "the cost", first: "dearest" },
        n: ({ calls }) => calls,
        total: ({ cost }) => (cost.n === 0 ? 0 : cost.n * cost.value),
      },
    );
  } finally {
    selection.close();
  }
}
