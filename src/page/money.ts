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
  const { value, low, high, unit = "" } = estimate;
  const paid = paidFor(scale.value, unit);
  if (paid === undefined) return undefined;
  const { times, words } = paid;
  const sum = { ...estimate, value: value * times, low: low * times, high: high * times, unit: "USD" };
  return `${formatEstimate(sum)} ${words}`;
}
