import { type Estimate, withNotes } from "./estimate";
import { marginalOf } from "./marginal";
import { normalQuantile } from "./normal";
import { reserve } from "./reservation";
import { studentTQuantile } from "./studentT";

/**
 * The level at which each of several numbers must hold, so that whichever of them the data pick holds at `level`.
 *
 * @example
 * levelOfEach(0.95, 24).toFixed(4) // "0.9979"
 */
export const levelOfEach = (level: number, of: number): number => 1 - (1 - level) / Math.max(1, of);

/**
 * The estimate of the most extreme of several, picked from the data that it is made of: its interval pays for the picking.
 * The worst of 24 equal hours looks worse than it is; an interval as of one that had been named before does not know that.
 *
 * @remarks Method: Bonferroni over all that might have been picked.
 * @param of how many might have been picked, and `counted`, what they are
 * @param estimate the picked one at a level
 */
export function pickedOf(
  of: number,
  counted: string,
  level: number,
  estimate: (level: number) => Estimate,
): Estimate {
  const found = { ...estimate(levelOfEach(level, of)), level };
  return of > 1 ? withNotes(found, [reserve("method.picked-of", { of, counted })]) : found;
}

/** An estimate at a higher level, as skewed as it is; Student's t of its clusters says how much wider that is. */
export function atLevel(estimate: Estimate, level: number): Estimate {
  const at = marginalOf(estimate, true) ?? marginalOf(estimate, false);
  const degrees = estimate.clusters - 1;
  if (at === undefined || !(degrees >= 1)) return estimate;
  const t = (of: number) => studentTQuantile(0.5 + of / 2, degrees);
  const far = (normalQuantile(0.5 + estimate.level / 2) * t(level)) / t(estimate.level);
  return { ...estimate, low: at(-far), high: at(far), level };
}
