import { checkLevel } from "./checks";
import { normalCdf, normalDensity } from "./normal";
import { findRoot } from "./root";

export interface AnytimeOptions {
  /** Confidence of a one-sided bound over all looks together. Default 0.95. */
  level?: number;
  /** How many times the data of the first look the last one has at most. Default 1,000. */
  growth?: number;
}

/**
 * The level at which to make a one-sided bound at each look at growing data, so that it holds at all looks together.
 *
 * With every look made there, a bound ever misses the truth in at most 1 - `level` of all logs, however often
 * someone looks and whenever they stop, until the data are `growth` times what they were at the first look.
 *
 * @remarks Repeated confidence intervals, Jennison & Turnbull (1990), doi:10.1214/ss/1177012099. Over
 * time, the deviation of an estimate in standard errors moves like W(t) / sqrt(t) of a Brownian motion W, t being the
 * information; the chance that it ever exceeds b between t = 1 and `growth` is Siegmund's (1985, Sequential Analysis,
 * chapter 4), half his two-sided one: density(b) ((b - 1/b) ln(growth) / 2 + 2 / b). It depends on nothing but how much the
 * data grow: unlike a mixture's bound it is not tuned to a size of the data, and at 1,000 times it is as wide as the
 * best tuned one within a tenth.
 * @throws RangeError for a level outside (0, 1) or a growth below 1
 * @example
 * anytimeLevel({ level: 0.95 }).toFixed(4) // "0.9984"
 */
export function anytimeLevel({ level = 0.95, growth = 1_000 }: AnytimeOptions = {}): number {
  checkLevel("anytimeLevel", level);
  if (!(growth >= 1)) throw new RangeError(`anytimeLevel requires growth >= 1, got ${growth}`);
  const missed = (b: number) => normalDensity(b) * (((b - 1 / b) * Math.log(growth)) / 2 + 2 / b);
  // The approximation is for rare misses: below two standard errors it is not used.
  const [least, most] = [2, 30];
  return normalCdf(
    missed(least) <= 1 - level ? least : findRoot((b) => missed(b) - (1 - level), least, most),
  );
}
