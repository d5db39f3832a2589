import { betaQuantilePair, betaTails } from "./beta";
import { checkPositive, checkProbability } from "./checks";

/**
 * The distribution function of Fisher's F with the two degrees of freedom.
 *
 * @throws RangeError for degrees that are not finite and > 0
 * @example
 * fisherFCdf(1, 7, 7).toFixed(12) // "0.500000000000"
 */
export function fisherFCdf(f: number, numerator: number, denominator: number): number {
  checkPositive("fisherFCdf", "numerator", numerator);
  checkPositive("fisherFCdf", "denominator", denominator);
  if (f <= 0) return 0;
  if (f === Number.POSITIVE_INFINITY) return 1;
  const odds = (numerator * f) / denominator;
  return betaTails(1 / (1 + 1 / odds), numerator / 2, denominator / 2, 1 / (1 + odds))[0];
}

/**
 * The quantile function of Fisher's F with the two degrees of freedom.
 *
 * @throws RangeError for p outside [0, 1] or degrees that are not finite and > 0
 * @example
 * fisherFQuantile(0.975, 7, 32).toFixed(6) // "2.714958"
 */
export function fisherFQuantile(p: number, numerator: number, denominator: number): number {
  checkProbability("fisherFQuantile", "p", p);
  checkPositive("fisherFQuantile", "numerator", numerator);
  checkPositive("fisherFQuantile", "denominator", denominator);
  const [x, y] = betaQuantilePair(p, 1 - p, numerator / 2, denominator / 2);
  return (x * denominator) / (y * numerator);
}
