import { checkChoice, checkLevel } from "./checks";
import { defined } from "./defined";
import { type Estimate, noEnds, noted } from "./estimate";
import { kendall } from "./kendall";
import { normalQuantile } from "./normal";
import { completePairs } from "./pairs";
import { reserve } from "./reservation";
import { spearman } from "./spearman";

export interface OverModelsOptions {
  /** "spearman" (default) or "kendall" (tau-b). */
  kind?: "spearman" | "kendall";
  /** Confidence of the interval (default 0.95). */
  level?: number;
}

/** Below this many models the interval is too narrow for a strong correlation. */
const LEAST_SAMPLE = 10;

/**
 * The rank correlation of two sides over models as a sample of models: what to expect for new models.
 *
 * In: one pair per model; pairs with a NaN are left out with a note. n and clusters count the pairs. The interval
 * is made on the scale of Fisher's z. Fewer than 10 models: no interval (NaN), since it would cover 75 to 93 % of
 * the time instead of the stated 95; use `permutationP`. A correlation of 1 or -1 is moved inwards by half of the
 * smallest step before the other end is worked out, so that it never looks certain. Ties share their mean rank.
 *
 * @remarks Methods: "bonett-wright" (Bonett & Wright 2000, https://doi.org/10.1007/BF02294183) for Spearman,
 * "fieller-hartley-pearson" (1957, https://doi.org/10.1093/biomet/44.3-4.470) for Kendall, whose constant error is
 * too small for a tau of 0.7 and more with few models; the jackknife's is then used if larger, up to 1.6 times.
 * @throws RangeError if the sides differ in length or an option is out of range.
 * @example
 * rankCorrelationOverModels([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], [2, 1, 4, 3, 6, 5, 8, 7, 10, 9]).value // 0.9393939393939394
 */
export function rankCorrelationOverModels(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  options: OverModelsOptions = {},
): Estimate {
  const { kind = "spearman", level = 0.95 } = options;
  checkChoice("rankCorrelationOverModels", "kind", kind, ["spearman", "kendall"]);
  checkLevel("rankCorrelationOverModels", level);
  const pairs = completePairs("rankCorrelationOverModels", x, y, { nan: "drop" })!;
  const n = pairs.x.length;
  const value = kind === "kendall" ? kendall(pairs.x, pairs.y) : spearman(pairs.x, pairs.y);
  const missing = { n: pairs.dropped, of: x.length, counted: "models", why: "a side is missing" };
  const notes = pairs.dropped > 0 ? [reserve("left-out.of", missing)] : [];
  let { low, high } = noEnds;
  if (n >= 2 && Number.isNaN(value)) {
    notes.push(reserve("none.order"));
  } else if (n < LEAST_SAMPLE) {
    notes.push(
      reserve("few.needed", {
        what: "an interval over models as a sample",
        needed: LEAST_SAMPLE,
        counted: "models",
        has: n,
      }),
    );
  } else {
    const halfStep = kind === "kendall" ? 2 / (n * (n - 1)) : 6 / (n * (n * n - 1));
    const inner = Math.max(-1 + halfStep, Math.min(1 - halfStep, value));
    const error =
      kind === "kendall"
        ? Math.max(Math.sqrt(0.437 / (n - 4)), strongError(pairs.x, pairs.y, value, halfStep))
        : Math.sqrt((1 + (inner * inner) / 2) / (n - 3));
    const reach = normalQuantile((1 + level) / 2) * error;
    low = value <= -1 ? -1 : Math.tanh(Math.atanh(inner) - reach);
    high = value >= 1 ? 1 : Math.tanh(Math.atanh(inner) + reach);
  }
  return defined({
    value,
    low,
    high,
    level,
    method: kind === "kendall" ? "fieller-hartley-pearson" : "bonett-wright",
    n,
    clusters: n,
    clusterBy: "model",
    unit: "1",
    ...noted(notes),
  });
}

/** A single model out of place moves the jackknife a lot; this many constant errors are enough. */
const MOST_WIDENED = 1.6;

/** Above this many models the constant error holds for a strong tau too. */
const MANY = 100;

/** Below this the constant error of Fieller, Hartley and Pearson holds for few models. */
const STRONG = 0.7;

/** Standard error of Fisher's z of a strong tau, leaving out one model at a time; 0 if it is not needed. */
function strongError(x: ArrayLike<number>, y: ArrayLike<number>, value: number, halfStep: number): number {
  const n = x.length;
  if (n > MANY || Math.abs(value) < STRONG) return 0;
  const values = Array.from({ length: n }, (_, left) => {
    const without = (side: ArrayLike<number>) => Array.from(side).filter((_, i) => i !== left);
    return kendall(without(x), without(y));
  }).filter((tau) => !Number.isNaN(tau));
  const mean = values.reduce((sum, tau) => sum + tau / values.length, 0);
  const squares = values.reduce((sum, tau) => sum + (tau - mean) ** 2, 0);
  const inner = Math.min(1 - halfStep, Math.abs(value));
  const error = Math.sqrt((squares * (n - 1)) / values.length) / (1 - inner * inner);
  return Math.min(error, MOST_WIDENED * Math.sqrt(0.437 / (n - 4)));
}
