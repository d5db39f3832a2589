import type { Estimate } from "../../stats/estimate";
import { grouped } from "../../stats/text";

/**
 * The calls behind a cost: how many, how many of them without a cost, the known sum, and the highest cost of
 * a call.
 */
export interface Priced {
  calls: number;
  unpriced: number;
  cost: number;
  dearest: number | null;
}

/**
 * A cost over `over` units, some of whose calls have no cost: each of them cost at least nothing, and is
 * taken to have cost at most as much as the dearest call of the row.
 */
export function withUnpriced(
  estimate: Estimate,
  over: number,
  { calls, unpriced, cost, dearest }: Priced,
): Estimate {
  if (unpriced === 0 || estimate.n === 0) return estimate;
  if (cost === 0) return unpricedOf(estimate);
  const note = `at least this: ${grouped(unpriced)} of ${grouped(calls)} calls have no cost; the upper bound prices each at the dearest call`;
  const high =
    over > 0 ? estimate.high + (unpriced * (dearest ?? Number.POSITIVE_INFINITY)) / over : estimate.high;
  return { ...estimate, high, note: estimate.note ? `${note}; ${estimate.note}` : note };
}

/** A cost per call. Failed calls that were free alone say nothing about what the others cost. */
export function ofFree(
  estimate: Estimate,
  { calls, priced, logged }: { calls: number; priced: number; logged: number },
): Estimate {
  return logged > 0 || priced === calls ? estimate : unpricedOf(estimate);
}

/** Says how many calls a cost per call leaves out. */
export const unpricedCalls = (unpriced: number, calls: number): string =>
  `${grouped(unpriced)} of ${grouped(calls)} calls have no cost: the cost per call is that of the others`;

/** An unknown cost. */
export function unpricedOf(estimate: Estimate): Estimate {
  const none = { value: Number.NaN, low: Number.NaN, high: Number.NaN };
  return { ...estimate, ...none, note: "no call has a cost" };
}
