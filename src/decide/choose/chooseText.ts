import type { Estimate } from "../../stats/estimate";
import { brief, paidFor, withUnit } from "../../stats/text";
import { maySeeUnpriced } from "../../stats/worstCase";
import { labelOf } from "../profile/criterion";

export { brief, chance, listed, withUnit } from "../../stats/text";

/**
 * A metric's value with its unit, for use in a sentence: "p95 time to first token 0.9 s", "4 USD per 1,000
 * conversations", "error rate 1.2 %".
 */
export function amount(metric: { metric: string; within?: number }, estimate: Estimate | undefined): string {
  const label = labelOf(metric);
  const { value = Number.NaN, unit = "" } = estimate ?? {};
  const paid = dollars(value, unit);
  if (paid === undefined) return `${label} ${withUnit(value, unit)}${furtherEnd(estimate)}`;
  return estimate !== undefined && maySeeUnpriced(estimate) ? `at least ${paid}` : paid;
}

/** From this share of a number on, the one that was measured is told beside the one at the mix. */
const FAR = 0.02;

/** What was measured of a share, where one mix of work makes clearly another number of it: " (measured 69 %)". */
export function besideMeasured(estimate: Estimate | undefined, measured: number | undefined): string {
  if (estimate?.unit !== "1" || measured === undefined) return "";
  const { value, unit } = estimate;
  const isFar = Math.abs(value - measured) > FAR * Math.max(value, measured);
  return isFar ? ` (measured ${withUnit(measured, unit)})` : "";
}

/** None seen is not none: the other end of the interval of a share of 0 or of all. */
function furtherEnd(estimate: Estimate | undefined): string {
  if (estimate?.unit !== "1") return "";
  const { value, low, high, unit } = estimate;
  if (value === 0 && high > 0) return ` (up to ${withUnit(high, unit)})`;
  return value === 1 && low < 1 ? ` (at least ${withUnit(low, unit)})` : "";
}

/** An amount of a metric, as a difference: "0.4 s of p95 duration", "2 points of resolve rate". */
export function amountOf(label: string, by: number, unit: string): string {
  if (unit === "1") return `${brief(by * 100)} points of ${label}`;
  return dollars(by, unit) ?? `${withUnit(by, unit)} of ${label}`;
}

function dollars(value: number, unit: string): string | undefined {
  const paid = Number.isFinite(value) ? paidFor(value, unit) : undefined;
  return paid && `${brief(value * paid.times)} USD ${paid.words}`;
}
