import type { Estimate } from "../../stats/estimate";
import { rowsOf } from "../../store/run";
import { statements } from "../../store/statements";
import { sumOf } from "../behind";
import { moneyOf, type Priced, unpricedCalls } from "../cost/costUnpriced";
import { defineMeasure, type Result } from "../define";
import { openAbove } from "../estimate/openAbove";
import { type GroupKey, ratiosOf } from "../estimate/ratios";
import type { Keyed, Row } from "../table";
import { noCallSelected } from "../whyEmpty";

const sql = statements(__dirname, "cacheHits.sql");

/** How caches affect the calls of one row. */
export type CacheRow = Keyed<{
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
}>;

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
 * const { rows } = await costCacheHits(store, { by: "model" });
 * rows[0].cached_tokens.value.toFixed(2) // "0.39"
 */
export const costCacheHits = defineMeasure({
  name: "cache-hits",
  of: "cost",
  was: ["cost --cache", "cache-hits"],
  about: "how often caches answer, and what calls take and cost with and without them",
  needs: ["cache_hit or cache_read_input_tokens"],
  fixed: { credit: "it counts calls, not tasks" },
  async table({ selection, options }): Promise<Result<CacheRow>> {
    const { connection, by, clusterBy } = selection;
    const groups = await rowsOf<Record<string, number> & { g: GroupKey; by: Row }>(connection, sql.rows);
    const ratios = await ratiosOf(selection, sql.sums, { ...options, clusterBy });
    const rows = groups.map((group): CacheRow => {
      const { g, calls } = group;
      const of = (kind: string, unit: string, counted: string) =>
        ratios.ratio(g, kind, { n: group[kind], unit, counted });
      const wait = (kind: string, counted: string, timeouts: number) =>
        openAbove(of(kind, "s", counted), timeouts, { among: group[kind] });
      const money = (kind: string, counted: string, priced: Priced) =>
        moneyOf(ratios, g, kind, { n: priced.calls, unit: "USD/call", counted, priced });
      return {
        ...(by.length === 0 ? {} : group.by),
        calls,
        hit_rate: ratios.rate(g, "hit", {
          n: group.hit,
          unit: "1",
          counted: "calls that say whether a cache answered",
        }),
        cached_tokens: of("cached", "1", "calls with a count of cached tokens"),
        duration_hit: wait("duration_hit", "calls that a cache answered", group.timeouts_hit),
        duration_miss: wait("duration_miss", "calls that no cache answered", group.timeouts_miss),
        cost_miss: money("cost_miss", "calls that no cache answered", {
          calls: group.misses,
          unpriced: group.unpriced_miss,
          unknown: group.billed_miss === 0,
        }),
        cost: money("cost", "calls", { calls, unpriced: group.unpriced, unknown: group.billed === 0 }),
      };
    });
    const sum = (name: string) => groups.reduce((total, group) => total + group[name], 0);
    const isLeftOut = sum("billed") > 0 && sum("unpriced") > 0;
    return {
      rows,
      notes: isLeftOut ? [`${unpricedCalls(sum("unpriced"), sum("calls"))}.`] : [],
      none: noCallSelected,
      behind: {
        from: "select g, at_row, spent as amount from selected",
        amount: { name: "cost", sum: "the cost", first: "dearest" },
        n: ({ calls }) => calls,
        total: ({ cost }) => sumOf(cost),
      },
    };
  },
});
