import { type Estimate, renoted, withNotesFirst } from "../../stats/estimate";
import { reserve } from "../../stats/reservation";
import { grouped } from "../../stats/text";
import { maySeeUnpriced } from "../../stats/worstCase";
import type { Counted, GroupKey, Ratios } from "../estimate/ratios";

/** The calls behind a cost, and how many of them have no known cost. */
export interface Priced {
  calls: number;
  unpriced: number;
  /** True if none of those that were billed has a known cost. */
  unknown: boolean;
}

/** Share of the calls without a known cost above which what others cost is no bound. */
const MOST_UNPRICED = 0.5;

/**
 * A cost some of whose calls have no known cost: each of these cost at least nothing, and at most what the facts say
 * (`spent_high`). Where most have none, nothing bounds them: what the facts say are prices of other models then.
 *
 * @param estimate with the unknown costs at 0
 * @param highest with each of them at its most
 * @returns the lower end of the one and the upper end of the other; nothing if no cost is known
 */
export function withUnpriced(estimate: Estimate, highest: Estimate, about: Priced): Estimate {
  const { calls, unpriced, unknown } = about;
  if (unpriced === 0 || estimate.n === 0) return estimate;
  if (unknown) return unpricedOf(estimate);
  const isBounded = !Number.isNaN(highest.value) && unpriced <= MOST_UNPRICED * calls;
  const at_most = isBounded ? highest.value : Number.POSITIVE_INFINITY;
  const high = at_most === Number.POSITIVE_INFINITY ? at_most : Math.max(estimate.high, highest.high);
  const bounded = { ...estimate, high, unpriced: { calls: unpriced, of: calls, at_most } };
  if (!maySeeUnpriced(bounded)) return bounded;
  const numbers = { calls: grouped(unpriced), of: grouped(calls) };
  return withNotesFirst(bounded, [
    reserve(Number.isFinite(high) ? "costs.bounded" : "costs.unbounded", numbers),
  ]);
}

/**
 * The ratio `kind` of a group, whose sums count unknown costs at 0, bounded by the ratio `KIND_high`, whose sums count each
 * at its most.
 */
export function moneyOf(
  ratios: Ratios,
  g: GroupKey,
  kind: string,
  about: Counted & { priced: Priced },
): Estimate {
  const estimate = ratios.ratio(g, kind, about);
  const { priced } = about;
  return priced.unpriced === 0
    ? estimate
    : withUnpriced(estimate, ratios.ratio(g, `${kind}_high`, about), priced);
}

/** Says how many calls have no known cost. */
export const unpricedCalls = (unpriced: number, calls: number): string =>
  `${grouped(unpriced)} of ${grouped(calls)} calls have no known cost`;

/** Says so, and how such calls count. */
export const unpricedNote = (unpriced: number, calls: number): string =>
  `${unpricedCalls(unpriced, calls)}: each costs at least 0, and at most its tokens at the log's highest price, or as much as 999 of 1,000 calls where its tokens are not known; where most calls of a row have none, nothing bounds them.`;

/** An unknown cost. */
export function unpricedOf(estimate: Estimate): Estimate {
  const none = { value: Number.NaN, low: Number.NaN, high: Number.NaN };
  return renoted({ ...estimate, ...none }, [reserve("costs.none")]);
}
