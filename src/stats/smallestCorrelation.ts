import { checkChoice, checkCount, checkLevel } from "./checks";
import { inversionLaw } from "./kendallNull";
import { normalQuantile } from "./normal";
import { permutationLaw } from "./spearmanNull";

export interface SmallestCorrelationOptions {
  /** "spearman" (default) or "kendall". */
  kind?: "spearman" | "kendall";
  /** Confidence at which it should be distinguishable from 0 (default 0.95). */
  level?: number;
}

/** Above this many models the normal approximation of either correlation under independence is exact enough. */
const LARGEST_EXACT = 300;

/**
 * The smallest rank correlation that this many models can show: the smallest |r| whose two-sided permutation
 * p-value is at most 1 - level, for values without ties.
 *
 * In: a number of models; out: a correlation from 0 to 1, or NaN if even a perfect order proves nothing (fewer
 * than 5 models at level 0.95). Exact for Kendall, and for Spearman up to 9 models; from 10 models Spearman's
 * comes from 99,999 seeded permutations, above 300 models both come from the normal approximation.
 *
 * @throws RangeError if models is not a whole number >= 0 or level is not in (0, 1).
 * @example
 * smallestCorrelation(6) // 0.8857142857142857
 */
export function smallestCorrelation(models: number, options: SmallestCorrelationOptions = {}): number {
  const { kind = "spearman", level = 0.95 } = options;
  checkCount("smallestCorrelation", "models", models);
  checkChoice("smallestCorrelation", "kind", kind, ["spearman", "kendall"]);
  checkLevel("smallestCorrelation", level);
  if (models < 2) return Number.NaN;
  const n = models;
  const alpha = 1 - level;
  if (n > LARGEST_EXACT) {
    const deviation =
      kind === "kendall" ? Math.sqrt((2 * (2 * n + 5)) / (9 * n * (n - 1))) : 1 / Math.sqrt(n - 1);
    return normalQuantile(1 - alpha / 2) * deviation;
  }
  // Steps count from the perfect order down: inversions, or half the sum of squared rank differences.
  const law = kind === "kendall" ? inversionLaw(n) : permutationLaw(n);
  const worst = kind === "kendall" ? (n * (n - 1)) / 2 : (n * (n * n - 1)) / 6;
  let tail = 0;
  let steps = -1;
  // A tail that equals alpha up to rounding counts as reached.
  while (2 * steps + 2 < worst && 2 * (tail + law[steps + 1]) <= alpha * (1 + 1e-12)) tail += law[++steps];
  return steps < 0 ? Number.NaN : 1 - (2 * steps) / worst;
}
