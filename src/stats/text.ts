/**
 * A count with its thousands apart.
 *
 * @example
 * grouped(3688) // "3,688"
 */
export function grouped(n: number): string {
  return String(Math.round(n)).replace(/\B(?=(\d{3})+$)/g, ",");
}

/**
 * A share as a percentage, to whole percents or to significant digits.
 *
 * @example
 * percent(0.02345, 2) // "2.3 %"
 */
export function percent(share: number, digits?: number): string {
  const hundredths = 100 * share;
  return `${digits === undefined ? Math.round(hundredths) : Number(hundredths.toPrecision(digits))} %`;
}

/**
 * What money is paid for, as people can picture it: small sums are told for a thousand, since nobody can picture
 * 0.00079 dollars. Undefined where the unit is no money for something.
 *
 * @param value in the unit, such as "USD/call"
 * @returns how often to take the value, and the words behind "USD"
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
