import type { Estimate } from "../../stats/estimate";
import { paidFor, percent } from "../../stats/text";
import { labelOf } from "../profile/criterion";

/** A number with two or three digits, in words: no more than a sentence needs. */
export function brief(x: number, digits = 2): string {
  if (Number.isNaN(x)) return "not known";
  if (!Number.isFinite(x)) return x > 0 ? "without bound" : "below any bound";
  if (Math.abs(x) >= 1000) {
    const whole = Number(x.toPrecision(digits));
    return whole.toFixed(0).replace(/\B(?=(\d{3})+$)/g, ",");
  }
  const rounded = Number(x.toPrecision(digits));
  return Math.abs(rounded) < 1e-4 && rounded !== 0 ? rounded.toExponential() : String(rounded);
}

/**
 * A metric's value with its unit, as it stands in a sentence: "p95 time to first token 0.9 s", "4 USD per
 * 1,000 conversations", "error rate 1.2 %".
 */
export function amount(metric: { metric: string; within?: number }, estimate: Estimate | undefined): string {
  const label = labelOf(metric);
  const { value = Number.NaN, unit = "" } = estimate ?? {};
  return dollars(value, unit) ?? `${label} ${withUnit(value, unit)}`;
}

/** So much of a metric, as a difference: "0.4 s of p95 duration", "2 points of resolve rate". */
export function amountOf(label: string, by: number, unit: string): string {
  if (unit === "1") return `${brief(by * 100)} points of ${label}`;
  return dollars(by, unit) ?? `${withUnit(by, unit)} of ${label}`;
}

function dollars(value: number, unit: string): string | undefined {
  const paid = Number.isFinite(value) ? paidFor(value, unit) : undefined;
  return paid && `${brief(value * paid.times)} USD ${paid.words}`;
}

/** A value with its unit; a share in %. */
export function withUnit(value: number, unit: string, digits = 2): string {
  if (!Number.isFinite(value) || unit === "") return brief(value, digits);
  return unit === "1" ? `${brief(value * 100, digits)} %` : `${brief(value, digits)} ${unit}`;
}

/** A chance in %, never rounded to none or to certainty: it is a share of draws. */
export function chance(p: number): string {
  if (p < 0.01) return "under 1 %";
  return p > 0.99 ? "over 99 %" : percent(p);
}

/** Names in a sentence: "a, b and c". */
export function listed(names: readonly string[]): string {
  return names.length < 2 ? (names[0] ?? "") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
