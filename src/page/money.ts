import { formatEstimate } from "../charts/number";
import type { Estimate } from "../stats/estimate";

/**
 * Money by what is paid for: "1.20 USD [1.10, 1.30] a task". Small sums are told for a thousand, "0.79 USD [0.77, 0.80]
 * per 1,000 calls": nobody can picture 0.00079 dollars. Undefined where the estimate is no money.
 */
export function money(estimate: Estimate): string | undefined {
  const { value, low, high, unit = "" } = estimate;
  const [, of] = /^USD\/(.+)$/.exec(unit) ?? [];
  if (of === undefined) return undefined;
  const times = Math.abs(value) < 0.1 ? 1000 : 1;
  const sum = { ...estimate, value: value * times, low: low * times, high: high * times, unit: "USD" };
  return `${formatEstimate(sum)} ${times === 1 ? `a ${of}` : `per 1,000 ${of}s`}`;
}
