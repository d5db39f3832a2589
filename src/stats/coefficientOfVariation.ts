import { mean, sampleStandardDeviation } from "simple-statistics";

/**
 * The spread of values relative to their size: standard deviation (n - 1) over the absolute mean.
 *
 * In: numbers of one unit; out: a number without unit, at least 0. n counts the values. NaN with fewer than
 * two values, a mean of 0, or a value that is not finite.
 *
 * @example
 * coefficientOfVariation([2, 4, 6]).toFixed(3) // "0.500"
 */
export function coefficientOfVariation(values: ArrayLike<number>): number {
  const n = values.length;
  if (n < 2) return Number.NaN;
  // Computed on the scale of the largest value, whose square may overflow.
  let largest = 0;
  for (let i = 0; i < n; i++) largest = Math.max(largest, Math.abs(values[i]));
  if (!(largest > 0 && largest < Infinity)) return Number.NaN;
  const scaled = Array.from(values, (value) => value / largest);
  const average = mean(scaled);
  return average === 0 ? Number.NaN : sampleStandardDeviation(scaled) / Math.abs(average);
}
