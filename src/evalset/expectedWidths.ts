import { wilson } from "../stats/rate";

/** The eval sets whose interval widths are wanted. */
export interface WidthOptions {
  /** Sizes in examples, each answered once. Default 50, 100, 200, 300 and 500. */
  sizes?: readonly number[];
  /** True rates, such as the share of wrong answers. Default 0.05, 0.1, 0.3 and 0.5. */
  rates?: readonly number[];
  /** Confidence of the interval. Default 0.95. */
  level?: number;
}

/** The expected interval width of a rate, for one size of the set. */
export interface ExpectedWidth {
  items: number;
  /** Half the interval's width, by true rate: { "0.1": 0.034 }. */
  half_widths: Record<string, number>;
}

/**
 * Returns how wide a rate's interval will be for several sizes of an eval set: what a size buys, before the set is
 * built.
 *
 * @returns for each size half the width of Wilson's interval, in the unit of the rate
 * @example
 * expectedWidths({ sizes: [100] })[0].half_widths["0.5"].toFixed(3) // "0.096"
 */
export function expectedWidths({
  sizes = [50, 100, 200, 300, 500],
  rates = [0.05, 0.1, 0.3, 0.5],
  level = 0.95,
}: WidthOptions = {}): ExpectedWidth[] {
  return sizes.map((items) => ({
    items,
    half_widths: Object.fromEntries(
      rates.map((rate) => {
        const { low, high } = wilson(rate * items, items, { level });
        return [String(rate), (high - low) / 2];
      }),
    ),
  }));
}
