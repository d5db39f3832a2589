import { formatEstimate } from "../charts/number";
import type { Estimate } from "../stats/estimate";
import { paidFor } from "../stats/text";

/**
 * Writes money per unit paid for: "1.20 USD [1.10, 1.30] a task". Small sums are given per thousand: "0.79 USD [0.77,
 * 0.80] per 1,000 calls". Undefined if the estimate isn't money.
 *
 * @param scale the estimate that decides how many are paid for; default: this one
 */
export function money(estimate: Estimate, scale: Estimate = estimate): string | undefined {
  const paid = paidSum(estimate, scale);
  return paid && `${formatEstimate(paid.sum)} ${paid.words}`;
}

/** The sum in US dollars for as many as are paid for at once on a scale, and what these are; undefined if it isn't money. */
export function paidSum(
  estimate: Estimate,
  scale: Estimate = estimate,
): { sum: Estimate; words: string } | undefined {
  const { value, low, high, unit = "" } = estimate;
  const paid = paidFor(scale.value, unit);
  if (paid === undefined) return undefined;
  const { times, words } = paid;
  return {
    sum: { ...estimate, value: value * times, low: low * times, high: high * times, unit: "USD" },
    words,
  };
}
