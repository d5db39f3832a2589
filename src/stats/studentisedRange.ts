import { checkCount, checkProbability } from "./checks";
import { normalCdf, normalDensity } from "./normal";
import { findRoot } from "./root";

/** The step and the end of the sums over a normal variable: beyond 8 its density is below 1e-14. */
const STEP = 0.2;
const END = 8;
const places = Array.from({ length: Math.round((2 * END) / STEP) + 1 }, (_, at) => at * STEP - END);
const weights = places.map((z) => STEP * normalDensity(z));
const below = places.map(normalCdf);

/** The chance that the range of `groups` standard normal values is below `range`. */
const rangeCdf = (range: number, groups: number): number =>
  groups *
  places.reduce((sum, z, at) => sum + weights[at]! * (below[at]! - normalCdf(z - range)) ** (groups - 1), 0);

/** Values of a standard deviation estimated with `degrees` of freedom, over the true one, and their chances. */
export function deviations(degrees: number): [deviation: number, chance: number][] {
  // On the log scale the density is smooth and falls off at both ends, so that equal steps sum it to rounding error.
  const density = (x: number) => Math.exp(degrees * (x - (Math.exp(2 * x) - 1) / 2));
  const step = 0.3 / Math.sqrt(2 * degrees);
  const found: [number, number][] = [];
  for (const side of [-1, 1])
    for (let at = side < 0 ? 0 : 1; ; at++) {
      const [x, chance] = [side * at * step, density(side * at * step)];
      if (chance < 1e-12) break;
      found.push([Math.exp(x), chance]);
    }
  const all = found.reduce((sum, [, chance]) => sum + chance, 0);
  return found.map(([deviation, chance]) => [deviation, chance / all]);
}

const known = new Map<string, number>();

/**
 * The quantile of the studentised range: how many standard errors of one mean lie between the largest and the smallest
 * of several equal means, in a share `p` of samples.
 *
 * Over the root of 2 it is how far, in standard errors of their difference, the two that lie furthest apart may be by
 * chance: an interval that pays for having picked them.
 *
 * @remarks Tukey 1953; Kramer 1956, https://doi.org/10.2307/3001469.
 * @param groups the means, at least 2
 * @param degrees of freedom of their standard error, at least 1
 * @throws RangeError for fewer groups or degrees, and for p outside [0, 1]
 * @example
 * (studentisedRangeQuantile(0.95, 6, 59) / Math.SQRT2).toFixed(3) // "2.945"
 */
export function studentisedRangeQuantile(p: number, groups: number, degrees: number): number {
  checkProbability("studentisedRangeQuantile", "p", p);
  checkCount("studentisedRangeQuantile", "groups", groups, 2);
  if (!(degrees >= 1))
    throw new RangeError(`studentisedRangeQuantile requires degrees of freedom >= 1, got ${degrees}`);
  const key = `${p} ${groups} ${degrees}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  const spread = deviations(degrees);
  const chance = (log: number) =>
    spread.reduce((sum, [deviation, share]) => sum + share * rangeCdf(Math.exp(log) * deviation, groups), 0);
  const quantile = Math.exp(findRoot((log) => chance(log) - p, Math.log(1e-3), Math.log(1e6), 1e-9));
  known.set(key, quantile);
  return quantile;
}
