import { binomialProbability, binomialTails } from "./binomial";
import { checkChoice, checkCount } from "./checks";

export interface McnemarOptions {
  /** "exact" (default) never rejects too often; "mid-p" is less cautious and close to the stated level. */
  method?: "exact" | "mid-p";
}

/**
 * The two-sided p-value that two models pass the same share of the same items, from the items on which they
 * differ: the number that only the first passed, and the number that only the second passed.
 *
 * n of the test is the sum of both counts; items on which they agree do not enter. 1 if there are no such items.
 *
 * @remarks Sources: McNemar 1947, https://doi.org/10.1007/BF02295996; mid-p: Fagerland et al. 2013,
 * https://doi.org/10.1186/1471-2288-13-91.
 * @throws RangeError if a count is negative or not whole.
 * @example
 * mcnemar(3, 20).toFixed(8) // "0.00048828"
 */
export function mcnemar(onlyFirst: number, onlySecond: number, options: McnemarOptions = {}): number {
  const { method = "exact" } = options;
  checkCount("mcnemar", "onlyFirst", onlyFirst);
  checkCount("mcnemar", "onlySecond", onlySecond);
  checkChoice("mcnemar", "method", method, ["exact", "mid-p"]);
  const n = onlyFirst + onlySecond;
  if (n === 0) return 1;
  const fewer = Math.min(onlyFirst, onlySecond);
  const tail = 2 * binomialTails(fewer, n, 0.5)[0];
  return Math.min(1, method === "mid-p" ? tail - binomialProbability(fewer, n, 0.5) : tail);
}
