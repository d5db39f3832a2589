import { wilson } from "../stats/rate";

/** How wide the interval of a rate will be, for one size of the set. */
export interface ExpectedWidth {
  items: number;
  /** Half the width of the 95 % interval by the rate itself: { "0.1": 0.034 }. */
  half_widths: Record<string, number>;
}

/**
 * How wide the interval of a rate will be for several sizes of an eval set: what a size buys, before it is built.
 *
 * @param sizes numbers of examples, each answered once
 * @param rates true rates, such as the share of wrong answers
 * @returns for each size half the width of Wilson's interval, in the unit of the rate
 * @example
 * expectedWidths([100])[0].half_widths["0.5"].toFixed(3) // "0.096"
 */
export function expectedWidths(
  sizes: readonly number[] = [50, 100, 200, 300, 500],
  rates: readonly number[] = [0.05, 0.1, 0.3, 0.5],
  level = 0.95,
): ExpectedWidth[] {
  return sizes.map((items) => ({
    items,
    half_widths: Object.fromEntries(
      rates.map((rate) => {
        const { low, high } = wilson(rate * items, items, level);
        return [String(rate), (high - low) / 2];
      }),
    ),
  }));
}
