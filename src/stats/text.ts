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
 * A level of confidence.
 *
 * @example
 * levelText(0.995) // "99.5 %"
 */
export function levelText(level: number): string {
  return percent(level, 6);
}
