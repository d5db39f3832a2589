import type { Estimate } from "./estimate";
import { differenceOf } from "./mover";
import { wilson } from "./rate";

/**
 * The difference of two rates from different items, first less second, with Newcombe's interval.
 *
 * In: successes and trials of each; n counts the trials of both. No trials on a side: NaN, and the note says so.
 * The interval never leaves [-1, 1] and keeps its width even if both rates are 0 or 1.
 *
 * @remarks Method: "newcombe", the hybrid score interval, Newcombe 1998, method 10,
 * https://doi.org/10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I.
 * @throws RangeError unless 0 <= k <= n on both sides and level is in (0, 1).
 * @example
 * newcombe(90, 100, 80, 100).high.toFixed(4) // "0.1995"
 */
export function newcombe(
  firstSuccesses: number,
  firstTrials: number,
  secondSuccesses: number,
  secondTrials: number,
  { level = 0.95 }: { level?: number } = {},
): Estimate {
  const first = wilson(firstSuccesses, firstTrials, { level });
  const second = wilson(secondSuccesses, secondTrials, { level });
  return { ...differenceOf(first, second), method: "newcombe", unit: "1" };
}
