import { betaTails } from "./beta";
import { checkProbability } from "./checks";
import { orderStatistics } from "./orderStatistics";
import { type Distribution, isDistribution, type NanPolicy } from "./sample";

/**
 * The Harrell-Davis estimate of a quantile: a smooth weighting of all order statistics.
 *
 * Steadier than a single order statistic below about 200 values, but heavy tails pull it towards their extremes.
 *
 * @remarks Method: Harrell & Davis (1982), doi:10.1093/biomet/69.3.635.
 * @param values numbers in any order, or a Distribution; n counts its weights
 * @param p 0 and 1 give the minimum and maximum
 * @returns the estimate in the unit of the values; NaN for an empty sample
 * @throws RangeError for p outside [0, 1] or NaN among the values unless `nan: "drop"`
 * @example
 * harrellDavis([1, 2, 3], 0.5).toFixed(9) // "2.000000000"
 */
export function harrellDavis(
  values: ArrayLike<number> | Distribution,
  p: number,
  { nan = "throw" }: { nan?: NanPolicy } = {},
): number {
  checkProbability("harrellDavis", "p", p);
  const { n, at } = orderStatistics("harrellDavis", values, { nan });
  if (n === 0) return Number.NaN;
  if (p === 0) return at(Math.min(1, n));
  if (p === 1) return at(n);
  const a = (n + 1) * p;
  const b = (n + 1) * (1 - p);
  let sum = 0;
  let before: [number, number] = [0, 1];
  let passed = 0;
  const add = (value: number, upTo: number) => {
    const now = betaTails(upTo / n, a, b);
    // Taking the difference from the smaller tail keeps the weights of the upper end exact.
    const weight = now[0] < 0.5 ? now[0] - before[0] : before[1] - now[1];
    if (weight > 0) sum += weight * value;
    before = now;
  };
  if (isDistribution(values))
    for (let i = 0; i < values.values.length; i++) add(values.values[i]!, (passed += values.weights[i]!));
  else for (let i = 1; i <= n; i++) add(at(i), i);
  return sum;
}
