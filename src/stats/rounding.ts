/** What sums of numbers of one size may differ by because of the order in which they are added, relative to that size. */
const ROUNDING = 1e-12;

/**
 * A number that came of others, such as their difference: 0 if it is so much smaller than they are that it is what rounding
 * left over.
 *
 * @param size of the numbers that it came of
 * @example
 * beyondRounding(3.6e-15, 20) // 0
 */
export const beyondRounding = (x: number, size: number): number =>
  Math.abs(x) <= ROUNDING * Math.abs(size) ? 0 : x;
