/**
 * A count with thousands separators.
 *
 * @example
 * grouped(3688) // "3,688"
 */
export function grouped(n: number): string {
  return String(Math.round(n)).replace(/\B(?=(\d{3})+$)/g, ",");
}

/**
 * A count with its noun, in the plural unless it is 1.
 *
 * @example
 * counted(1, "row") // "1 row"
 */
export function counted(n: number, noun: string): string {
  return `${grouped(n)} ${noun}${Math.round(n) === 1 ? "" : "s"}`;
}

/**
 * A share as a percentage, in whole percents or to significant digits.
 *
 * @example
 * percent(0.02345, 2) // "2.3 %"
 */
export function percent(share: number, digits?: number): string {
  const hundredths = 100 * share;
  return `${digits === undefined ? Math.round(hundredths) : Number(hundredths.toPrecision(digits))} %`;
}

/**
 * What money buys, in amounts people can picture: small sums are given per thousand, since nobody can picture
 * 0.00079 dollars. Undefined if the unit is not money per something.
 *
 * @param value in the unit, such as "USD/call"
 * @returns the factor for the value, and the words after "USD"
 * @example
 * paidFor(0.00079, "USD/call") // { times: 1000, words: "per 1,000 calls" }
 */
export function paidFor(value: number, unit: string): { times: number; words: string } | undefined {
  const [, of] = /^USD\/(.+)$/.exec(unit) ?? [];
  if (of === undefined) return undefined;
  return Math.abs(value) < 0.1 ? { times: 1000, words: `per 1,000 ${of}s` } : { times: 1, words: `a ${of}` };
}

/**
 * A level of confidence.
 *
 * @example
 * levelText(0.995) // "99.5 %"
 */
export function levelText(level: number): string {
  return percent(level, 6);
}

/** Names in a sentence: "a, b and c"; or, with another last word, "a, b or c". */
export function listed(names: readonly string[], last = "and"): string {
  return names.length < 2 ? (names[0] ?? "") : `${names.slice(0, -1).join(", ")} ${last} ${names.at(-1)}`;
}

const bars = "▁▂▃▄▅▆▇█";

/**
 * A one-character bar, for a small chart in a table.
 *
 * @param share of the highest, from 0 to 1
 * @example
 * barOf(0.5) // "▅"
 */
export function barOf(share: number): string {
  return bars[Math.min(bars.length - 1, Math.floor(share * bars.length))];
}

/** A number with two or three digits, in words: as much as a sentence needs. */
export function brief(x: number, digits = 2): string {
  if (Number.isNaN(x)) return "not known";
  if (!Number.isFinite(x)) return x > 0 ? "without bound" : "below any bound";
  const rounded = Number(x.toPrecision(digits));
  if (Math.abs(rounded) >= 1000) return rounded.toFixed(0).replace(/\B(?=(\d{3})+$)/g, ",");
  return Math.abs(rounded) < 1e-4 && rounded !== 0 ? rounded.toExponential() : String(rounded);
}

/** A number with three digits, zeros too: "1.00", "1,070". */
export const threeDigits = (x: number): string =>
  Math.abs(Number(x.toPrecision(3))) >= 1000 ? brief(x, 3) : x.toPrecision(3);

/** A value with its unit; a share as a percentage. */
export function withUnit(value: number, unit: string, digits = 2): string {
  if (!Number.isFinite(value) || unit === "") return brief(value, digits);
  return unit === "1" ? `${brief(value * 100, digits)} %` : `${brief(value, digits)} ${unit}`;
}

/** A probability in %, never rounded to 0 or 100 %, since it is a share of draws. */
export function chance(p: number): string {
  if (p < 0.01) return "under 1 %";
  return p > 0.99 ? "over 99 %" : percent(p);
}

/**
 * A span of time, in hours below two days.
 *
 * @param between a word before the unit, such as "more "
 * @example
 * daysText(0.72) // "17 hours"
 */
export function daysText(days: number, between = ""): string {
  const [unit, aDay]: [string, number] =
    days >= 2
      ? ["day", 1]
      : days >= 1 / 24
        ? ["hour", 24]
        : days >= 1 / 1440
          ? ["minute", 1440]
          : ["second", 86_400];
  const count = brief(days * aDay);
  return `${count} ${between}${unit}${count === "1" ? "" : "s"}`;
}
